"""Rows of a section, one form at a time inside the section."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shared.cards.kinds import CardKind
from shared.cards.layout import Absence, Section
from shared.kernel.days import written
from shared.kernel.rules import RuleViolation
from shared.ui.forms import SpeakingForm
from tenants.cards.drafts import Place, draft_of, drop_draft
from tenants.cards.models import SectionDraft
from tenants.cards.sections import CardLook
from tenants.cards.sections_form import EditForm, row_form
from tenants.cards.sections_rows import end_row, handler_of, row_base, save_row, withdraw_row
from tenants.cards.sections_saving import Base, explain_rows, read_base, sign_base
from tenants.cards.typed import is_changed
from tenants.cards.views.common import look_of, says, section_or_404
from tenants.cards.views.drafts import draft_answer, read_answer


class EndForm(SpeakingForm):
    """From which day a row holds no longer."""

    day = forms.DateField(
        label="Не действует с",
        error_messages={"invalid": "Напишите дату как ДД.ММ.ГГГГ, например 01.09.2026."},
    )


class WithdrawForm(SpeakingForm):
    """Why a row is taken away."""

    reason = forms.CharField(label="Что записано неверно", max_length=200)


@never_cache
@require_http_methods(["GET", "POST"])
def row_new(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> HttpResponse:
    """A new row of a section."""
    look, known = _asked(request, kind, card_id, section)
    return _row(request, look, known, None)


@never_cache
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str, row_id: uuid.UUID) -> HttpResponse:
    """A row to be corrected."""
    look, known = _asked(request, kind, card_id, section)
    return _row(request, look, known, _row_of(look, known, row_id))


@require_POST
def row_new_draft(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> HttpResponse:
    """What is typed into a row that is not added yet."""
    look, known = _asked(request, kind, card_id, section)
    return _draft(request, look, known, None)


@require_POST
def row_draft(
    request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str, row_id: uuid.UUID
) -> HttpResponse:
    """What is typed into a row that is being corrected."""
    look, known = _asked(request, kind, card_id, section)
    return _draft(request, look, known, _row_of(look, known, row_id))


@require_POST
def row_end(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str, row_id: uuid.UUID) -> HttpResponse:
    """A row that holds no longer."""
    look, known = _asked(request, kind, card_id, section)
    held, form = _row_of(look, known, row_id), EndForm(request.POST)
    if handler_of(kind, known).end is None:
        raise Http404
    if form.is_valid():
        day, by = form.cleaned_data["day"], look.actor.signature
        try:
            end_row(kind=kind, card_id=card_id, section=known, row_id=row_id, day=day, by=by)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return _done(request, look, known, f"Запись завершена: не действует с {written(day)}.")
    return _form_page(request, look, known, held, row_form(look, known, held), ending=form, status=422)


@require_POST
def row_withdraw(
    request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str, row_id: uuid.UUID
) -> HttpResponse:
    """A row written by mistake."""
    look, known = _asked(request, kind, card_id, section)
    held, form = _row_of(look, known, row_id), WithdrawForm(request.POST)
    if handler_of(kind, known).withdraw is None:
        raise Http404
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], look.actor.signature
        try:
            withdraw_row(kind=kind, card_id=card_id, section=known, row_id=row_id, reason=reason, by=by)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return _done(request, look, known, "Запись убрана. В истории карточки она остаётся.")
    return _form_page(request, look, known, held, row_form(look, known, held), withdrawing=form, status=422)


@require_POST
def absence(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> HttpResponse:
    """Why a section of rows is empty: it counts as filled then."""
    look, known = _asked(request, kind, card_id, section)
    why = request.POST.get("why", "")
    if why not in {"", *(str(one) for one in Absence)}:
        raise Http404
    explain_rows(kind=kind, card_id=card_id, section=known.code, why=why)
    return _done(request, look, known, f"Раздел «{known.title}»: пояснение записано.")


def _row(request: HttpRequest, look: CardLook, section: Section, held: Model | None) -> HttpResponse:
    if request.method == "GET":
        return _opened(request, look, section, held)
    form, base = row_form(look, section, held, request.POST), {}
    if form.is_valid():
        try:
            base = dict(_base_in(request, look, section).values) if held is not None else {}
            save_row(
                kind=look.kind,
                card_id=look.card.pk,
                section=section,
                row_id=held.pk if held is not None else None,
                fields=look.editable(section),
                values=form.typed_values,
                base=base,
                by=look.actor.signature,
                basis=form.cleaned_data["basis"],
            )
        except RuleViolation as violation:
            form.tell(violation)
        else:
            drop_draft(_place(look, section, held))
            return _row_saved(request, look, section)
    return _form_page(request, look, section, held, form, status=422)


def _opened(request: HttpRequest, look: CardLook, section: Section, held: Model | None) -> HttpResponse:
    """The form with the values of the row, or with what its author has not saved the last time."""
    form, kept = row_form(look, section, held), draft_of(_place(look, section, held))
    if kept is None or not is_changed(form, kept.texts):
        return _form_page(request, look, section, held, form)
    return _form_page(request, look, section, held, row_form(look, section, held, draft=kept), draft=kept)


def _draft(request: HttpRequest, look: CardLook, section: Section, held: Model | None) -> HttpResponse:
    return draft_answer(
        request,
        _place(look, section, held),
        row_form(look, section, held),
        opened=lambda: _opened(request, look, section, held),
        read=lambda: read_answer(request, look, section),
    )


def _place(look: CardLook, section: Section, held: Model | None) -> Place:
    return look.place(section, held.pk if held is not None else None)


def _row_saved(request: HttpRequest, look: CardLook, section: Section) -> HttpResponse:
    said = f"Раздел «{section.title}»: запись сохранена."
    if "next" not in request.POST:
        return _done(request, look, section, said)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect("cards:row_new", look.kind, look.card.pk, section.code)
    return says(_opened(request, look, section, None), said)


def _done(request: HttpRequest, look: CardLook, section: Section, said: str) -> HttpResponse:
    """The section as it is read now."""
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect("cards:sections", look.kind, look.card.pk)
    return says(read_answer(request, look_of(request, look.kind, look.card.pk, look.kind.edits), section), said)


def _asked(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> tuple[CardLook, Section]:
    look = look_of(request, kind, card_id, kind.edits)
    known = section_or_404(kind, section)
    if not known.rows or look.is_sealed or not look.editable(known):
        raise Http404
    return look, known


def _row_of(look: CardLook, section: Section, row_id: uuid.UUID) -> Model:
    found: Model = get_object_or_404(getattr(look.card, section.rows), pk=row_id)
    return found


def _base_in(request: HttpRequest, look: CardLook, section: Section) -> Base:
    token = request.POST.get("base", "")
    return read_base(token, kind=look.kind.code, card_id=look.card.pk, section=section.code)


def _form_page(
    request: HttpRequest,
    look: CardLook,
    section: Section,
    held: Model | None,
    form: EditForm,
    *,
    ending: EndForm | None = None,
    withdrawing: WithdrawForm | None = None,
    draft: SectionDraft | None = None,
    status: int = 200,
) -> HttpResponse:
    base = Base(row_base(held, look.editable(section)) if held is not None else {}, {})
    if draft is not None:
        base = Base.of_json(draft.base)
    elif form.is_bound and held is not None:
        with suppress(RuleViolation):
            base = _base_in(request, look, section)  # what its author was shown, not what stands there now
    handler = handler_of(look.kind, section)
    place: list[Any] = [look.kind, look.card.pk, section.code, *([held.pk] if held is not None else [])]
    context = {
        "look": look,
        "section": section,
        "row": held,
        "form": form,
        "action": reverse("cards:row" if held else "cards:row_new", args=place),
        "draft_url": reverse("cards:row_draft" if held else "cards:row_new_draft", args=place),
        "draft": draft,
        "base": sign_base(base, kind=look.kind.code, card_id=look.card.pk, section=section.code),
        "may_end": held is not None and handler.end is not None,
        "may_withdraw": held is not None and handler.withdraw is not None,
        "ending": ending or EndForm(initial={"day": written(timezone.localdate())}),
        "withdrawing": withdrawing or WithdrawForm(),
    }
    template = "cards/_row_form.html" if request.htmx else "cards/section.html"  # type: ignore[attr-defined]
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
