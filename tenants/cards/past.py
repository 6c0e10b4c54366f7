"""A card as it stood on a day: the present row with every later change of it taken back.

The row history keeps what each change replaced, so nothing else has to be stored. Source: KK Прил.1 1.2 (history of
every change), ORGANIZATION 3.9, issue «card as of a date».
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

from django.db.models import GeneratedField, Model, Q
from django.utils import timezone

from shared.audit.actions import CHANGED, CREATED, DELETED
from shared.cards.kinds import CardKind
from shared.cards.models import CardModel
from tenants.history.models import HistoryEvent

Columns = dict[str, Any]  # Any: values of a row, as Python or as JSON holds them
_HIDDEN: Final = "•••"


@dataclass(frozen=True, slots=True)
class Part:
    """A table that belongs to a card: itself («» for both names), a one-to-one of it, or rows of a section."""

    model: type[Model]
    owner: str  # the column that names the card
    name: str  # how the card calls it
    is_repeated: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def parts_of(kind: CardKind) -> list[Part]:
    """The tables of a card, its own first."""
    found = [Part(kind.model, "", "")]
    steps = {one.path.rpartition("__")[0] for one in kind.layout.fields.values()} - {""}
    for name in sorted(steps):
        relation = kind.model._meta.get_field(name)
        found.append(Part(relation.related_model, relation.field.column, name))  # type: ignore[union-attr, arg-type]
    for section in kind.layout.repeated:
        relation = kind.model._meta.get_field(section.rows)
        found.append(Part(relation.related_model, relation.field.column, section.rows, True))  # type: ignore[union-attr, arg-type]
    return found


@dataclass
class _Rewinding:
    """Rows of one card going back in time."""

    card: CardModel
    parts: Mapping[str, Part]
    states: dict[tuple[str, str], Columns | None] = field(default_factory=dict)

    def start(self, since: datetime.datetime) -> list[HistoryEvent]:
        """Read the present rows and the events to take back, the latest first."""
        for part in self.parts.values():
            about = {"pk": self.card.pk} if not part.owner else {_attribute(part): self.card.pk}
            self._take(part, part.model._default_manager.filter(**about))
        keys = [key for _, key in self.states]
        about_it = Q(object_kind__in=self.parts, object_id__in=keys)
        lost = [self._lost(part) for part in self.parts.values() if part.owner]
        later = HistoryEvent.objects.filter(at__gte=since, action__in=(CREATED, CHANGED, DELETED))
        events = list(later.filter(reduce(operator.or_, lost, about_it)).order_by("-id"))
        self._read_moved(events)
        return events

    def _lost(self, part: Part) -> Q:
        """Rows that were the card's and are not: deleted, or given to another card."""
        here = str(self.card.pk)
        gone = Q(action=DELETED, **{f"changes__{part.owner}": here})
        moved = Q(action=CHANGED, **{f"changes__{part.owner}__0": here})
        return Q(object_kind=part.table) & (gone | moved)

    def _read_moved(self, events: Iterable[HistoryEvent]) -> None:
        unknown: dict[str, set[str]] = {}
        for event in events:
            if (event.object_kind, event.object_id) not in self.states:
                unknown.setdefault(event.object_kind, set()).add(event.object_id)
        for table, keys in unknown.items():
            part = self.parts[table]
            self._take(part, part.model._default_manager.filter(pk__in=keys))

    def _take(self, part: Part, rows: Iterable[Model]) -> None:
        for row in rows:
            columns = {str(one.column): getattr(row, one.attname) for one in row._meta.concrete_fields}
            self.states[part.table, str(row.pk)] = columns

    def take_back(self, event: HistoryEvent) -> None:
        key = event.object_kind, event.object_id
        if event.action == CREATED:
            self.states[key] = None
        elif event.action == DELETED:
            self.states[key] = dict(event.changes or {})
        elif (state := self.states.get(key)) is not None:
            state.update({column: old for column, (old, _) in (event.changes or {}).items()})

    def rows(self, part: Part) -> list[Model]:
        """The rows of a part that belonged to the card."""
        here = str(self.card.pk)
        states = [state for (table, _), state in self.states.items() if table == part.table and state is not None]
        owner = part.owner or "id"
        return [_instance(part.model, state) for state in states if str(state.get(owner)) == here]


def card_on(kind: CardKind, card: CardModel, day: datetime.date) -> CardModel | None:
    """The card as it stood at the end of ``day``, with its rows; None when there was none yet.

    What orders say of it (class, days of enrollment) is not part of the card's own rows and stays empty.
    """
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    parts = {part.table: part for part in parts_of(kind)}
    rewinding = _Rewinding(card, parts)
    for event in rewinding.start(timezone.make_aware(midnight)):
        rewinding.take_back(event)
    own, *others = parts.values()
    found = rewinding.rows(own)
    if not found:
        return None
    past: Any = found[0]  # Any: its caches of relations are filled here
    for part in others:
        rows = rewinding.rows(part)
        if part.is_repeated:
            manager = getattr(past, part.name).all()
            manager._result_cache = sorted(rows, key=lambda row: str(row.pk), reverse=True)
            past.__dict__.setdefault("_prefetched_objects_cache", {})[part.name] = manager
        else:
            past._state.fields_cache[part.name] = rows[0] if rows else None
    return past  # type: ignore[no-any-return]


def _instance(model: type[Model], columns: Columns) -> Model:
    """A row of the past as an object; what history hides stays empty."""
    values = {
        one.attname: one.to_python(columns[str(one.column)])
        for one in model._meta.concrete_fields
        if not isinstance(one, GeneratedField) and columns.get(str(one.column), _HIDDEN) != _HIDDEN
    }
    row = model(**values)
    row._state.adding = False
    return row


def _attribute(part: Part) -> str:
    return next(one.attname for one in part.model._meta.concrete_fields if one.column == part.owner)


def keys_of(kind: CardKind, card: CardModel) -> list[str]:
    """The card and its present rows, as the log names them."""
    found = [str(card.pk)]
    for part in parts_of(kind)[1:]:
        rows = part.model._default_manager.filter(**{_attribute(part): card.pk})
        found += [str(key) for key in rows.values_list("pk", flat=True)]
    return found
