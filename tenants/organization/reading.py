"""The card as it is read: sections in words, what is due now, what the home page reminds of."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.filling import due, missing
from shared.cards.layout import Absence, Field, Section
from shared.cards.values import value_of, written
from shared.organizations.confirmation import is_confirmation_due
from tenants.organization.card import ORGANIZATION_CARD
from tenants.organization.fields import LAYOUT
from tenants.organization.models import OrganizationCard, OrganizationDocument
from tenants.organization.services import own_card

EXPIRES_SOON: Final = datetime.timedelta(days=60)
STEPS: Final = (
    OrganizationCard.Setup.FACTS,
    OrganizationCard.Setup.CONTACTS,
    OrganizationCard.Setup.LEADERS,
    OrganizationCard.Setup.ACCESS,
)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field with its value in words; an empty one may be explained."""

    field: Field
    text: str
    absence: str = ""

    @property
    def is_missing(self) -> bool:
        return not self.text and not self.absence and self.field.need != "free"

    @property
    def value(self) -> str:
        """As a paper shows it."""
        unit = f" {self.field.unit}" if self.text and self.field.unit else ""
        return f"{self.text}{unit}" or self.absence or "не заполнено"


@dataclass(frozen=True, slots=True)
class SectionLines:
    section: Section
    lines: list[FieldLine]


def sections_of(card: OrganizationCard) -> list[SectionLines]:
    """The whole card in words; asks nothing of the database."""
    return [
        SectionLines(section, [_line(card, field) for field in section.fields])
        for section in ORGANIZATION_CARD.sections()
    ]


def _line(card: OrganizationCard, field: Field) -> FieldLine:
    text = written(field, value_of(card, field))
    reason = card.absences.get(field.code, "")
    return FieldLine(field, text, Absence(reason).label if reason and not text else "")


@dataclass(frozen=True, slots=True)
class Fullness:
    """How much of the card is filled or explained."""

    held: int
    due: int
    lacking: list[str]

    @property
    def percent(self) -> int:
        return 100 * self.held // self.due if self.due else 100


def fullness_of(card: OrganizationCard) -> Fullness:
    lacking = [one.label for one in missing(ORGANIZATION_CARD, card)]
    wanted = due(ORGANIZATION_CARD)
    return Fullness(wanted - len(lacking), wanted, lacking)


@dataclass(frozen=True, slots=True)
class CardNotice:
    """What the home page reminds of: the first start that is not finished, else the yearly confirmation."""

    card: OrganizationCard
    is_setup: bool

    @property
    def done_steps(self) -> int:
        return STEPS.index(OrganizationCard.Setup(self.card.setup_step)) if self.is_setup else len(STEPS)

    @property
    def total_steps(self) -> int:
        return len(STEPS)

    @property
    def percent(self) -> int:
        return 100 * self.done_steps // self.total_steps

    @property
    def step_name(self) -> str:
        return str(self.card.get_setup_step_display())


def notice_for(actor: Actor) -> CardNotice | None:
    """Only for who may change the card; one query."""
    if not actor.may("organization.edit"):
        return None
    card = own_card()
    if not card.is_set_up:
        return CardNotice(card, is_setup=True)
    return CardNotice(card, is_setup=False) if is_confirmation_due(card.confirmed_on, timezone.localdate()) else None


def expiring(day: datetime.date) -> Iterator[tuple[OrganizationDocument, bool]]:
    """Documents in force by their mark whose term is over (True) or ends soon."""
    found = OrganizationDocument.objects.current().filter(valid_to__lt=day + EXPIRES_SOON).order_by("valid_to", "id")
    return ((one, bool(one.valid_to and one.valid_to < day)) for one in found)


def leader_lines() -> list[Field]:
    """Fields of the card that say who leads; one that is empty may be explained there."""
    return [field for field in LAYOUT.section("leaders").fields if field.is_explainable]


def lines_of_card(card: OrganizationCard) -> Iterator[tuple[str, str, str]]:
    """Section, label and value of each field, and who was when the last to change and to confirm."""
    for part in sections_of(card):
        for line in part.lines:
            yield part.section.title, line.field.label, line.value
    confirmed = f"{card.confirmed_on:%d.%m.%Y}, {card.confirmed_by}" if card.confirmed_on else "не подтверждена"
    changed = timezone.localtime(card.updated_at)
    yield "Актуальность", "Подтверждена", confirmed
    yield "Актуальность", "Изменена", ", ".join(filter(None, [f"{changed:%d.%m.%Y %H:%M}", card.updated_by]))
