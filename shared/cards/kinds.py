"""One kind of cards as the rest of the product uses it: who sees it, how it is written, what follows a change."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from shared.access.actors import Actor
from shared.cards.layout import Layout, Section
from shared.cards.models import CardModel
from shared.kernel.rules import RuleViolation

Values = Mapping[str, Any]  # code of a field → its value in Python


def _nothing(keys: Collection[uuid.UUID]) -> None:
    """No consequences of a bulk change."""


def _stays(keys: Collection[uuid.UUID]) -> int:
    return 0


def _open(obj: CardModel) -> bool:
    return False


def _nothing_hidden(obj: CardModel) -> Collection[str]:
    return ()


def _as_they_are(cards: QuerySet[Any]) -> QuerySet[Any]:
    return cards


def _fits(values: Values) -> None:
    """Nothing to check beyond the kinds and the rules."""


@dataclass(frozen=True, kw_only=True)
class RowsHandler:
    """How the rows of one section are written where a plain save is not enough.

    ``end``: the row holds no longer from a day and stays on the card; ``withdraw``: it was written by mistake. None
    where a row knows no such thing.
    """

    add: Callable[..., Any]  # (card, values, *, by) → the row
    change: Callable[..., Any]  # (row, values, *, by)
    end: Callable[..., Any] | None = None  # (row, day, *, by)
    withdraw: Callable[..., Any] | None = None  # (row, reason, *, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Something that rules ask of a card and no field of it holds: the term of a paper, the day of a dismissal.

    ``rows``: related rows that ``value`` reads, to be fetched with many cards at once.
    """

    label: str
    value: Callable[[Any], Any]
    rows: str = ""


@dataclass(frozen=True, kw_only=True)
class CardKind:
    """What a room tells of its cards.

    ``reached(actor, capability)``: the cards that exist for a person under a right. ``write`` sets some fields of one
    card inside the caller's transaction. ``create`` makes a card of values; None where a card is not made by hand.
    ``after_write`` follows set-based changes of many. ``is_sealed``: only the name may be shown. ``hides``: codes of
    fields of this one card that are neither shown nor written in common (an address under protection opens with the
    special facts). ``withdraw`` hides cards that an undone file has made and answers how many it could. ``refusals``:
    what a broken constraint of the card means. ``whole``: cards with all that their derived fields read, in a fixed
    number of queries. ``check``: refuses values that contradict each other in a set-based change, which passes
    ``write`` by. ``is_written_singly``: a change of many goes through ``write`` card by card, because more follows
    from it than columns can tell (former values, the public directory). ``put_back`` writes the values that an undo
    restores, with what the undone change has left beside the card.
    ``create_many`` makes cards of the rows of a file. ``found``: what the list of these cards shows for a request.
    ``beside``: what rules ask beyond the fields of the layout, by the code under which they ask it.
    Capabilities are those of ``shared/access/data/rights.yaml``; "" means that there is none.
    """

    layout: Layout
    model: type[CardModel]
    one: str
    many: str
    reads: str
    edits: str
    identity: str = ""
    special: str = ""
    reached: Callable[[Actor, str], QuerySet[Any]]  # Any: cards of one model each
    write: Callable[..., None]  # (card, values, *, by)
    put_back: Callable[..., None] | None = None  # (card, values, *, by); None: an undo writes as everybody does
    url: Callable[[Any], str]
    create: Callable[..., CardModel] | None = None  # (values, *, by)
    create_many: Callable[..., Sequence[uuid.UUID]] | None = None  # (sequence of values, *, by) → keys in their order
    after_write: Callable[[Collection[uuid.UUID]], None] = _nothing
    is_sealed: Callable[[Any], bool] = _open
    hides: Callable[[Any], Collection[str]] = _nothing_hidden
    withdraw: Callable[[Collection[uuid.UUID]], int] = _stays
    refusals: Mapping[str, Callable[[], RuleViolation]] = field(default_factory=dict)
    is_written_singly: bool = False
    people: Callable[[], Sequence[tuple[str, str]]] | None = None  # choices of fields of kind «person»
    rows: Mapping[str, RowsHandler] = field(default_factory=dict)  # section of rows → its writers
    whole: Callable[[QuerySet[Any]], QuerySet[Any]] = _as_they_are
    check: Callable[[Values], None] = _fits
    beside: Mapping[str, Beside] = field(default_factory=dict)
    found: Callable[[HttpRequest], QuerySet[Any]] | None = None

    @property
    def code(self) -> str:
        return self.layout.code

    def values_beside(self, card: CardModel) -> dict[str, Any]:
        """What rules ask of this card beside its fields."""
        return {code: one.value(card) for code, one in self.beside.items()}

    def sections(self) -> tuple[Section, ...]:
        """The sections that are shown and edited in common: special facts have a flow of their own."""
        return tuple(section for section in self.layout.sections if not section.is_special)
