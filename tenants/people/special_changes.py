"""What an author has changed of the special facts since his form was opened; what others changed meanwhile stays.

The nurse and the social teacher write one record: each brings back, signed, what the form was opened with, so that
only the author's own changes are written, and nobody's saved fact is overwritten unseen.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from django.core import signing

from shared.cards.values import plain
from tenants.people.errors import SpecialFormStale, SpecialMoved
from tenants.people.models import DeviantRecord, Student, StudentSpecial
from tenants.people.special_facts import DeviantFacts, Marks, RestrictionFacts, SpecialFacts

DEVIANT: Final = "deviant"
_SALT: Final = "people:special"


@dataclass(frozen=True, slots=True)
class Held:
    """Special facts as JSON keeps them. ``values``: by column, and by key of a link what is said of its rights."""

    values: Mapping[str, Any]
    deviant: Sequence[Sequence[str | None]]

    @classmethod
    def of(cls, student: Student) -> Held:
        """What stands now."""
        special = StudentSpecial.objects.filter(student=student).first() or StudentSpecial()
        values = {one.name: _plain(getattr(special, one.name)) for one in fields(SpecialFacts)}
        values |= {one.name: getattr(student, one.name) for one in fields(Marks)}
        for link in student.guardian_links.all():
            values[str(link.pk)] = {one.name: _plain(getattr(link, one.name)) for one in fields(RestrictionFacts)}
        return cls(values, list(map(registration, student.deviant_records.all())))

    @classmethod
    def told(
        cls,
        facts: SpecialFacts,
        marks: Marks,
        deviant: Sequence[DeviantFacts],
        restrictions: Mapping[uuid.UUID, RestrictionFacts],
    ) -> Held:
        """What an author says; a mark that he does not say stays as it is."""
        values = {name: _plain(value) for name, value in asdict(facts).items()}
        values |= {name: value for name, value in asdict(marks).items() if value is not None}
        for key, one in restrictions.items():
            values[str(key)] = {name: _plain(value) for name, value in asdict(one).items()}
        return cls(values, list(map(registration, deviant)))

    def signed(self, student: Student) -> str:
        """For a hidden field of the form: nobody can bring back what he was not given."""
        return signing.dumps(asdict(self), salt=f"{_SALT}:{student.pk}", compress=True)

    @classmethod
    def read(cls, token: str, student: Student) -> Held:
        """Raises: SpecialFormStale."""
        try:
            return cls(**signing.loads(token, salt=f"{_SALT}:{student.pk}"))
        except signing.BadSignature as fault:
            raise SpecialFormStale from fault

    def with_moved(self, moved: Collection[str], now: Held) -> Held:
        """The base of a form whose author has been shown what these facts say by now."""
        shown = {key: now.values.get(key) for key in moved if key != DEVIANT}
        return Held({**self.values, **shown}, now.deviant if DEVIANT in moved else self.deviant)


@dataclass(frozen=True, slots=True)
class Changes:
    """Columns, marks and links to write; registrations to add and to take away."""

    touched: frozenset[str]
    added: Sequence[Sequence[str | None]]
    removed: Sequence[Sequence[str | None]]


def changes_of(mine: Held, *, base: Held, now: Held) -> Changes:
    """The author's own changes. Raises: SpecialMoved, when somebody else has changed one of these facts since."""
    touched = {key for key, value in mine.values.items() if value != base.values.get(key)}
    moved = {key for key in touched if now.values.get(key) not in (base.values.get(key), mine.values[key])}
    added = [one for one in mine.deviant if one not in base.deviant]
    removed = [one for one in base.deviant if one not in mine.deviant]
    lost = any(one not in now.deviant for one in removed)
    if lost and (added or any(one not in base.deviant for one in now.deviant)):
        moved.add(DEVIANT)
    if moved:
        raise SpecialMoved(moved=frozenset(moved))
    return Changes(frozenset(touched), [one for one in added if one not in now.deviant], removed)


def registration(one: DeviantFacts | DeviantRecord) -> list[str | None]:
    """A registration as JSON keeps it."""
    return [_plain(getattr(one, column.name)) for column in fields(DeviantFacts)]


def _plain(value: Any) -> Any:
    """One writing for what is the same: a browser sends other line ends, a list of codes has no order."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return sorted(value) if isinstance(value, list | tuple) else plain(value)
