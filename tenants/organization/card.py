"""The organization card as the engine of cards knows it."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from tenants.organization.fields import LAYOUT
from tenants.organization.models import OrganizationCard
from tenants.organization.services import cards, write_card


def reached(actor: Actor, capability: str) -> QuerySet[OrganizationCard]:
    """There is one card, and the whole staff may see it."""
    right = actor.right(capability)
    return cards() if right is not None and right.is_everywhere else cards().none()


def url(card: OrganizationCard) -> str:
    return reverse("organization:card")


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
)
