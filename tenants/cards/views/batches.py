"""Changes of many cards: the list, one of them card by card, its undo.

A page of a change shows of a card what the card itself shows, and no more.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shared.access.actors import Actor
from shared.access.requests import actor_of
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.masks import mask
from shared.cards.values import is_filled, unplain
from shared.kernel.rules import RuleViolation
from shared.kernel.text import plural
from shared.ui.forms import SpeakingForm
from tenants.cards.batches import ABSENCES, Undone, undo_batch
from tenants.cards.files import services as files
from tenants.cards.files.kinds import file_kinds
from tenants.cards.hands import hand_of, is_open
from tenants.cards.merging import UNDO_TERM, is_undoable, undo_merge
from tenants.cards.models import Batch, BatchChange, CardFile
from tenants.cards.sections import CardLook, reaching
from tenants.cards.successors import POINTER
from tenants.cards.views.common import note_disclosure

SHOWN: Final = 50
PAGE_SIZE: Final = 30
NOT_REACHED: Final = "Карточка недоступна"
CLOSED: Final = "закрыто"
WHOLE_CARD: Final = "card"  # the log's word for more than one value
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


@never_cache
@throttled("reveal")
@require_GET
def batch(request: HttpRequest, kind: CardKind, batch_id: uuid.UUID) -> HttpResponse:
    """One change of many cards: what stood in each and what stands there since."""
    return _page(request, kind, get_object_or_404(_seen(kind, actor_of(request)), pk=batch_id), UndoForm())


@never_cache
@throttled("reveal")
@require_POST
def undo(request: HttpRequest, kind: CardKind, batch_id: uuid.UUID) -> HttpResponse:
    """Take a change back; what somebody has changed since stays as he left it."""
    actor = actor_of(request)
    found = get_object_or_404(_seen(kind, actor), pk=batch_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _page(request, kind, found, form, status=422)
    try:
        said = _take_back(kind, actor, found, form.cleaned_data["reason"])
    except RuleViolation as violation:
        form.add_error(None, str(violation))
        return _page(request, kind, found, form, status=422)
    messages.success(request, said)
    return redirect("cards:batch", kind, found.pk)


def _take_back(kind: CardKind, actor: Actor, found: Batch, reason: str) -> str:
    """What a file has written is taken back by the file, which knows of more than values of cards."""
    if found.origin == Batch.Origin.MERGE:
        undo_merge(kind=kind, batch=found, by=actor.signature, reason=reason)
        return "Объединение отменено: карточки снова две, записи вернулись на свои места."
    if found.origin != Batch.Origin.FILE:
        return _told(undo_batch(kind, found, hand=hand_of(kind, actor), reason=reason))
    known = file_kinds()[kind.code]
    if not known.may_import(actor):
        raise PermissionDenied
    run = get_object_or_404(CardFile, batch=found)
    hand = known.hand_of(actor, is_mine=run.account_id == actor.account_id)
    run = files.undo(run, hand=hand, reason=reason)
    done = run.summary["undone"]
    return _told(Undone(done["restored"], done["kept"], done["withdrawn"]))


def _told(undone: Undone) -> str:
    text = f"Прежние значения вернулись в {undone.restored} {plural(undone.restored, IN_CARDS)}."
    if undone.withdrawn:
        text += f" Убрано новых карточек: {undone.withdrawn}."
    if undone.kept:
        text += (
            f" В {undone.kept} {plural(undone.kept, IN_CARDS)} значение с тех пор изменили или закрыли: оно осталось."
        )
    return text


def _seen(kind: CardKind, actor: Actor) -> QuerySet[Batch]:
    """Everything for who works with all cards of the kind; his own for who works with some."""
    found = Batch.objects.filter(kind=kind.code)
    right = actor.right(kind.edits)
    return found if right is not None and right.is_everywhere else found.filter(made_by=actor.signature)


def _page(request: HttpRequest, kind: CardKind, found: Batch, form: UndoForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    page = Paginator(found.changes.order_by("id"), SHOWN).get_page(request.GET.get("page"))
    looks = _looks(kind, actor, [change.card_id for change in page])
    shows_people(request, len(looks))
    for change in page:
        _note(request, change, looks.get(change.card_id))
    is_merge, is_file = found.origin == Batch.Origin.MERGE, found.origin == Batch.Origin.FILE
    may_import = is_file and file_kinds()[kind.code].may_import(actor)
    context = {
        "kind": kind,
        "batch": found,
        "page_obj": page,
        "lines": [one for change in page for one in _lines(change, looks)],
        "form": form,
        "is_merge": is_merge,
        "is_file": is_file,
        "file": CardFile.objects.filter(batch=found).only("id").first() if may_import else None,
        "may_undo": is_undoable(found) if is_merge else not found.is_undone,
        "closed_text": f"Отменить объединение можно в течение {UNDO_TERM.days} дней, срок прошёл.",
        "undone_text": f"{found.undone_by}, {found.undone_at:%d.%m.%Y}" if found.undone_at else "",
    }
    return render(request, "cards/batch.html", context, status=status)


def _looks(kind: CardKind, actor: Actor, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, CardLook]:
    """The cards that exist for this person, in his eyes; three queries, whatever the number of cards."""
    cards = kind.reached(actor, kind.reads).in_bulk(keys)
    may_identify = reaching(kind, actor, kind.identity, among=cards) if kind.identity else cards.__contains__
    people = dict(kind.people()) if kind.people is not None else {}
    return {
        key: CardLook(kind, card, actor, may_edit=False, may_identify=may_identify(key), people=people)
        for key, card in cards.items()
    }


def _note(request: HttpRequest, change: BatchChange, look: CardLook | None) -> None:
    """Have the log record whose values from behind a mask stand on the page."""
    if look is None or change.old is None or not look.kind.identity:
        return
    fields = (look.kind.layout.fields.get(code) for code in change.new)
    opened = [
        one.code
        for one in fields
        if one is not None
        and one.is_masked
        and _is_shown(look, one)
        and (is_filled(change.old.get(one.code)) or is_filled(change.new[one.code]))
    ]
    if opened:
        note_disclosure(request, look, opened[0] if len(opened) == 1 else WHOLE_CARD)


def _is_shown(look: CardLook, one: Field) -> bool:
    """Whether the value stands on the page as it is, not behind a mask and not closed."""
    is_masked = one.is_masked and bool(look.kind.identity) and not look.may_identify
    return not one.is_special and not is_masked and is_open(look.kind, look.card, one.code)


def _lines(change: BatchChange, looks: Mapping[uuid.UUID, CardLook]) -> list[Line]:
    look = looks.get(change.card_id)
    title, url = (str(look.card), look.url) if look is not None else (NOT_REACHED, "")
    if POINTER in change.new:
        kept = looks.get(uuid.UUID(change.new[POINTER]))
        said = f"объединена с карточкой «{kept.card}»" if kept else "объединена с другой"
        return [Line(title, url, "Карточка", "", said)]
    if change.old is None:
        return [Line(title, url, "Карточка", "", "создана")]
    if look is None:
        return [Line(title, url, "Значения", CLOSED, CLOSED)]
    return [
        Line(title, url, *_texts(look, code, change.old.get(code), value)) for code, value in change.new.items()
    ] or [Line(title, url, "Значения", "", "остались как были")]


def _texts(look: CardLook, code: str, old: Any, new: Any) -> tuple[str, str, str]:
    one = look.kind.layout.fields.get(code)
    if code == ABSENCES or one is None:
        return "Объяснённые пропуски", f"полей: {len(old or ())}", f"полей: {len(new or ())}"
    if one.is_special or not is_open(look.kind, look.card, code):
        return one.label, CLOSED, CLOSED
    was, becomes = (_text(look, one, unplain(one, value)) for value in (old, new))
    return one.label, was, becomes


def _text(look: CardLook, one: Field, value: Any) -> str:
    if not is_filled(value):
        return "пусто"
    return look.text(one, value) if _is_shown(look, one) else mask(one, value)
