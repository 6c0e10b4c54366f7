"""What the room of classes keeps for the sealed archive: the classes of the years, their make-up is the orders'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.archive.parts import CHUNK, KEY, Part, Row, Span, printed_table
from shared.documents.columns import Column
from tenants.groups.models import Group


def _groups(span: Span) -> Iterator[Row]:
    found = Group.objects.filter(is_annulled=False, academic_year__in=list(span.years))
    for one in found.order_by("academic_year", "kind", "grade", "name", "id").iterator(chunk_size=CHUNK):
        year = f"{one.academic_year}/{one.academic_year + 1}"
        facts = [year, one.get_kind_display(), one.name, one.grade, one.letter, one.program]
        more = [one.direction, one.class_type, one.age_band, one.stay_regime, one.financing, one.class_set]
        yield [str(one.pk), *facts, *more, one.places]


PARTS: Final = (
    Part(
        app="groups",
        code="groups",
        title="Классы и группы",
        needs=("groups.read",),
        columns=(
            *(KEY, Column("Учебный год", 12), Column("Вид", 24), Column("Название", 24)),
            *(Column("Параллель", 10, "int"), Column("Литера", 10), Column("Программа", 40)),
            *(Column("Направленность", 18), Column("Вид класса (группы)", 18), Column("Возрастная категория", 16)),
            *(Column("Режим пребывания", 16), Column("Источник финансирования", 16), Column("Класс-комплект", 16)),
            Column("Мест", 8, "int"),
        ),
        rows=_groups,
        paper=printed_table("Учебный год", "Вид", "Название", "Программа", "Мест"),
        is_people=False,
    ),
)
