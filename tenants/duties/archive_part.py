"""What the room of duties keeps for the sealed archive: orders on who answers for which data, and who has read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.archive.parts import CHUNK, Part, Row, Span, printed_lists
from shared.documents.columns import Column
from tenants.duties.models import Acknowledgement, DutyOrder, DutyRow

APP: Final = "duties"


def _name(order: DutyOrder) -> str:
    day = f" от {order.issued_on:%d.%m.%Y}" if order.issued_on else ""
    return f"№ {order.number}{day}, {order.academic_year}/{order.academic_year + 1}"


def _rows(span: Span) -> Iterator[Row]:
    found = DutyRow.objects.filter(order__academic_year__in=list(span.years)).exclude(order__status="draft")
    for one in (
        found.select_related("order").order_by("order__signed_on", "order_id", "position").iterator(chunk_size=CHUNK)
    ):
        who = one.person_name or one.role
        due = [one.deadline, one.due_on, one.get_periodicity_display()]
        state = [one.order.get_status_display(), one.order.signed_by, one.order.signed_on]
        yield [_name(one.order), one.position, one.get_data_set_display(), one.details, who, *due, *state]


def _acknowledged(span: Span) -> Iterator[Row]:
    found = Acknowledgement.objects.filter(order__academic_year__in=list(span.years)).select_related("order")
    for one in found.order_by("order__signed_on", "order_id", "at", "id").iterator(chunk_size=CHUNK):
        yield [_name(one.order), one.name, one.at]


PARTS: Final = (
    Part(
        app=APP,
        code="duties",
        title="Приказы об обязанностях и сроках",
        needs=("duties.read",),
        columns=(
            *(Column("Приказ", 40), Column("№ п/п", 6, "int"), Column("Данные", 30), Column("Что именно", 40)),
            *(Column("Кто отвечает", 36), Column("Срок", 30), Column("Не позднее", 12, "date")),
            *(Column("Периодичность", 18), Column("Состояние", 14), Column("Подписал", 30)),
            Column("Введён в действие", 12, "date"),
        ),
        rows=_rows,
        paper=printed_lists("Приказ", "Данные", "Кто отвечает", "Срок"),
        is_people=False,
    ),
    Part(
        app=APP,
        code="duty_acknowledgements",
        title="Ознакомление с приказами об обязанностях",
        needs=("duties.read",),
        columns=(Column("Приказ", 40), Column("Кто", 36), Column("Когда (UTC)", 28)),
        rows=_acknowledged,
        is_people=False,
    ),
)
