"""Cards that may be of one person: the list, two of them side by side, their merge."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.requests import actor_of
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.cards.kinds import CardKind
from shared.kernel.rules import RuleViolation
from shared.ui.forms import SpeakingForm
from tenants.cards.different import pair_told, told_of
from tenants.cards.merging import compared, merge
from tenants.cards.merging_journal import rows_told
from tenants.cards.same import pairs_of
from tenants.cards.sections import CardLook
from tenants.cards.views.common import look_of, note_disclosure

PAGE_SIZE = 50
OTHER = "other"


class MergeForm(SpeakingForm):
    """The document on which a merge rests."""

    reason = forms.CharField(
        label="Основание (документ)",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_GET
def same(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """Pairs of cards that may be of one person, the surest first."""
    actor = actor_of(request)
    page = Paginator(pairs_of(kind, actor, told=told_of(kind)), PAGE_SIZE).get_page(request.GET.get("page"))
    keys = {key for pair in page for key in (pair.first, pair.second)}
    cards = kind.reached(actor, kind.edits).in_bulk(keys)
    shows_people(request, len(cards))
    lines = [(cards[pair.first], cards[pair.second], pair.why) for pair in page]
    return render(request, "cards/same.html", {"kind": kind, "page_obj": page, "lines": lines})


@never_cache
@throttled("reveal")
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Two cards side by side; a POST makes one of them: the first stays."""
    if card_id == other_id:
        raise Http404
    ours = look_of(request, kind, card_id, kind.edits)
    theirs = look_of(request, kind, other_id, kind.edits)
    if request.method == "GET":
        return _page(request, ours, theirs, MergeForm())
    form = MergeForm(request.POST)
    if form.is_valid():
        choices = compared(ours, theirs)
        taken = [
            one.field.code
            for one in choices
            if one.may_choose and request.POST.get(f"keep_{one.field.code}", OTHER if one.takes_other else "") == OTHER
        ]
        try:
            done = merge(
                kind=kind,
                stays=card_id,
                goes=other_id,
                taken=taken,
                by=ours.actor.signature,
                reason=form.cleaned_data["reason"],
                may_identify=ours.may_identify and theirs.may_identify,
            )
        except RuleViolation as violation:
            form.add_error(None, str(violation))
        else:
            messages.success(request, "Карточки объединены. Отменить объединение можно на этой странице.")
            return redirect("cards:batch", kind, done.pk)
    return _page(request, ours, theirs, form, status=422)


def _page(request: HttpRequest, ours: CardLook, theirs: CardLook, form: MergeForm, status: int = 200) -> HttpResponse:
    shows_people(request, 2)
    choices = compared(ours, theirs)
    if any(one.ours_opened for one in choices):
        note_disclosure(request, ours, "card")
    if any(one.theirs_opened for one in choices):
        note_disclosure(request, theirs, "card")
    context: dict[str, Any] = {
        "kind": ours.kind,
        "ours": ours,
        "theirs": theirs,
        "choices": choices,
        "moving": rows_told(ours.kind.model, theirs.card.pk),
        "form": form,
        "told": pair_told(ours.kind, (ours.card.pk, theirs.card.pk)),
    }
    return render(request, "cards/merge.html", context, status=status)
