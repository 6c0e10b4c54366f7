"""What every page of cards asks first: which kind, which card, what of it is open to this person."""

from __future__ import annotations

import json
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shared.access.requests import actor_of, note_look
from shared.cards.kinds import CardKind
from shared.cards.layout import Section
from tenants.cards.sections import CardLook, loaded, section_of

STUDENT = "student"  # the log knows learners by this word, the others by their tables


def look_of(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, capability: str) -> CardLook:
    """The card in the eyes of who asks; one that his right does not reach does not exist."""
    actor = actor_of(request)
    card = get_object_or_404(loaded(kind, kind.reached(actor, capability)), pk=card_id)
    return CardLook.of(kind, card, actor)


def section_or_404(kind: CardKind, code: str) -> Section:
    section = section_of(kind, code)
    if section is None:
        raise Http404
    return section


def subject_kind(kind: CardKind) -> str:
    return STUDENT if kind.code == STUDENT else kind.model._meta.db_table


def note_disclosure(request: HttpRequest, look: CardLook, what: str) -> None:
    """Have the log record that closed values of this card were opened, and which. Source: R-031, R-170."""
    note_look(request, look.card.pk, what, kind=subject_kind(look.kind))


def says(response: HttpResponse, text: str) -> HttpResponse:
    """Tell the result of an action beside the fragment that it changed."""
    response.headers["HX-Trigger"] = json.dumps({"asuso:toast": text})
    return response
