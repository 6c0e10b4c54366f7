"""The register of incidents: lines for the screen, the file and the paper."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from shared.documents.columns import Column, Value
from tenants.security.models import Incident

COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Обнаружен", 16),
    Column("Что произошло", 40),
    Column("Категории данных", 24),
    Column("Человек", 10, "int"),
    Column("Меры", 34),
    Column("Уведомление (24 ч)", 24),
    Column("Результаты (72 ч)", 24),
    Column("Закрыт", 12, "date"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to the supervisory body: sent, awaited, late, or not wanted."""

    due_at: datetime.datetime
    sent_at: datetime.datetime | None
    is_wanted: bool
    now: datetime.datetime

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of the status mark."""
        if self.sent_at is not None:
            words = f"Отправлено {_moment(self.sent_at)}"
            return ("warn", f"{words}, позже срока") if self.sent_at > self.due_at else ("ok", words)
        if not self.is_wanted:
            return "idle", "Не требуется"
        if self.due_at < self.now:
            return "bad", f"Срок прошёл {_moment(self.due_at)}"
        hours = int((self.due_at - self.now).total_seconds() // 3600)
        return "warn", f"Отправить до {_moment(self.due_at)}, осталось {hours} ч"


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident with its two notices as they stand now."""

    incident: Incident
    now: datetime.datetime

    @property
    def notice(self) -> Notice:
        one = self.incident
        return Notice(one.notice_due_at, one.notified_at, one.is_notifiable, self.now)

    @property
    def findings(self) -> Notice:
        one = self.incident
        return Notice(one.findings_due_at, one.findings_sent_at, one.is_notifiable, self.now)


def lines_of(incidents: Iterable[Incident]) -> list[IncidentLine]:
    now = timezone.now()
    return [IncidentLine(one, now) for one in incidents]


def rows_of(lines: Iterable[IncidentLine]) -> Iterator[list[Value]]:
    for number, line in enumerate(lines, start=1):
        one = line.incident
        yield [
            number,
            _moment(one.found_at),
            one.description,
            one.data_categories,
            one.people_count,
            one.measures,
            line.notice.state[1],
            line.findings.state[1],
            one.closed_on,
        ]


def _moment(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"
