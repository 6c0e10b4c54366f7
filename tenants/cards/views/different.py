"""«Это разные люди»: said of a pair of similar cards, listed, taken back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from shared.access.requests import actor_of
from shared.access.support.showing import shows_people
from shared.cards.kinds import CardKind
from shared.kernel.rules import RuleViolation
from tenants.cards.different import take_back, tell_different, told_to
from tenants.cards.views.common import look_of

PAGE_SIZE = 50


@require_GET
def different(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """Pairs that are no longer offered: who said so, when, and of what likeness."""
    actor = actor_of(request)
    page = Paginator(told_to(kind, actor), PAGE_SIZE).get_page(request.GET.get("page"))
    cards = kind.reached(actor, kind.edits).in_bulk({key for told in page for key in (told.first_id, told.second_id)})
    shows_people(request, len(cards))
    lines = [(told, cards[told.first_id], cards[told.second_id]) for told in page]
    return render(request, "cards/different.html", {"kind": kind, "page_obj": page, "lines": lines})


@require_POST
def tell(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """These two cards are of two people."""
    if card_id == other_id:
        raise Http404
    for key in (card_id, other_id):
        look_of(request, kind, key, kind.edits)
    try:
        tell_different(kind=kind, actor=actor_of(request), one=card_id, other=other_id)
    except RuleViolation as violation:
        messages.error(request, str(violation))
    else:
        messages.success(request, "Запомнили: это разные люди. Вернуть пару можно в списке «Разные люди».")
    return redirect("cards:same", kind)


@require_POST
def back(request: HttpRequest, kind: CardKind, told_id: uuid.UUID) -> HttpResponse:
    """The pair is offered again."""
    take_back(get_object_or_404(told_to(kind, actor_of(request)), pk=told_id))
    messages.success(request, "Пара снова среди похожих карточек.")
    return redirect("cards:different", kind)
