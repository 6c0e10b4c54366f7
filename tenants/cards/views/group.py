"""One value for many cards: choose, look, apply."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.requests import actor_of
from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.kernel.rules import RuleViolation
from shared.kernel.text import plural
from tenants.cards import group_edit
from tenants.cards.errors import NobodyChosen, PlanMissing
from tenants.cards.hands import hand_of
from tenants.cards.models import Batch, SectionDraft
from tenants.cards.sections_form import EditForm

CARDS = "карточку,карточки,карточек"
IN_CARDS = "карточке,карточках,карточках"


@require_POST
def group_choose(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """The cards marked in a list («id»), or everything that the list has found («all», its address in «query»)."""
    if "all" in request.POST and kind.found is not None:
        request.GET = QueryDict(request.POST.get("query", "").lstrip("?"))
        cards = kind.found(request)
    else:
        cards = kind.model._default_manager.filter(pk__in=list(_keys(request)))
    try:
        group_edit.choose(kind, actor_of(request), cards)
    except NobodyChosen as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request))
    return redirect("cards:group", kind)


@never_cache
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """Choose the field and the value; a POST shows what would change, and writes nothing yet."""
    actor = actor_of(request)
    fields = group_edit.fields_for(kind, actor)
    asked = (request.POST if request.method == "POST" else request.GET).get("field", "")
    one = next((known for known in fields if known.code == asked), None)
    try:
        plan = group_edit.plan_of(kind, actor.account_id)
    except PlanMissing as missing:
        return render(request, "cards/group_none.html", {"kind": kind, "text": str(missing)})
    context: dict[str, Any] = {"kind": kind, "fields": fields, "field": one, "count": len(plan.texts["keys"])}
    if one is None:
        return render(request, "cards/group.html", context)
    people = dict(kind.people()) if kind.people is not None and one.kind == "person" else {}
    form = _form(kind, one, people, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        value, basis = form.typed_values[one.code], form.cleaned_data["basis"]
        try:
            seen = group_edit.preview(kind, actor, one, value, basis=basis, people=people)
        except RuleViolation as violation:
            form.tell(violation)
        else:
            return render(request, "cards/group_preview.html", {**context, "preview": seen, "basis": basis})
    status = 422 if request.method == "POST" else 200
    return render(request, "cards/group.html", {**context, "form": form}, status=status)


@require_POST
def group_apply(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """Write what the preview has shown; many cards are written by a task."""
    actor = actor_of(request)
    hand = hand_of(kind, actor)
    try:
        plan = group_edit.plan_of(kind, actor.account_id)
        if group_edit.is_long(plan):
            group_edit.queue_plan(kind, plan, hand=hand)
            return redirect("cards:group_wait", kind)
        done = group_edit.apply_plan(kind, plan, hand=hand)
    except RuleViolation as violation:
        messages.error(request, str(violation))
        return redirect("cards:group", kind)
    _say(request, done.batch, done.overtaken, len(done.refused))
    return redirect("cards:batch", kind, done.batch.pk)


@never_cache
@require_GET
def group_wait(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """A long change is being written; when it is done its page opens."""
    plan = _plan_or_404(request, kind)
    refusal, batch_id = plan.base.get("refusal", ""), plan.base.get("batch")
    if batch_id:
        address = reverse("cards:batch", args=[kind, uuid.UUID(batch_id)])
        return HttpResponse(headers={"HX-Redirect": address}) if _is_fragment(request) else redirect(address)
    asked_at = parse_datetime(plan.base.get("asked_at", ""))
    context = {"kind": kind, "count": plan.base.get("count", 0), "refusal": refusal, "asked_at": asked_at}
    return render(request, "cards/_group_wait.html" if _is_fragment(request) else "cards/group_wait.html", context)


def _plan_or_404(request: HttpRequest, kind: CardKind) -> SectionDraft:
    place = {"account_id": actor_of(request).account_id, "kind": kind.code, "card_id": None}
    return get_object_or_404(SectionDraft, **place, section=group_edit.SECTION)


def _form(kind: CardKind, one: Field, people: dict[str, str], data: QueryDict | None) -> EditForm:
    choices = tuple(people.items())
    return EditForm(data, card=f"{kind.code}.group", fields=[one], values={}, people=choices, auto_id="group-%s")


def _keys(request: HttpRequest) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(key) for key in request.POST.getlist("id")]
    except ValueError as fault:
        raise Http404 from fault


def _say(request: HttpRequest, batch: Batch, overtaken: int, refused: int) -> None:
    text = f"Записано в {batch.changed} {plural(batch.changed, IN_CARDS)}. Отменить можно на этой странице."
    if overtaken:
        text += f" {overtaken} {plural(overtaken, CARDS)} за это время изменил или закрыл кто-то ещё, их не тронули."
    if refused:
        text += f" В {refused} {plural(refused, IN_CARDS)} значение не сходится с остальными сведениями, они прежние."
    messages.success(request, text)


def _back(request: HttpRequest) -> str:
    """The list the person came from; only a path of this host."""
    path = request.POST.get("back", "")
    return path if path.startswith("/") and not path.startswith("//") else reverse("home:index")


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]
