"""What lies beside the cards forgets a person whose data are destroyed: drafts, changes of many, merges, rows of files.

No room is imported here: the room that destroys asks it. Source: 152-ФЗ ст. 21 ч. 5.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from django.db.models import TextField
from django.db.models.functions import Cast

from tenants.cards.files.models import CardFile, CardFileRow
from tenants.cards.models import Batch, BatchChange, SectionDraft
from tenants.cards.successors import POINTER

_BARE: Final[dict[str, Any]] = {
    "title": "", "cells": None, "values": None, "changes": [], "problems": [], "warnings": [], "marks": []
}  # fmt: skip


_also: Final[list[Callable[[str, Collection[uuid.UUID]], None]]] = []


def also_forget(hook: Callable[[str, Collection[uuid.UUID]], None]) -> None:
    """Let a room above forget with us: it is told the kind of cards and their keys. Called from ``ready``."""
    if hook not in _also:
        _also.append(hook)


def with_merged(kind: str, card_id: uuid.UUID) -> set[uuid.UUID]:
    """The card and all that gave way to it, one after another: each still holds what it held then."""
    found, asked = {card_id}, {card_id}
    merges = BatchChange.objects.filter(
        batch__kind=kind, batch__origin=Batch.Origin.MERGE, batch__undone_at=None, new__has_key=POINTER
    )
    while asked:
        into = list(map(str, asked))
        asked = set(merges.filter(**{f"new__{POINTER}__in": into}).values_list("card_id", flat=True)) - found
        found |= asked
    return found


def forget(kind: str, cards: Collection[uuid.UUID], *, rows: Iterable[uuid.UUID] = ()) -> None:
    """Empty everything that was kept of these cards; ``rows`` are of theirs, of which merges of others may tell.

    That something was done with a card, when and by whom stays; its values do not, so nothing brings them back.
    """
    SectionDraft.objects.filter(kind=kind, card_id__in=cards).delete()
    _forget_plans(kind, cards)
    changes = BatchChange.objects.filter(batch__kind=kind, card_id__in=cards)
    changes.filter(old__isnull=False).update(old={})  # none is there of a card that the batch has made
    changes.exclude(new__has_key=POINTER).update(new={})
    _forget_merges([*cards, *rows])
    CardFileRow.objects.filter(run__kind=kind, card_id__in=cards).update(**_BARE)
    _forget_names(kind, cards)
    for hook in _also:
        hook(kind, cards)


def _forget_plans(kind: str, cards: Collection[uuid.UUID]) -> None:
    """A group change that waits remembers what its cards said."""
    named = {str(key) for key in cards}
    for plan in SectionDraft.objects.filter(kind=kind, card_id=None, texts__has_key="old"):
        if named & plan.texts["old"].keys():
            plan.texts["old"] = {key: old for key, old in plan.texts["old"].items() if key not in named}
            plan.save(update_fields=["texts"])


def _forget_names(kind: str, cards: Collection[uuid.UUID]) -> None:
    """An undone file names the people of whom it has left something."""
    ours = BatchChange.objects.filter(batch__kind=kind, card_id__in=cards)
    for run in CardFile.objects.filter(batch__in=ours.values("batch"), summary__undone__has_key="named"):
        run.summary["undone"]["named"] = []
        run.save(update_fields=["summary"])


def _forget_merges(keys: Iterable[uuid.UUID]) -> None:
    """Journals of other merges that name one of these: what they tell of it is gone, so they are not taken back."""
    merges = BatchChange.objects.filter(batch__origin=Batch.Origin.MERGE, new__has_key=POINTER)
    for key in keys:
        told = merges.annotate(told=Cast("old", TextField())).filter(told__contains=str(key))
        BatchChange.objects.filter(pk__in=list(told.values_list("pk", flat=True))).update(old={})
