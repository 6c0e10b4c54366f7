"""The organization card as the engine of cards knows it."""

from __future__ import annotations

import datetime
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from shared.access.actors import Actor
from shared.cards.kinds import Beside, CardKind
from tenants.organization.fields import LAYOUT
from tenants.organization.models import OrganizationCard, OrganizationDocument
from tenants.organization.services import cards, write_card


def reached(actor: Actor, capability: str) -> QuerySet[OrganizationCard]:
    """There is one card, and the whole staff may see it."""
    right = actor.right(capability)
    return cards() if right is not None and right.is_everywhere else cards().none()


def url(card: OrganizationCard) -> str:
    return reverse("organization:card")


def _term_of(paper: OrganizationDocument.Kind) -> Beside:
    """The day with which the document in force ends."""

    def value(card: OrganizationCard) -> datetime.date | None:
        return OrganizationDocument.objects.current().filter(kind=paper).values_list("valid_to", flat=True).first()

    return Beside(label=f"{paper.label}: действует до", value=value)


ORGANIZATION_CARD: Final = CardKind(
    layout=LAYOUT,
    model=OrganizationCard,
    one="организация",
    many="Карточка организации",
    reads="organization.read",
    edits="organization.edit",
    reached=reached,
    write=write_card,
    is_written_singly=True,
    url=url,
    beside={
        "license_valid_to": _term_of(OrganizationDocument.Kind.LICENSE),
        "accreditation_valid_to": _term_of(OrganizationDocument.Kind.ACCREDITATION),
    },
)
