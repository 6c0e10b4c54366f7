"""A card that gave way in a merge leads to the one that stayed. No room is imported here: pages of rooms ask it too."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shared.access.requests import actor_of
from shared.cards.kinds import CardKind
from tenants.cards.models import Batch, BatchChange

View = Callable[..., HttpResponse]
POINTER: Final = "merged_into"  # in the change of the card that gave way


def merged_into(kind: CardKind, card_id: uuid.UUID) -> uuid.UUID | None:
    """The card that took over from this one; a merge that was taken back leads nowhere."""
    found = BatchChange.objects.filter(
        card_id=card_id, batch__kind=kind.code, batch__origin=Batch.Origin.MERGE, batch__undone_at=None
    )
    change = found.filter(new__has_key=POINTER).first()
    return uuid.UUID(change.new[POINTER]) if change else None


def successor_of(kind: CardKind, card_id: uuid.UUID) -> uuid.UUID | None:
    """The card at the end of all merges; one query for each of them."""
    passed = [card_id]
    while (following := merged_into(kind, passed[-1])) is not None and following not in passed:
        passed.append(following)
    return passed[-1] if len(passed) > 1 else None


def leads_on(argument: str, kind: CardKind | None = None) -> Callable[[View], View]:
    """Where a page of a card finds none, it leads to the same page of the card that stayed.

    Only for who may read that one: for others neither exists. ``argument`` names the card in the address, ``kind`` is
    its kind where the address does not say it. It stands below ``requires``.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, **named: Any) -> HttpResponse:
            try:
                return view(request, **named)
            except Http404:
                known: CardKind = kind or named["kind"]
                address = _same_page(request, known, argument)
                if address is None:
                    raise
                return redirect(address)

        return answered

    return mark


def _same_page(request: HttpRequest, kind: CardKind, argument: str) -> str | None:
    """The address of this page for the card that stayed; None when there is none, or none for this person."""
    here = request.resolver_match
    if here is None or request.method not in ("GET", "HEAD"):
        return None
    stayed = successor_of(kind, here.kwargs[argument])
    if stayed is None or not kind.reached(actor_of(request), kind.reads).filter(pk=stayed).exists():
        return None
    query = request.META.get("QUERY_STRING", "")
    path = reverse(here.view_name, kwargs={**here.kwargs, argument: stayed})
    return f"{path}?{query}" if query else path
