"""How full and current cards are: one light row a card, from which a class, a kind and an organization are summed.

One query a kind whatever their number, so every level shows figures of one computation. Source: R-005, R-037, R-176.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, Value, When

from shared.cards.filling import Wanted, due, empty, wanted
from shared.cards.kinds import CardKind
from shared.kernel.compiled import CompiledQuery
from shared.quality.currency import CURRENCY
from shared.quality.models import percent_of
from tenants.cards.kinds import KINDS
from tenants.quality.cards import Cards, counted, is_stale


@dataclass(frozen=True, slots=True)
class CardState:
    """One card: codes of what it lacks, how many gaps are explained, whether it is stale."""

    key: uuid.UUID
    lacking: tuple[str, ...]
    explained: int
    is_stale: bool


def states_of(kind: CardKind, cards: Cards, today: datetime.date) -> list[CardState]:
    """The state of each of these cards, in one query."""
    return [_state(*row) for row in _rows(kind, cards, today)]


def counted_states(kind: CardKind, today: datetime.date) -> list[CardState]:
    """``states_of`` every counted card of the organization.

    For the count after each change: its query is composed once a day.
    """
    rows = _counted_query(kind.code, today).rows()
    return [_state(key, codes, json.loads(why), is_old) for key, codes, why, is_old in rows]


@lru_cache(maxsize=2 * len(KINDS))  # around midnight two days are counted
def _counted_query(kind: str, today: datetime.date) -> CompiledQuery:
    return CompiledQuery(lambda: _rows(KINDS[kind], counted(KINDS[kind], today), today))


def _rows(kind: CardKind, cards: Cards, today: datetime.date) -> QuerySet[Any, tuple[Any, ...]]:
    """Of each card: key, codes of what does not stand on it, what is explained, whether it is stale."""
    stale = Case(When(is_stale(kind, today), then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = cards.order_by().annotate(empty_codes=empty(kind), stale=stale)
    return rows.values_list("pk", "empty_codes", "absences", "stale")


def _state(key: uuid.UUID, codes: list[str], why: Mapping[str, str], is_old: bool) -> CardState:
    lacking = tuple(code for code in codes if code not in why)
    return CardState(key, lacking, len(codes) - len(lacking), is_old)


@dataclass(frozen=True)
class Filling:
    """Cards of one kind together; ``each`` is how many things one card should hold."""

    kind: CardKind
    each: int
    states: list[CardState]

    @classmethod
    def of(cls, kind: CardKind, states: Iterable[CardState]) -> Filling:
        return cls(kind, due(kind), list(states))

    @property
    def title(self) -> str:
        return self.kind.many

    @property
    def cards(self) -> int:
        return len(self.states)

    @property
    def due(self) -> int:
        return self.each * self.cards

    @cached_property
    def lacking(self) -> int:
        return sum(len(one.lacking) for one in self.states)

    @property
    def filled(self) -> int:
        return self.due - self.lacking

    @cached_property
    def explained(self) -> int:
        return sum(one.explained for one in self.states)

    @cached_property
    def whole(self) -> int:
        return sum(not one.lacking for one in self.states)

    @cached_property
    def stale(self) -> int:
        return sum(one.is_stale for one in self.states)

    @property
    def percent(self) -> int:
        return percent_of(self.filled, self.due)

    @property
    def light(self) -> str:
        return CURRENCY.light(self.percent)

    @cached_property
    def by_code(self) -> Counter[str]:
        """Code of a field → how many cards lack it."""
        return Counter(code for one in self.states for code in one.lacking)

    def most_lacking(self, *, with_special: bool) -> list[LackingField]:
        """What most cards lack, the most first; special facts only for who may see them."""
        every = [LackingField(self.kind, one, self.by_code[one.code], self.cards) for one in self.named(with_special)]
        return sorted((one for one in every if one.cards), key=lambda one: -one.cards)

    def named(self, with_special: bool) -> Iterator[Wanted]:
        return (one for one in wanted(self.kind) if with_special or not one.is_special)


@dataclass(frozen=True, slots=True)
class LackingField:
    """A field and how many cards lack it."""

    kind: CardKind
    wanted: Wanted
    cards: int
    of: int

    @property
    def section(self) -> str:
        return self.kind.layout.section(self.wanted.section).title

    @property
    def percent(self) -> int:
        """How many of the cards hold it."""
        return percent_of(self.of - self.cards, self.of)
