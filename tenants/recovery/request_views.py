"""Asking for the chosen records, seeing what was asked for, taking it back again."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from shared.access.approvals.models import Approval
from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.support.showing import shows_people
from shared.copies.models import OfferedCopy
from shared.kernel.rules import RuleViolation
from shared.kernel.text import plural, thousands
from tenants.recovery.asking import Wish, ask_for, check_number, requests_of, told, wish_of
from tenants.recovery.bars import bars_of, people_of
from tenants.recovery.bundles import chosen_of, dependents_of
from tenants.recovery.forms import AskForm, UndoForm
from tenants.recovery.listing import Listing, heads_of, key_of
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES
from tenants.recovery.showing import Card, Eyes
from tenants.recovery.taking import undo_taking

SHOWN: Final = 200


@requires("recovery.ask")
@require_POST
def chosen(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """What was marked in the list or on a card, what comes along with it, and the question why."""
    offer = get_object_or_404(OfferedCopy, pk=offer_id, state=OfferedCopy.State.DONE)
    keys = _marked(request, offer)
    try:
        check_number(keys)
    except RuleViolation as violation:
        messages.error(request, str(violation))
        return redirect("recovery:comparison", offer.pk)
    return _chosen_page(request, offer, keys, AskForm())


def wish_here(request: HttpRequest, offer_id: uuid.UUID) -> Wish | RuleViolation:
    """Groundwork of ``ask`` in the organization's own scope: the records it names are those its asker may see."""
    offer = get_object_or_404(OfferedCopy, pk=offer_id, state=OfferedCopy.State.DONE)
    try:
        return wish_of(offer, _marked(request, offer), with_special="with_special" in request.POST)
    except RuleViolation as violation:
        return violation


@requires("recovery.ask", scope="accounts", groundwork=wish_here)
@require_POST
def ask(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """The request for the second person."""
    wish: Wish | RuleViolation = request.groundwork  # type: ignore[attr-defined]
    form = AskForm(request.POST)
    if not form.is_valid() or isinstance(wish, RuleViolation):
        if isinstance(wish, RuleViolation):
            form.refuse(wish)
        keys = request.POST.getlist("id")
        context = {"offer_id": offer_id, "form": form, "keys": keys, "wish": wish if isinstance(wish, Wish) else None}
        return render(request, "recovery/ask_again.html", context, status=422)
    approval = ask_for(wish, actor=actor_of(request), reason=form.cleaned_data["reason"])
    messages.success(request, f"Запрос № {approval.number} отправлен. Записи вернутся, когда его разрешит директор.")
    return redirect("recovery:request", approval.pk)


@requires("recovery.read")
@require_safe
def request_page(request: HttpRequest, approval_id: uuid.UUID) -> HttpResponse:
    """What a request names, and what has become of each record."""
    return _request_page(request, _asked(approval_id), UndoForm())


@requires("recovery.ask")
@require_POST
def undo(request: HttpRequest, approval_id: uuid.UUID) -> HttpResponse:
    """Take the taking back; what somebody has changed since stays as he left it."""
    approval, form = _asked(approval_id), UndoForm(request.POST)
    if not form.is_valid():
        return _request_page(request, approval, form, status=422)
    try:
        result = undo_taking(
            approval_id=approval.pk,
            number=approval.number,
            by=actor_of(request).signature,
            reason=form.cleaned_data["reason"],
        )
    except RuleViolation as violation:
        form.refuse(violation)
        return _request_page(request, approval, form, status=422)
    done, kept = (sum(1 for one in rows if not one.is_special) for rows in (result.done, result.refused))
    said = f"Отменено: {thousands(done)} {plural(done, 'запись,записи,записей')}."
    messages.success(request, said + (f" Осталось: {thousands(kept)}, причины — ниже." if kept else ""))
    return redirect("recovery:request", approval.pk)


def _marked(request: HttpRequest, offer: OfferedCopy) -> list[uuid.UUID]:
    """Whole cards of the list, single records of a card, or all that the list has found."""
    seen = Eyes(actor_of(request)).seen(offer.pk)
    if "all" in request.POST:
        return list(Listing(request, offer).found.waiting().values_list("pk", flat=True))
    keys = [key for text in request.POST.getlist("id") if (key := key_of(text))]
    single = seen.waiting().filter(pk__in=keys).values_list("pk", flat=True)
    return sorted({*single, *heads_of(seen, request.POST.getlist("card"))})


def _chosen_page(request: HttpRequest, offer: OfferedCopy, keys: list[uuid.UUID], form: AskForm) -> HttpResponse:
    eyes = Eyes(actor_of(request))
    visible = {one.code for one in eyes.entities}
    rows = chosen_of(offer.pk, keys)
    along = [
        one
        for one in dependents_of(offer.pk, rows)
        if one.entity in visible and (eyes.sees_special or not one.is_special)
    ]
    shows_people(request, len({one.head_id for one in rows}))
    context: dict[str, Any] = {
        "offer": offer,
        "form": form,
        "keys": keys,
        "cards": _cards(rows),
        "along": _cards(along),
        "subject": told(rows),
        "count": len(rows),
    }
    return render(request, "recovery/chosen.html", context)


def _asked(approval_id: uuid.UUID) -> Approval:
    return get_object_or_404(requests_of(), pk=approval_id)


def _request_page(request: HttpRequest, approval: Approval, form: UndoForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    eyes = Eyes(actor)
    try:
        offer = OfferedCopy.objects.filter(pk=approval.arguments["offer"]).first()
    except (KeyError, ValidationError) as fault:
        raise Http404 from fault
    found: list[Difference] = []
    if offer is not None:
        named = eyes.seen(offer.pk)
        found = list(named.filter(pk__in=approval.arguments["records"]) | named.filter(approval_id=approval.pk))
    cards = _cards(found)
    shows_people(request, len(cards))
    ours = [one for one in found if one.approval_id == approval.pk]
    context = {
        "approval": approval,
        "offer": offer,
        "cards": cards[:SHOWN],
        "more": max(len(cards) - SHOWN, 0),
        "refused": _cards([one for one in ours if one.refusal])[:SHOWN],
        "form": form,
        "may_undo": actor.may("recovery.ask") and any(one.outcome == Difference.Outcome.TAKEN for one in ours),
        "is_undone": any(one.outcome == Difference.Outcome.UNDONE for one in ours),
        "may_decide": approval.is_waiting and actor.may("recovery.approve"),
    }
    return render(request, "recovery/request.html", context, status=status)


def _cards(found: list[Difference]) -> list[Card]:
    """Rows gathered by their cards, in the order of the list."""
    bars = bars_of(people_of(found))
    cards: dict[tuple[str, uuid.UUID], Card] = {}
    for one in found:
        card = cards.setdefault((one.entity, one.head_id), Card(ENTITIES[one.entity], one.head_id, one.title))
        card.rows.append(one)
        card.bars = bars
    rank = list(ENTITIES)
    return sorted(cards.values(), key=lambda card: (rank.index(card.entity.code), card.title))
