"""The tables of this room as files."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils import timezone

from shared.documents.columns import Column, Value
from shared.organizations.models import Organization
from shared.quality.listing import Figures, QualityLine
from shared.quality.models import KINDS, QualitySummary, Remark

COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Организация", 40),
    Column("Муниципалитет", 20),
    Column("Отвечает: руководитель", 28),
    Column("Заполнено всего", 11, "share"),
    *(Column(name, 11, "share") for name in KINDS.values()),
    Column("Объяснено пропусков", 12, "int"),
    Column("Устарело карточек", 11, "int"),
    Column("Противоречий", 12, "int"),
    Column("Сомнительного", 13, "int"),
    Column("Карточка подтверждена", 14, "date"),
    Column("Замечаний без ответа в срок", 13, "int"),
    Column("Отстаёт", 34),
    Column("Данные на", 16),
)
REMARK_COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Организация", 34),
    Column("О чём", 18),
    Column("Замечание", 44),
    Column("Отправлено", 12, "date"),
    Column("Кто отправил", 24),
    Column("Ответить до", 12, "date"),
    Column("Состояние", 14),
    Column("Ответ", 44),
    Column("Кто ответил", 24),
    Column("Решение", 34),
)


def rows_of(lines: Iterable[QualityLine]) -> Iterator[list[Value]]:
    for number, line in enumerate(lines, start=1):
        one, total, held = line.organization, line.total, line.summaries
        shares: list[Value] = [_share(held.get(kind)) for kind in KINDS]
        yield [
            number,
            one.full_name,
            line.place,
            one.head_name,
            _share(total),
            *shares,
            total.explained if held else None,
            total.stale if held else None,
            total.broken if held else None,
            total.doubtful if held else None,
            one.card_confirmed_on,
            line.overdue_remarks,
            ", ".join(line.behind_words),
            f"{timezone.localtime(line.counted_at):%d.%m.%Y %H:%M:%S}" if line.counted_at else "",
        ]


def remark_rows(remarks: Iterable[Remark], organizations: Mapping[object, Organization]) -> Iterator[list[Value]]:
    for number, one in enumerate(remarks, start=1):
        decided = f"{one.get_state_display()} {one.decided_by} {one.verdict}".strip() if one.decided_at else ""
        yield [
            number,
            organizations[one.organization_id].full_name,
            one.subject,
            one.text,
            _day(one.sent_at),
            one.sent_by,
            one.due_on,
            one.get_state_display(),
            one.answer,
            one.answered_by,
            decided,
        ]


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)


def _share(figures: Figures | QualitySummary | None) -> float | None:
    return figures.filled / figures.due if figures is not None and figures.due else None
