"""Changes of many cards: the list, one of them card by card, its undo."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shared.access.actors import Actor
from shared.access.requests import actor_of
from shared.access.support.showing import shows_people
from shared.cards.kinds import CardKind
from shared.cards.masks import mask
from shared.cards.models import CardModel
from shared.cards.values import unplain, written
from shared.kernel.rules import RuleViolation
from shared.kernel.text import plural
from shared.ui.forms import SpeakingForm
from tenants.cards.batches import ABSENCES, undo_batch
from tenants.cards.merging import UNDO_TERM, is_undoable, undo_merge
from tenants.cards.models import Batch, BatchChange

SHOWN: Final = 50
PAGE_SIZE: Final = 30
NOT_REACHED: Final = "Карточка недоступна"
IN_CARDS: Final = "карточке,карточках,карточках"


class UndoForm(SpeakingForm):
    """Why a change is taken back."""

    reason = forms.CharField(
        label="Почему отменяете", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a card in a change of many."""

    title: str
    url: str
    label: str
    old: str
    new: str


@require_GET
def batches(request: HttpRequest, kind: CardKind) -> HttpResponse:
    """What was done to many cards at once, the newest first."""
    page = Paginator(_seen(kind, actor_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "cards/batches.html", {"kind": kind, "page_obj": page})


@require_GET
def batch(request: HttpRequest, kind: CardKind, batch_id: uuid.UUID) -> HttpResponse:
    """One change of many cards: what stood in each and what stands there since."""
    return _page(request, kind, get_object_or_404(_seen(kind, actor_of(request)), pk=batch_id), UndoForm())


@never_cache
@require_POST
def undo(request: HttpRequest, kind: CardKind, batch_id: uuid.UUID) -> HttpResponse:
    """Take a change back; what somebody has changed since stays as he left it."""
    actor = actor_of(request)
    found = get_object_or_404(_seen(kind, actor), pk=batch_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page(request, kind, found, form, status=422)
    by, reason = actor.signature, form.cleaned_data["reason"]
    try:
        if found.origin == Batch.Origin.MERGE:
            undo_merge(kind=kind, batch=found, by=by, reason=reason)
            said = "Объединение отменено: карточки снова две, записи вернулись на свои места."
        else:
            said = _told(undo_batch(kind, found, by=by, reason=reason))
    except RuleViolation as violation:
        form.add_error(None, str(violation))
        return _page(request, kind, found, form, status=422)
    messages.success(request, said)
    return redirect("cards:batch", kind, found.pk)


def _told(undone: Any) -> str:
    text = f"Прежние значения вернулись в {undone.restored} {plural(undone.restored, IN_CARDS)}."
    if undone.withdrawn:
        text += f" Убрано новых карточек: {undone.withdrawn}."
    if undone.kept:
        text += f" В {undone.kept} {plural(undone.kept, IN_CARDS)} значение с тех пор изменили: оно осталось."
    return text


def _seen(kind: CardKind, actor: Actor) -> QuerySet[Batch]:
    """Everything for who works with all cards of the kind; his own for who works with some."""
    found = Batch.objects.filter(kind=kind.code)
    right = actor.right(kind.edits)
    return found if right is not None and right.is_everywhere else found.filter(made_by=actor.signature)


def _page(request: HttpRequest, kind: CardKind, found: Batch, form: UndoForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    changes = list(found.changes.order_by("id")[:SHOWN])
    cards = kind.reached(actor, kind.reads).in_bulk([change.card_id for change in changes])
    shows_people(request, len(cards))
    may_identify = not kind.identity or ((right := actor.right(kind.identity)) is not None and right.is_everywhere)
    is_merge = found.origin == Batch.Origin.MERGE
    context = {
        "kind": kind,
        "batch": found,
        "lines": [one for change in changes for one in _lines(kind, change, cards, may_identify=may_identify)],
        "form": form,
        "is_merge": is_merge,
        "may_undo": is_undoable(found) if is_merge else not found.is_undone,
        "closed_text": f"Отменить объединение можно в течение {UNDO_TERM.days} дней, срок прошёл.",
        "undone_text": f"{found.undone_by}, {found.undone_at:%d.%m.%Y}" if found.undone_at else "",
    }
    return render(request, "cards/batch.html", context, status=status)


def _lines(
    kind: CardKind, change: BatchChange, cards: Mapping[uuid.UUID, CardModel], *, may_identify: bool
) -> list[Line]:
    card = cards.get(change.card_id)
    title, url = (str(card), kind.url(card)) if card is not None else (NOT_REACHED, "")
    if "merged_into" in change.new:
        kept = cards.get(uuid.UUID(change.new["merged_into"]))
        return [Line(title, url, "Карточка", "", f"объединена с карточкой «{kept}»" if kept else "объединена с другой")]
    if change.old is None:
        return [Line(title, url, "Карточка", "", "создана")]
    return [
        Line(title, url, *_texts(kind, code, change.old.get(code), value, may_identify=may_identify))
        for code, value in change.new.items()
    ] or [Line(title, url, "Значения", "", "остались как были")]


def _texts(kind: CardKind, code: str, old: Any, new: Any, *, may_identify: bool) -> tuple[str, str, str]:
    if code == ABSENCES or code not in kind.layout.fields:
        return "Объяснённые пропуски", f"полей: {len(old or ())}", f"полей: {len(new or ())}"
    field = kind.layout.fields[code]
    said = [written(field, unplain(field, value)) for value in (old, new)]
    if field.is_special or (field.is_masked and not may_identify):
        said = [mask(field, unplain(field, value)) for value in (old, new)]
    return field.label, said[0] or "пусто", said[1] or "пусто"
