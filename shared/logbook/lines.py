"""A record of a log as a person reads it: who, when, what, from what to what, why."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.access.roles import Role
from shared.audit.actions import CHANGED, DELETED, SIGN_IN_FAILED, action_label
from shared.audit.models import Event
from shared.logbook.words import FACTS, HIDDEN, field_label, kind_label, value_text

TONES: Final = {DELETED: "bad", SIGN_IN_FAILED: "bad", "revealed": "warn", "exported": "warn", "printed": "warn"}
# Keys and marks of the program in a deleted row; the rest is what the person had entered.
_UNTOLD: Final = frozenset({"id", "sort_name", "updated_at", "created_at"})
_WHOLE_CARD: Final = "card"
ROLES: Final = dict(Role.choices)


@dataclass(frozen=True, slots=True)
class Reader:
    """What the one who reads a log may see of its values.

    ``hides`` says of a table's column whether its values stay behind the mask; ``titles`` names objects by their id,
    ``addresses`` gives the page of an object of a kind, ``fields`` names what was revealed of a card.
    """

    hides: Callable[[str, str], bool] = lambda table, column: False
    titles: Mapping[str, str] = field(default_factory=dict)
    addresses: Callable[[str, str], str] = lambda kind, key: ""
    organizations: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: ``new`` is None where a whole row went away."""

    label: str
    old: str
    new: str | None
    is_hidden: bool = False

    @property
    def text(self) -> str:
        if self.is_hidden:
            return f"«{self.label}»: {HIDDEN}"
        return f"«{self.label}»: {self.old}" if self.new is None else f"«{self.label}»: {self.old} → {self.new}"


@dataclass(frozen=True, slots=True)
class Line:
    """A record ready to be shown, printed or exported."""

    event: Event
    who: str
    action: str
    tone: str
    what: str
    title: str
    address: str
    changes: list[FieldChange]
    facts: list[str]

    @property
    def has_person(self) -> bool:
        return bool(self.event.actor) and not self.event.actor.startswith("database:")

    @property
    def shows_values(self) -> bool:
        return any(not change.is_hidden for change in self.changes)

    @property
    def text(self) -> str:
        """Everything about the change in one cell of a file."""
        told = [change.text for change in self.changes]
        return "; ".join([*told, *self.facts])


def lines_of(events: Collection[Event], names: Mapping[str, str], reader: Reader) -> list[Line]:
    """Lines of one page; ``names`` are those of actors whose record carries none."""
    return [_line(event, names, reader) for event in events]


def unnamed(events: Iterable[Event]) -> set[str]:
    """Actors that have no name in the records of the page itself."""
    events = list(events)
    named = {event.actor for event in events if event.actor_name}
    return {event.actor for event in events if _is_account(event.actor)} - named


def _line(event: Event, names: Mapping[str, str], reader: Reader) -> Line:
    facts = [_fact(name, value, reader) for name, value in event.facts.items() if name != "page" and value != ""]
    if event.rows > 1:
        facts.append(f"строк: {event.rows}")
    return Line(
        event=event,
        who=_who(event, names),
        action=action_label(event.action),
        tone=TONES.get(event.action, ""),
        what=kind_label(event.object_kind) if event.object_kind else "",
        title=reader.titles.get(event.object_id, ""),
        address=reader.addresses(event.object_kind, event.object_id),
        changes=_changes(event, reader),
        facts=facts,
    )


def _who(event: Event, names: Mapping[str, str]) -> str:
    if event.actor_name:
        return event.actor_name
    if event.actor in names:
        return names[event.actor]
    if not event.actor:
        return "Не вошёл"
    if _is_account(event.actor):
        return f"Учётная запись …{event.actor[-6:]}"
    kind, _, name = event.actor.partition(":")
    kinds = {"database": "База данных, вход", "console": "Командная строка,"}
    return f"{kinds[kind]} {name}" if kind in kinds else event.actor


def _is_account(actor: str) -> bool:
    try:
        uuid.UUID(actor)
    except ValueError:
        return False
    return True


def _changes(event: Event, reader: Reader) -> list[FieldChange]:
    table = event.object_kind
    found: dict[str, Any] = event.changes or {}  # Any: what JSON holds
    if event.action == CHANGED:
        return [_change(reader, table, column, old, new) for column, (old, new) in sorted(found.items())]
    told = {column: value for column, value in found.items() if column not in _UNTOLD and value not in ("", None)}
    return [_change(reader, table, column, value) for column, value in sorted(told.items())]


def _change(reader: Reader, table: str, column: str, old: Any, new: Any = ...) -> FieldChange:
    label = field_label(table, column)
    if reader.hides(table, column):
        return FieldChange(label, HIDDEN, HIDDEN, is_hidden=True)
    after = None if new is ... else value_text(table, column, new)
    return FieldChange(label, value_text(table, column, old), after)


def _fact(name: str, value: Any, reader: Reader) -> str:
    if name == "organization":
        value = reader.organizations.get(str(value), value)
    if name == "field":
        value = "вся карточка" if value == _WHOLE_CARD else f"«{reader.fields.get(str(value), value)}»"
    if name in ("role", "roles"):
        value = ", ".join(ROLES.get(role, role) for role in str(value).split(","))
    return f"{FACTS.get(name, name)}: {value}"
