"""What the log of the organization keeps for the sealed archive: its records with the seals of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from django.db.models import F, Max

from shared.archive.parts import Part, Row, Span
from shared.audit.actions import action_label
from shared.audit.queries import EventQuerySet
from shared.documents.columns import Column
from tenants.history.models import HistoryEvent

RECORDS_AT_ONCE: Final = 2000


def _events(span: Span) -> EventQuerySet:
    found: EventQuerySet = HistoryEvent.objects.since(span.first).until(span.last)
    return found


def _rows(span: Span) -> Iterator[Row]:
    """What was done by whom, in the order of the chain; of a change the names of the fields, never their values."""
    ordered = _events(span).order_by(F("seal_no").asc(nulls_last=True), "id")
    for one in ordered.iterator(chunk_size=RECORDS_AT_ONCE):
        seal = bytes(one.seal).hex() if one.seal else ""
        fields = ", ".join(sorted(one.changes)) if one.changes else ""
        facts = json.dumps(one.facts, ensure_ascii=False, sort_keys=True) if one.facts else ""
        done = [action_label(one.action), one.object_kind, one.object_id, fields, one.rows, one.reason, facts]
        yield [one.pk, one.at, one.actor, one.actor_name, *done, one.seal_no, seal]


def _head(span: Span) -> list[str]:
    """Where the chain stood: the operator's check names the same number and seal."""
    last = _events(span).aggregate(last=Max("seal_no"))["last"]
    if last is None:
        return ["Записей, запечатанных в цепочку, за период нет. Значения полей в выписку не входят."]
    seal = bytes(HistoryEvent.objects.get(seal_no=last).seal or b"").hex()
    return [f"Последняя запечатанная запись № {last}, её печать {seal}. Значения полей в выписку не входят."]


PARTS: Final = (
    Part(
        app="history",
        code="log",
        title="Журнал действий: выписка с печатями цепочки",
        needs=("audit.read",),
        columns=(
            *(Column("№ записи", 10, "int"), Column("Когда (UTC)", 28), Column("Код учётной записи", 36)),
            *(Column("Кто", 36), Column("Действие", 24), Column("Что", 24), Column("Код", 36)),
            *(Column("Поля", 40), Column("Записей", 8, "int"), Column("Причина", 40), Column("Сведения", 40)),
            *(Column("№ в цепочке", 10, "int"), Column("Печать", 64)),
        ),
        rows=_rows,
        remarks=_head,
    ),
)
