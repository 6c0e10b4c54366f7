"""What an employee is in charge of, and what his dismissal does to it. Source: ORGANIZATION 2.1, 2.2, R-040, R-196.

Rooms that keep such duties tell of them here (``keep_charges`` from their ``AppConfig.ready``): this room knows none.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tenants.staff.models import StaffMember

_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Charge:
    """A duty of an employee in words.

    ``wants_successor``: nobody may leave it before somebody else has it, ``advice`` says where that is done. With an
    advice alone the dismissal leaves the duty: it stands in a document that only another one replaces.
    """

    text: str
    advice: str = ""
    wants_successor: bool = False

    @property
    def is_ended(self) -> bool:
        """Whether the dismissal ends it by itself."""
        return not self.advice


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeKeeper:
    """A room where employees are in charge of something.

    ``held(member, day)``: his duties on that day and later. ``end(member, day, by=)``: they hold no longer from that
    day, the rows stay. ``resume``: the dismissal of that day is canceled; says in words what he is in charge of again.
    """

    held: Callable[[StaffMember, datetime.date], Sequence[Charge]]
    end: Callable[..., None]
    resume: Callable[..., Sequence[str]]


_keepers: dict[str, ChargeKeeper] = {}


def keep_charges(room: str, keeper: ChargeKeeper) -> None:
    """Let a room tell of the duties that it keeps."""
    _keepers[room] = keeper


def first_day_off(dismissed_on: datetime.date) -> datetime.date:
    """The day from which he is in charge of nothing: the last working day is worked."""
    return dismissed_on + _DAY


def charges_of(member: StaffMember, dismissed_on: datetime.date) -> list[Charge]:
    """What he would leave if this were his last working day; what wants a successor first."""
    day = first_day_off(dismissed_on)
    found = [charge for keeper in _keepers.values() for charge in keeper.held(member, day)]
    return sorted(found, key=lambda charge: (not charge.wants_successor, charge.is_ended))


def end_charges(member: StaffMember, dismissed_on: datetime.date, *, by: str) -> None:
    for keeper in _keepers.values():
        keeper.end(member, first_day_off(dismissed_on), by=by)


def resume_charges(member: StaffMember, dismissed_on: datetime.date, *, by: str) -> list[str]:
    """What a dismissal has ended holds again: it is canceled."""
    day = first_day_off(dismissed_on)
    return [text for keeper in _keepers.values() for text in keeper.resume(member, day, by=by)]
