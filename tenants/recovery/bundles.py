"""What comes back with the chosen records: the rows that lie in them, and the rows that all of these name."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Final

from tenants.recovery.models import Difference

Outcome = Difference.Outcome
PEOPLE: Final = ("student", "guardian", "staff")


def chosen_of(offer_id: uuid.UUID, keys: Collection[uuid.UUID]) -> list[Difference]:
    """The chosen records themselves, as the last comparison has them."""
    return list(Difference.objects.of(offer_id).filter(pk__in=list(keys)).order_by("pk"))


def dependents_of(offer_id: uuid.UUID, chosen: Collection[Difference]) -> list[Difference]:
    """Missing rows that the chosen ones bring along: sections and links downwards, what they name upwards.

    A person who is named comes with the sections of his card, for without his consent he may not be here. An order
    that is named comes alone: the child's classmates stay where they are.
    """
    missing = Difference.objects.of(offer_id).filter(kind=Difference.Kind.MISSING).exclude(outcome=Outcome.TAKEN)
    known = {one.pk: one for one in chosen}
    down = {one.key for one in chosen if one.kind == Difference.Kind.MISSING}
    up, cards = _named_by(chosen), set[uuid.UUID]()
    while down or up or cards:
        below = [*missing.lying_in(down), *missing.filter(entity__in=PEOPLE, head_id__any_of=cards)]
        fresh = {one.pk: one for one in below if one.pk not in known}
        above = {one.pk: one for one in missing.at(up) if one.pk not in known and one.pk not in fresh}
        known |= fresh | above
        down = {one.key for one in fresh.values()}
        cards = {one.key for one in above.values() if one.part in PEOPLE}
        up = _named_by([*fresh.values(), *above.values()])
    keys = {one.pk for one in chosen}
    return [one for key, one in known.items() if key not in keys]


def _named_by(rows: Iterable[Difference]) -> set[uuid.UUID]:
    return {ref for one in rows for ref in one.refs}
