"""One card: how full it is, what lacks and who answers, what contradicts, how long ago somebody looked at it.

Source: R-005, R-037, R-049, R-203.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.filling import Wanted, due, missing
from shared.cards.kinds import CardKind
from shared.cards.layout import Section
from shared.cards.rules import Finding
from shared.kernel.text import plural
from shared.quality.currency import CURRENCY
from shared.quality.models import percent_of
from tenants.cards.sections import reaches
from tenants.quality.cards import side_tables
from tenants.quality.keepers import Keepers
from tenants.quality.reliability import findings_on, is_special, labels_of


@dataclass(frozen=True, slots=True)
class Gap:
    """What a section still lacks, and who answers for it."""

    section: Section
    keeper: str
    lacking: list[Wanted]

    @property
    def words(self) -> str:
        """The names of the fields inside a sentence; a section of rows has said its name already."""
        return ", ".join(_inside_sentence(one.label) for one in self.lacking if one.rows is None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding as this person may read it: the sentence, or only which fields contradict."""

    text: str
    is_blocking: bool


@dataclass(frozen=True)
class Meter:
    """The numbers of one card in the eyes of one person.

    ``hidden_gaps``: those of special facts that he may not name; ``hidden_doubts``: findings of special facts, told of
    their number and only to who may open them.
    """

    kind: CardKind
    card: Any  # Any: a card of one kind
    due: int
    lacking: list[Wanted]
    gaps: list[Gap]
    hidden_gaps: int
    doubts: list[Doubt]
    hidden_doubts: int
    changed_at: datetime.datetime
    is_stale: bool
    may_edit: bool

    @property
    def filled(self) -> int:
        return self.due - len(self.lacking)

    @property
    def percent(self) -> int:
        return percent_of(self.filled, self.due)

    @property
    def light(self) -> str:
        return CURRENCY.light(self.percent)

    @property
    def explained(self) -> int:
        return len(self.card.absences)

    @property
    def days_untouched(self) -> int:
        """Days since the card was changed or confirmed."""
        days = [timezone.localdate(self.changed_at)]
        if self.card.confirmed_on:
            days.append(self.card.confirmed_on)
        return (timezone.localdate() - max(days)).days

    @property
    def untouched(self) -> str:
        days = self.days_untouched
        return f"{days} {plural(days, 'день,дня,дней')} назад" if days > 0 else "сегодня"

    @property
    def is_confirmed_today(self) -> bool:
        return bool(self.card.confirmed_on == timezone.localdate())


def meter_of(kind: CardKind, card: Any, actor: Actor, keepers: Keepers, *, may_edit: bool) -> Meter:
    """A fixed number of queries on a card of ``read_whole``."""
    today = timezone.localdate()
    lacking = missing(kind, card)
    may_special = bool(kind.special) and reaches(kind, card, actor, kind.special)
    may_identify = not kind.identity or reaches(kind, card, actor, kind.identity)
    shown = [one for one in lacking if may_special or not one.is_special]
    doubts, special = doubts_for(kind, findings_on(kind, card, today), may_identify=may_identify)
    return Meter(
        kind=kind,
        card=card,
        due=due(kind),
        lacking=lacking,
        gaps=_gaps(kind, shown, keepers),
        hidden_gaps=len(lacking) - len(shown),
        doubts=doubts,
        hidden_doubts=special if may_special else 0,
        changed_at=changed_at(kind, card),
        is_stale=is_stale_card(kind, card, today),
        may_edit=may_edit,
    )


def doubts_for(kind: CardKind, found: Iterable[Finding], *, may_identify: bool) -> tuple[list[Doubt], int]:
    """What is told of a card, and how many findings of special facts there are: these open with a reason alone."""
    every = list(found)
    common = [one for one in every if not is_special(kind, one)]
    return [_doubt(kind, one, may_identify=may_identify) for one in common], len(every) - len(common)


def _doubt(kind: CardKind, finding: Finding, *, may_identify: bool) -> Doubt:
    """The sentence may quote a value: who may not read it sees only the names of the fields."""
    fields = [kind.layout.fields[code] for code in finding.fields if code in kind.layout.fields]
    if may_identify or not any(one.is_masked for one in fields):
        return Doubt(finding.sentence, finding.level == "hard")
    return Doubt(f"Не сходятся поля: {fields_of(kind, finding)}.", finding.level == "hard")


def fields_of(kind: CardKind, finding: Finding) -> str:
    """Names of the fields that contradict."""
    known = labels_of(kind)
    return ", ".join(dict.fromkeys(known[code] for code in finding.fields if code in known))


def changed_at(kind: CardKind, card: Any) -> datetime.datetime:
    """The last change of the card and of the tables beside it."""
    sides = (getattr(card, path, None) for path in side_tables(kind))
    moments: list[datetime.datetime] = [card.updated_at]
    moments += [side.updated_at for side in sides if side is not None and side.updated_at is not None]
    return max(moments)


def is_stale_card(kind: CardKind, card: Any, today: datetime.date) -> bool:
    """``tenants.quality.cards.is_stale`` for one card at hand."""
    since = CURRENCY.fresh_since(kind.code, today)
    if card.confirmed_on is not None and card.confirmed_on >= since:
        return False
    return kind.code in CURRENCY.yearly or timezone.localdate(changed_at(kind, card)) < since


def _gaps(kind: CardKind, lacking: list[Wanted], keepers: Keepers) -> list[Gap]:
    """By section in the order of the card; the parts of a section may have different keepers."""
    found: dict[tuple[str, str], list[Wanted]] = {}
    for one in lacking:
        found.setdefault((one.section, one.keeper), []).append(one)
    return [
        Gap(kind.layout.section(section), keepers.words(keeper), fields) for (section, keeper), fields in found.items()
    ]


def _inside_sentence(label: str) -> str:
    """«домашний телефон», but «СНИЛС»."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
