"""What the checks find on cards that are already stored: old data may contradict itself. Source: R-005, R-039, R-160.

The rules are functions in Python, so cards are read whole, in portions and in a fixed number of queries each.
"""

from __future__ import annotations

import datetime
from collections import ChainMap, Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from django.db.models import Model

from shared.cards.kinds import Beside, CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.rules import Finding, findings, rules_of
from shared.cards.values import value_of
from tenants.quality.cards import Cards

PORTION: Final = 500
SPECIAL: Final = "special"  # stands for every rule on special facts


class CardValues(Mapping[str, Any]):  # Any: a value has the type of its field's kind
    """Values of a card by code, each read when a rule asks for it: a rule asks for two or three of fifty.

    ``beside``: what rules ask of the card and no field of it holds.
    """

    def __init__(self, card: Model, fields: Mapping[str, Field], beside: Mapping[str, Beside] | None = None) -> None:
        self._card, self._fields, self._beside = card, fields, beside or {}
        self._read: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        if code not in self._read:
            beside = self._beside.get(code)
            self._read[code] = beside.value(self._card) if beside else value_of(self._card, self._fields[code])
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return chain(self._fields, self._beside)

    def __len__(self) -> int:
        return len(self._fields) + len(self._beside)


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
    values = CardValues(card, kind.layout.fields, kind.beside)
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
    rows += [one.rows for one in kind.beside.values() if one.rows]
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


def code_of(kind: CardKind, finding: Finding) -> str:
    """The rule as lists and counts name it; which special fact contradicts opens in the special flow only."""
    return SPECIAL if is_special(kind, finding) else finding.code


@dataclass
class Tally:
    """Findings of many cards: on how many each rule found something, and how many findings block.

    Rules on special facts are one rule here.
    """

    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_level: Counter[str] = field(default_factory=Counter)

    def add(self, kind: CardKind, found: Collection[Finding]) -> None:
        """Count what was found on one more card."""
        self.by_rule.update({(code_of(kind, one), one.level) for one in found})
        self.by_level.update(one.level for one in found)

    def of_level(self, level: str) -> int:
        return self.by_level[level]


def tally(kind: CardKind, cards: Cards, today: datetime.date, *, with_special: bool = True) -> Tally:
    """All findings on these cards, counted."""
    found = Tally()
    for one in check(kind, read_whole(kind, cards), today):
        found.add(kind, [finding for finding in one.findings if with_special or not is_special(kind, finding)])
    return found


def rule_names(kind: CardKind) -> dict[str, str]:
    """Code of a rule → the fields that it compares, in words of the card."""
    layout, labels = kind.layout, labels_of(kind)
    rules = [*rules_of(kind.code)]
    for section in layout.repeated:
        rules += rules_of(f"{kind.code}.{section.code}")
    names = {rule.code: ", ".join(labels.get(code, code) for code in rule.fields) for rule in rules}
    return names | {SPECIAL: "Особые сведения"}


def labels_of(kind: CardKind) -> dict[str, str]:
    """Code → name of everything that rules of a card ask."""
    labels = {one.code: one.label for section in kind.layout.sections for one in section.fields}
    return labels | {code: one.label for code, one in kind.beside.items()}
