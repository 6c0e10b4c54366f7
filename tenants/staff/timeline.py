"""What happened to an employee here: hired, moved, dismissed; the newest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from tenants.staff.models import FormerValue, StaffMember

Kind = FormerValue.Kind


@dataclass(frozen=True, slots=True)
class Event:
    """A line; ``color`` is a token of the design."""

    day: datetime.date
    text: str
    color: str
    order: str = ""


def timeline(member: StaffMember, former: Iterable[FormerValue]) -> list[Event]:
    """Of the card and of what stood on it before."""
    events = [Event(member.hire_date, "Принят на работу", "ok", _order(member.hire_order_no, member.hire_order_date))]
    if member.dismissed_on is not None and member.dismissal_order_date is not None:
        order = _order(member.dismissal_order_no, member.dismissal_order_date)
        events.append(Event(member.dismissed_on, "Уволен", "line-2", order))
    for row in former:
        events += _former(row)
    return sorted(events, key=lambda event: event.day, reverse=True)


def _former(row: FormerValue) -> list[Event]:
    match row.kind:
        case Kind.EMPLOYMENT:
            hired = [Event(row.held_from, f"Принят: {row.text}", "ok")] if row.held_from else []
            return [*hired, Event(row.held_to, "Уволен", "line-2", row.basis)]
        case Kind.POSITION:
            return [Event(row.held_to, f"Сменилась должность, прежняя — {row.text.lower()}", "accent", row.basis)]
        case Kind.NAME:
            return [Event(row.held_to, f"Прежнее имя: {row.text}", "accent", row.basis)]
    return []


def _order(number: str, day: datetime.date) -> str:
    return f"приказ № {number} от {day:%d.%m.%Y}"
