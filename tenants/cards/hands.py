"""Who changes many cards at once, and how far his hand goes: cards and fields beyond it are never written.

A set-based change passes the pages of a card by, so it asks here for what they ask of every form. Source: R-020,
ORGANIZATION 2.3, 4.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from shared.access.actors import Actor, Grant
from shared.access.rights import Reach, Right
from shared.cards.kinds import CardKind
from shared.cards.models import CardModel
from tenants.cards.errors import ClosedToHand
from tenants.cards.sections import SEALED_OPEN


@dataclass(frozen=True, slots=True)
class Hand:
    """``by`` signs the change; ``cards`` are those his right reaches, ``closed`` the fields he may not write in any."""

    by: str
    cards: QuerySet[Any]  # Any: cards of one kind
    closed: Collection[str] = ()

    def refuse_closed(self, kind: CardKind, codes: Iterable[str]) -> None:
        """Raises: ClosedToHand."""
        fields = kind.layout.fields
        labels = sorted({f"«{fields[code].label}»" for code in codes if code in self.closed and code in fields})
        if labels:
            raise ClosedToHand(fields=", ".join(labels))


def hand_of(kind: CardKind, actor: Actor) -> Hand:
    """A person at the pages of many cards."""
    closed = () if sees_every_identity(kind, actor) else masked_codes(kind)
    return Hand(actor.signature, kind.reached(actor, kind.edits), closed)


def hand_of_worker(kind: CardKind, *, by: str) -> Hand:
    """The worker, for a person whose rights were asked when he asked; cards closed since are beyond it all the same."""
    return Hand(by, kind.reached(everybody(kind.edits), kind.edits))


def sees_every_identity(kind: CardKind, actor: Actor) -> bool:
    """Whether documents, numbers and addresses of every card are open to him."""
    return not kind.identity or actor.may_everywhere(kind.identity)


def masked_codes(kind: CardKind) -> frozenset[str]:
    """The fields that stand behind a mask."""
    return frozenset(code for code, one in kind.layout.fields.items() if one.is_masked)


def is_open(kind: CardKind, card: CardModel, code: str) -> bool:
    """Whether a field of this card is shown and written in common at all: not sealed, not under protection."""
    return code not in kind.hides(card) and (code in SEALED_OPEN or not kind.is_sealed(card))


@cache
def everybody(capability: str) -> Actor:
    """Whoever asked had this right when he asked; the worker acts for him and asks nothing else."""
    grant = Grant(
        id=uuid.UUID(int=0),
        role="",
        place="",
        organization_id=None,
        organization_slug="",
        authority_id=None,
        municipality_oktmo=None,
        region_code=None,
        rights={capability: Right(Reach.ALL)},
    )
    return Actor(
        account_id=uuid.UUID(int=0),
        login="",
        full_name="",
        must_change_password=False,
        grants=(grant,),
        here=(grant,),
    )
