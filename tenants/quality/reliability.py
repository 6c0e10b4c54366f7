"""What the checks find on cards that are already stored: old data may contradict itself. Source: R-005, R-039, R-160.

The rules are functions in Python, so cards are read whole, in portions and in a fixed number of queries each.
"""

from __future__ import annotations

import datetime
from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model

from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.rules import Finding, findings, rules_of
from shared.cards.values import value_of
from tenants.quality.cards import Cards

PORTION: Final = 500


class CardValues(Mapping[str, Any]):  # Any: a value has the type of its field's kind
    """Values of a card by code, each read when a rule asks for it: a rule asks for two or three of fifty."""

    def __init__(self, card: Model, fields: Mapping[str, Field]) -> None:
        self._card, self._fields = card, fields
        self._read: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        if code not in self._read:
            self._read[code] = value_of(self._card, self._fields[code])
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True, slots=True)
class Checked:
    """A card and what contradicts on it."""

    card: Any  # Any: a card of one kind
    findings: list[Finding]


def check(kind: CardKind, cards: Iterable[CardModel], today: datetime.date) -> Iterator[Checked]:
    """The findings of each card that has any; the cards come from ``read_whole``."""
    for card in cards:
        found = list(findings_on(kind, card, today))
        if found:
            yield Checked(card, found)


def findings_on(kind: CardKind, card: CardModel, today: datetime.date) -> Iterator[Finding]:
    """Of the card itself and of its rows, blocking ones first in each."""
    values = CardValues(card, kind.layout.fields)
    yield from findings(kind.code, values, today)
    for section in kind.layout.repeated:
        code = f"{kind.code}.{section.code}"
        if not rules_of(code):
            continue
        for row in getattr(card, section.rows).all():
            own = CardValues(row, {one.code: one for one in section.fields})
            yield from findings(code, ChainMap(own, values), today)  # type: ignore[arg-type]  # both are only read


def read_whole(kind: CardKind, cards: Cards) -> Iterator[CardModel]:
    """Cards with everything the rules ask, in portions."""
    steps = sorted({one.path.rpartition("__")[0] for one in kind.layout.fields.values()} - {""})
    rows = [one.rows for one in kind.layout.repeated if rules_of(f"{kind.code}.{one.code}")]
    if kind.code == "student":
        rows.append("enrollments__placements__group")  # what his class and grade of today are derived from
    cards = cards.order_by("pk")
    if steps:
        cards = cards.select_related(*steps)
    yield from (cards.prefetch_related(*rows) if rows else cards).iterator(chunk_size=PORTION)


def is_special(kind: CardKind, finding: Finding) -> bool:
    """Whether a finding speaks of facts that are for few eyes."""
    fields = kind.layout.fields
    return any(code in fields and fields[code].is_special for code in finding.fields)


@dataclass
class Tally:
    """Findings of many cards: how many of which rule, and how many block."""

    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, found: Iterable[Finding]) -> None:
        self.by_rule.update((one.code, one.level) for one in found)

    def of_level(self, level: str) -> int:
        return sum(count for (_, known), count in self.by_rule.items() if known == level)


def tally(kind: CardKind, cards: Cards, today: datetime.date, *, with_special: bool = True) -> Tally:
    """All findings on these cards, counted."""
    found = Tally()
    for one in check(kind, read_whole(kind, cards), today):
        found.add(finding for finding in one.findings if with_special or not is_special(kind, finding))
    return found


def rule_names(kind: CardKind) -> dict[str, str]:
    """Code of a rule → the fields that it compares, in words of the card."""
    layout = kind.layout
    labels = {one.code: one.label for section in layout.sections for one in section.fields}
    rules = [*rules_of(kind.code)]
    for section in layout.repeated:
        rules += rules_of(f"{kind.code}.{section.code}")
    return {rule.code: ", ".join(labels.get(code, code) for code in rule.fields) for rule in rules}
