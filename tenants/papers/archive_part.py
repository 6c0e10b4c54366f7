"""What the room of papers keeps for the sealed archive: the register of certificates and the log of printouts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.archive.parts import CHUNK, KEY, Part, Row, Span, printed_table
from shared.documents.columns import Column
from tenants.papers.models import Certificate, Printing

APP: Final = "papers"


def _certificates(span: Span) -> Iterator[Row]:
    found = Certificate.objects.filter(issued_on__range=(span.first, span.last)).select_related("student")
    for one in found.order_by("year", "number").iterator(chunk_size=CHUNK):
        signer = f"{one.signer_post} {one.signer_name}"
        paper = [one.get_kind_display(), one.destination, one.purpose, signer, one.issued_by, one.shown_code]
        state = [one.get_status_display(), one.annulled_on, one.annulled_reason]
        yield [str(one.student_id), one.number, one.issued_on, one.shown_holder, *paper, *state, one.print_count]


def _printings(span: Span) -> Iterator[Row]:
    found = Printing.objects.filter(printed_at__date__range=(span.first, span.last)).order_by("year", "number")
    for one in found.iterator(chunk_size=CHUNK):
        told = [one.copy, one.printed_at, one.get_kind_display(), one.title, one.rows, one.made_by]
        act = [one.act_number, one.act_on, one.handed_to]
        yield [*told, one.certified_by, one.get_state_display(), one.place, *act]


PARTS: Final = (
    Part(
        app=APP,
        code="certificates",
        title="Журнал выдачи справок",
        needs=("papers.read", "students.list"),
        columns=(
            *(KEY, Column("№", 8, "int"), Column("Дата", 12, "date"), Column("Кому", 36), Column("Вид", 28)),
            *(Column("Куда", 30), Column("Цель", 30), Column("Подписал", 36), Column("Выдал", 30)),
            *(Column("Код проверки", 16), Column("Состояние", 16), Column("Аннулирована", 12, "date")),
            *(Column("Причина", 30), Column("Напечатана раз", 8, "int")),
        ),
        rows=_certificates,
        paper=printed_table("№", "Дата", "Кому", "Вид", "Куда", "Подписал", "Состояние"),
    ),
    Part(
        app=APP,
        code="printings",
        title="Журнал печати",
        needs=("papers.read",),
        columns=(
            *(Column("Экземпляр", 12), Column("Когда (UTC)", 28), Column("Вид", 28), Column("Что напечатано", 44)),
            *(Column("Записей", 8, "int"), Column("Кто напечатал", 30), Column("Кто заверяет", 36)),
            *(Column("Где экземпляр", 16), Column("Место хранения", 30), Column("№ акта", 12)),
            *(Column("Дата акта", 12, "date"), Column("Кому передан", 30)),
        ),
        rows=_printings,
        is_people=False,
    ),
)
