"""Who looked at a child, as the log tells it. Source: R-170, ORGANIZATION 3.5."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass

from django.utils import timezone

from shared.access.roles import Role
from shared.audit.actions import ROW_ACTIONS, action_label
from tenants.history.models import HistoryEvent
from tenants.people.layouts import CALLED

SHOWN_DAYS = 365
_WHOLE = {"special": "Особые сведения", "card": "Карточка целиком", "report": "Отчёт субъекту"}


@dataclass(frozen=True, slots=True)
class Look:
    """One look: when, in which role (or which authority), at what and what for."""

    at: datetime.datetime
    who: str
    role: str
    what: str
    reason: str

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.at)


def looks_at(student_id: uuid.UUID, *, since: datetime.date | None = None) -> list[Look]:
    """Every recorded look at a learner, the latest first; changes of rows are history, not looks."""
    first = since or timezone.localdate() - datetime.timedelta(days=SHOWN_DAYS)
    found = HistoryEvent.objects.about([str(student_id)]).since(first).exclude(action__in=ROW_ACTIONS)
    return [_look(event) for event in found.order_by("-id")]


def lists_opened_above(*, since: datetime.date | None = None) -> int:
    """How often the levels above opened lists of this organization, in which the learner may have stood."""
    first = since or timezone.localdate() - datetime.timedelta(days=SHOWN_DAYS)
    return HistoryEvent.objects.since(first).filter(action="list_viewed", facts__has_key="authority").count()


def by_role(looks: list[Look]) -> list[tuple[str, int, datetime.date]]:
    """Role, number of looks and the last day: what a family is shown of the staff."""
    counted = Counter(look.role for look in looks)
    last: dict[str, datetime.date] = {}
    for look in looks:
        last[look.role] = max(last.get(look.role, look.day), look.day)
    return [(role, number, last[role]) for role, number in counted.most_common()]


def _look(event: HistoryEvent) -> Look:
    facts = event.facts or {}
    field = str(facts.get("field", ""))
    what = _WHOLE.get(field) or CALLED.get(field, field)
    return Look(
        at=event.at,
        who=event.actor_name or str(facts.get("authority", "")) or "сотрудник",
        role=str(facts.get("authority", "")) or _roles(str(facts.get("role", ""))),
        what=": ".join(filter(None, [action_label(event.action), what.lower()])),
        reason=event.reason,
    )


def _roles(codes: str) -> str:
    known = [str(Role(code).label) for code in codes.split(",") if code in Role.values]
    return ", ".join(known) or "Сотрудник организации"
