"""The sections of one card as a person sees them: values, masks, explained gaps, what is still missing.

Source: ORGANIZATION 2 (two grades of «mandatory»), R-203, UI 5.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model, QuerySet

from shared.access.actors import Actor
from shared.cards.filling import Wanted, missing, wanted
from shared.cards.kinds import CardKind
from shared.cards.layout import Absence, Field, Section
from shared.cards.masks import mask
from shared.cards.models import CardModel
from shared.cards.values import is_filled, value_of, written
from tenants.cards.drafts import Place, Slot, drafts_of
from tenants.cards.models import SectionDraft

# What is shown and written of a person without a consent. Source: KK П 5.4, ORGANIZATION 3.1.
SEALED_OPEN: Final = frozenset({"last_name", "first_name", "patronymic"})
PROTECTED: Final = "Адрес под защитой: открывается вместе с особыми сведениями"
SEALED: Final = "Закрыто: нет согласия на обработку персональных данных"


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its text, or its mask, or in words why there is neither."""

    field: Field
    text: str = ""
    mask: str = ""
    closed: str = ""
    absence: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.mask or self.closed)


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of a section of rows; ``draft`` is what this person has typed into its form and not saved."""

    key: uuid.UUID
    lines: list[Line]
    draft: SectionDraft | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section ready to be shown; ``missing`` are the codes that count against completeness.

    ``draft`` is of the section, of one of rows that of a new row.
    """

    section: Section
    lines: list[Line]
    rows: list[RowLine]
    due: int
    missing: list[Wanted]
    may_edit: bool
    absence: str = ""
    draft: SectionDraft | None = None

    @property
    def filled(self) -> int:
        return self.due - len(self.missing)

    @property
    def has_masked(self) -> bool:
        return any(line.mask for line in self.lines)

    @property
    def share(self) -> int:
        return round(100 * self.filled / self.due) if self.due else 100


@dataclass(frozen=True)
class CardLook:
    """One card in the eyes of one person: what is open to him, what he may write."""

    kind: CardKind
    card: CardModel
    actor: Actor
    may_edit: bool
    may_identify: bool
    people: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: CardKind, card: CardModel, actor: Actor) -> CardLook:
        """Asks for the rights that reach this very card; a right to everybody costs no query."""
        may_identify = not kind.identity or reaches(kind, card, actor, kind.identity)
        people = dict(kind.people()) if kind.people is not None and _names_people(kind) else {}
        return cls(kind, card, actor, reaches(kind, card, actor, kind.edits), may_identify, people)

    @property
    def url(self) -> str:
        return self.kind.url(self.card)

    @property
    def is_sealed(self) -> bool:
        return bool(self.kind.is_sealed(self.card))

    def sections(self) -> list[SectionView]:
        """Every common section; a fixed number of queries on a card of ``loaded``."""
        lacking = missing(self.kind, self.card)
        drafts = self._drafts()
        return [self._view(section, lacking, drafts) for section in self.kind.sections()]

    def section(self, section: Section) -> SectionView:
        return self._view(section, missing(self.kind, self.card), self._drafts())

    def place(self, section: Section, row_id: uuid.UUID | None = None) -> Place:
        """Where this person's draft of a section, or of a row of it, lies."""
        key: uuid.UUID = self.card.pk
        return Place(
            account_id=self.actor.account_id, kind=self.kind.code, card_id=key, section=section.code, row_id=row_id
        )

    def editable(self, section: Section) -> tuple[Field, ...]:
        """The fields of a section that this person may write on this card."""
        if not self.may_edit:
            return ()
        hidden = set(self.kind.hides(self.card))
        return tuple(
            one
            for one in section.typed
            if one.code not in hidden
            and not one.is_special
            and (self.may_identify or not one.is_masked)
            and (not self.is_sealed or one.code in SEALED_OPEN)
        )

    def may_reveal(self, code: str) -> bool:
        """Whether the value of a field may be opened to him on this card."""
        known = next((one for one in common_fields(self.kind).values() if one.code == code), None)
        return (
            known is not None
            and known.is_masked
            and self.may_identify
            and not self.is_sealed
            and code not in self.kind.hides(self.card)
        )

    def _drafts(self) -> Mapping[Slot, SectionDraft]:
        return drafts_of(self.actor.account_id, self.kind.code, self.card.pk) if self.may_edit else {}

    def _view(self, section: Section, lacking: Iterable[Wanted], drafts: Mapping[Slot, SectionDraft]) -> SectionView:
        closed = self.is_sealed and not any(one.code in SEALED_OPEN for one in section.fields)
        held = [] if closed or not section.rows else rows_of(self.card, section)
        return SectionView(
            section=section,
            lines=[] if section.rows else [self._line(one, self.card) for one in section.fields],
            rows=[self._row(section, one, drafts.get((section.code, one.pk))) for one in held],
            due=sum(1 for one in wanted(self.kind) if one.section == section.code),
            missing=[one for one in lacking if one.section == section.code],
            may_edit=bool(self.editable(section)),
            absence=_absence(self.card.absences.get(section.code, "")) if section.rows else "",
            draft=drafts.get((section.code, None)),
        )

    def _row(self, section: Section, row: Model, draft: SectionDraft | None) -> RowLine:
        return RowLine(row.pk, [self._line(one, row) for one in section.fields], draft)

    def _line(self, one: Field, holder: Any) -> Line:
        if self.is_sealed and one.code not in SEALED_OPEN:
            return Line(one, closed=SEALED)
        if one.code in self.kind.hides(self.card):
            return Line(one, closed=PROTECTED)
        value = value_of(holder, one)
        if not is_filled(value):
            return Line(one, absence=_absence(self.card.absences.get(one.code, "")))
        if one.is_masked and self.kind.identity:
            return Line(one, mask=mask(one, value))
        return Line(one, text=self.text(one, value))

    def text(self, one: Field, value: Any) -> str:
        """A value as a person reads it; of a colleague, his name."""
        return self.people.get(str(value), "выбран") if one.kind == "person" else written(one, value)


def loaded(kind: CardKind, cards: QuerySet[Any]) -> QuerySet[Any]:
    """Cards with everything that their common sections read, in a fixed number of queries."""
    steps = {one.path.rpartition("__")[0] for one in common_fields(kind).values()} - {""}
    if steps:
        cards = cards.select_related(*sorted(steps))
    rows = [section.rows for section in kind.sections() if section.rows]
    return kind.whole(cards.prefetch_related(*rows) if rows else cards)


def common_fields(kind: CardKind) -> dict[str, Field]:
    """The fields of the common sections that stand once on the card, by code."""
    return {one.code: one for section in kind.sections() if not section.rows for one in section.fields}


def section_of(kind: CardKind, code: str) -> Section | None:
    return next((section for section in kind.sections() if section.code == code), None)


def reaches(kind: CardKind, card: CardModel, actor: Actor, capability: str) -> bool:
    """Whether a right reaches this card; a right to everybody costs no query."""
    right = actor.right(capability)
    if right is None or right.is_everywhere:
        return right is not None
    return kind.reached(actor, capability).filter(pk=card.pk).exists()


def reaching(
    kind: CardKind, actor: Actor, capability: str, among: Collection[uuid.UUID] | None = None
) -> Callable[[uuid.UUID], bool]:
    """Says of cards by their keys whether a right reaches them; one query at most. ``among``: the only ones asked."""
    if actor.may_everywhere(capability):
        return lambda key: True
    if actor.right(capability) is None:
        return lambda key: False
    reached = kind.reached(actor, capability).order_by()
    if among is not None:
        reached = reached.filter(pk__in=among)
    return frozenset(reached.values_list("pk", flat=True)).__contains__


def rows_of(card: CardModel, section: Section) -> list[Model]:
    return list(getattr(card, section.rows).all())


def next_lacking(look: CardLook, after: Section) -> Section | None:
    """The section to fill in next: the first one below with something missing, else the first one at all."""
    order = [one for one in look.kind.sections() if not one.rows]
    here = next((number for number, one in enumerate(order) if one.code == after.code), -1)
    lacking = {one.code for one in missing(look.kind, look.card)}
    for one in [*order[here + 1 :], *order[: max(here, 0)]]:
        if any(known.code in lacking for known in look.editable(one)):
            return one
    return None


def _absence(why: str) -> str:
    return Absence(why).label if why else ""


def _names_people(kind: CardKind) -> bool:
    return any(one.kind == "person" for section in kind.sections() for one in section.fields)
