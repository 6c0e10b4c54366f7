"""Lists of cards: which lack something, are stale, contradict themselves, and who answers.

Source: R-005, R-022, R-177.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.http import HttpRequest
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.requests import actor_of
from shared.access.searches import recalled_search
from shared.cards.filling import Wanted, due, filled, has, missing, wanted
from shared.cards.kinds import CardKind
from shared.kernel.days import academic_year_of
from shared.quality.currency import CURRENCY
from shared.quality.models import percent_of
from tenants.cards.sections import reaching
from tenants.groups.models import Group
from tenants.quality.cards import (
    READ,
    Cards,
    Groups,
    groups_of_guardians,
    groups_of_learners,
    in_group,
    is_stale,
    side_tables,
    within,
)
from tenants.quality.keepers import Keepers
from tenants.quality.meter import Doubt, doubts_for, is_stale_card
from tenants.quality.reliability import check, code_of, findings_on, is_special, read_whole

PAGE_SIZE: Final = 50
STATES: Final = {
    "lacking": "Не хватает сведений",
    "stale": "Устарели",
    "findings": "Замечания проверок",
    "explained": "Пропуски объяснены",
    "all": "Все карточки",
}
PARAMETERS: Final = ("state", "field", "keeper", "group", "rule", "sort")
SORTS: Final = {
    "name": ("sort_name", "pk"),
    "-name": ("-sort_name", "-pk"),
    "filled": ("held", "sort_name", "pk"),
    "-filled": ("-held", "sort_name", "pk"),
    "touched": ("touched_on", "sort_name", "pk"),
    "-touched": ("-touched_on", "sort_name", "pk"),
}


@dataclass(frozen=True)
class CardLine:
    """A card of the list as one person may read it."""

    kind: CardKind
    card: Any  # Any: a card of one kind
    groups: str
    lacking: list[Wanted]
    hidden: int
    due: int
    keepers: list[str]
    doubts: list[Doubt]
    hidden_doubts: int
    is_stale: bool
    changed_on: datetime.date

    @property
    def percent(self) -> int:
        return percent_of(self.due - len(self.lacking) - self.hidden, self.due)

    @property
    def light(self) -> str:
        return CURRENCY.light(self.percent)

    @property
    def url(self) -> str:
        return self.kind.url(self.card)

    @property
    def lacks(self) -> str:
        """What lacks, in words of the card."""
        words = [one.label for one in self.lacking]
        return ", ".join([*words, f"особые сведения ({self.hidden})"] if self.hidden else words)


class CardListing:
    """What the address asks for, in the reach of the person."""

    def __init__(self, request: HttpRequest, kind: CardKind, keepers: Keepers) -> None:
        self.kind, self.keepers = kind, keepers
        self.actor: Actor = actor_of(request)
        self.today = timezone.localdate()
        self.query = request.GET
        self.search = recalled_search(request)
        self.state = self._chosen("state", STATES) or "lacking"
        self.field = self._chosen("field", {one.code for one in self.fields})
        self.keeper = self._chosen("keeper", {one.keeper for one in self.fields})
        self.rule = self.query.get("rule", "") if self.state == "findings" else ""
        self.sort = self._chosen("sort", SORTS) or "name"
        self.group = next((one for one in self.groups if str(one.pk) == self.query.get("group")), None)

    def _chosen(self, name: str, known: Iterable[str]) -> str:
        asked = self.query.get(name, "")
        return asked if asked in known else ""

    @property
    def may_special(self) -> bool:
        """Whether special facts of every card may be told: a list is not narrowed by less."""
        return self.actor.may_everywhere(self.kind.special)

    @cached_property
    def fields(self) -> list[Wanted]:
        """What a list may be narrowed by: an empty special fact is known to few."""
        return [one for one in wanted(self.kind) if self.may_special or not one.is_special]

    @cached_property
    def groups(self) -> list[Group]:
        """Classes to choose from."""
        if self.kind.code == "staff":
            return []
        every = Group.objects.of_year(academic_year_of(self.today)).order_by("kind", "grade", "name", "id")
        right = self.actor.right(READ)
        return list(every if right is None or right.is_everywhere else every.filter(pk__in=right.groups))

    @property
    def keeper_choices(self) -> list[tuple[str, str]]:
        return [(role, self.keepers.words(role)) for role in dict.fromkeys(one.keeper for one in self.fields)]

    @cached_property
    def found(self) -> Cards:
        """The cards, not read yet; by findings they have to be checked first."""
        cards = self._narrowed(within(self.actor, self.kind, self.today))
        if self.state == "findings":
            cards = cards.filter(pk__in=list(self._doubtful(cards)))
        cards = cards.annotate(held=filled(self.kind), touched_on=_touched_on(self.kind))
        if self.state == "lacking" and not (self.field or self.keeper):
            cards = cards.filter(held__lt=due(self.kind))
        return cards.order_by(*SORTS[self.sort])

    def page(self) -> Page[Any]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    def lines(self, cards: Iterable[Any]) -> list[CardLine]:
        """Lines of these cards in their order, in a fixed number of queries."""
        order = [card.pk for card in cards]
        touched = {card.pk: card.touched_on for card in cards}
        whole = {card.pk: card for card in read_whole(self.kind, self._with_rows(order))}
        groups = self.group_names(cards)
        special = reaching(self.kind, self.actor, self.kind.special, among=order)
        identified = reaching(self.kind, self.actor, self.kind.identity, among=order)
        return [
            self._line(
                whole[key],
                groups[key],
                touched[key],
                may_special=special(key),
                may_identify=not self.kind.identity or identified(key),
            )
            for key in order
        ]

    def group_names(self, cards: Iterable[Any]) -> dict[uuid.UUID, str]:
        """The classes of these cards in words."""
        placed = self._placed()
        names = {group.pk: group.name for group in self.groups}
        return {
            card.pk: ", ".join(sorted(names[group] for group in placed.get(card.pk, ()) if group in names))
            for card in cards
        }

    @property
    def filters_text(self) -> str:
        """The conditions in words, for the imprint."""
        field = next((one.label for one in self.fields if one.code == self.field), "")
        words = [
            STATES[self.state],
            f"нет: {field}" if field else "",
            self.keepers.words(self.keeper) if self.keeper else "",
            self.group.name if self.group else "",
            f"поиск «{self.search}»" if self.search else "",
        ]
        return f"Отбор: {', '.join(filter(None, words))}"

    def _narrowed(self, cards: Cards) -> Cards:
        if self.search:
            cards = cards.named_like(self.search)  # type: ignore[attr-defined]  # the listed kinds have names
        if self.group is not None:
            cards = cards.filter(in_group(self.kind, self.group, self.today))
        if self.field:
            one = next(one for one in self.fields if one.code == self.field)
            cards = cards.filter(~has(self.kind, one))
        if self.keeper:
            gaps = Q()
            for one in self.fields:
                if one.keeper == self.keeper:
                    gaps |= ~has(self.kind, one)
            cards = cards.filter(gaps)
        if self.state == "stale":
            return cards.filter(is_stale(self.kind, self.today))
        return cards.exclude(absences={}) if self.state == "explained" else cards

    def _doubtful(self, cards: Cards) -> Iterator[uuid.UUID]:
        for one in check(self.kind, read_whole(self.kind, cards), self.today):
            shown = [found for found in one.findings if self.may_special or not is_special(self.kind, found)]
            if any(self.rule in ("", code_of(self.kind, found)) for found in shown):
                yield one.card.pk

    def _with_rows(self, keys: list[uuid.UUID]) -> Cards:
        """These cards with the rows that count for completeness."""
        rows = [one.rows.rows for one in wanted(self.kind) if one.rows]
        cards = self.kind.model._default_manager.filter(pk__in=keys)
        return cards.prefetch_related(*rows) if rows else cards

    def _placed(self) -> Groups:
        if self.kind.code == "staff":
            return {}
        learners = groups_of_learners(self.today)
        return learners if self.kind.code == "student" else groups_of_guardians(learners)

    def _line(
        self, card: Any, groups: str, changed_on: datetime.date, *, may_special: bool, may_identify: bool
    ) -> CardLine:
        every = missing(self.kind, card)
        shown = [one for one in every if may_special or not one.is_special]
        found = findings_on(self.kind, card, self.today)
        doubts, special_doubts = doubts_for(self.kind, found, may_identify=may_identify)
        return CardLine(
            kind=self.kind,
            card=card,
            groups=groups,
            lacking=shown,
            hidden=len(every) - len(shown),
            due=due(self.kind),
            keepers=[self.keepers.short(role) for role in dict.fromkeys(one.keeper for one in every)],
            doubts=doubts,
            hidden_doubts=special_doubts if may_special else 0,
            is_stale=is_stale_card(self.kind, card, self.today),
            changed_on=changed_on,
        )


def _touched_on(kind: CardKind) -> Greatest:
    """The day of the last change or confirmation, in the database."""
    changed = TruncDate("updated_at")
    sides = (TruncDate(f"{path}__updated_at") for path in side_tables(kind))
    return Greatest(changed, *(Coalesce(day, changed) for day in (F("confirmed_on"), *sides)))


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule and on how many cards it found something."""

    kind: CardKind
    code: str
    fields: str
    is_blocking: bool
    cards: int


def rule_lines(kind: CardKind, found: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> list[RuleLine]:
    """The most frequent first, contradictions before doubts."""
    lines = [RuleLine(kind, code, names[code], level == "hard", count) for (code, level), count in found.items()]
    return sorted(lines, key=lambda line: (not line.is_blocking, -line.cards, line.fields))
