"""Pairs of cards of which somebody has said: these are two people. They are not offered as one again.

A pair comes back by itself only when something surer speaks for it than then, or when what was said is taken back.
The search before a new card is made does not ask here: there everybody alike is shown. Source: ORGANIZATION 2.3.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from tenants.cards.errors import NotAlike
from tenants.cards.merging_journal import Journal
from tenants.cards.models import DifferentPeople
from tenants.cards.same import Keys, likeness_of


def told_of(kind: CardKind) -> dict[Keys, int]:
    """Every pair of which it was said, and how heavy it was then."""
    rows = DifferentPeople.objects.filter(kind=kind.code).order_by()
    return {(first, second): weight for first, second, weight in rows.values_list("first_id", "second_id", "weight")}


def told_to(kind: CardKind, actor: Actor) -> QuerySet[DifferentPeople]:
    """Pairs of two cards that this person may write; others do not exist for him."""
    reached = kind.reached(actor, kind.edits).order_by().values("pk")
    return DifferentPeople.objects.filter(kind=kind.code, first_id__in=reached, second_id__in=reached)


def pair_told(kind: CardKind, keys: Iterable[uuid.UUID]) -> DifferentPeople | None:
    first, second = sorted(keys)
    return DifferentPeople.objects.filter(kind=kind.code, first_id=first, second_id=second).first()


@transaction.atomic
def tell_different(*, kind: CardKind, actor: Actor, one: uuid.UUID, other: uuid.UUID) -> DifferentPeople:
    """Remember that two cards are of two people; said again, it counts for what they have in common now.

    Raises: NotAlike.
    """
    first, second = sorted((one, other))
    pair = likeness_of(kind, actor, (first, second))
    if pair is None:
        raise NotAlike
    told, _ = DifferentPeople.objects.update_or_create(
        kind=kind.code,
        first_id=first,
        second_id=second,
        defaults={"likeness": pair.why, "weight": pair.weight, "told_by": actor.signature, "told_at": timezone.now()},
    )
    return told


def take_back(told: DifferentPeople) -> None:
    """The pair is offered again; who said so and who took it back stays in the row history."""
    told.delete()


def merge_pairs(*, kind: str, stays: uuid.UUID, goes: uuid.UUID, journal: Journal) -> None:
    """Two cards become one: what was said of the one that gives way is said of the one that stays.

    The pair of both is over; where both were told apart from a third card, the surer word counts.
    """
    about = DifferentPeople.objects.filter(kind=kind)
    ours = {_other(row, stays): row for row in about.filter(Q(first_id=stays) | Q(second_id=stays))}
    for row in about.filter(Q(first_id=goes) | Q(second_id=goes)).order_by("pk"):
        third = _other(row, goes)
        if third == stays:
            journal.delete(row)
        elif third in ours:
            journal.delete(row)
            journal.change(ours[third], weight=max(ours[third].weight, row.weight))
        else:
            first, second = sorted((stays, third))
            journal.change(row, first_id=first, second_id=second)


def _other(row: DifferentPeople, card: uuid.UUID) -> uuid.UUID:
    return row.second_id if row.first_id == card else row.first_id
