"""Sections of a card: read, opened from behind a mask, edited in place."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.cards.kinds import CardKind
from shared.cards.layout import Section
from shared.cards.values import value_of
from shared.kernel.rules import RuleViolation
from tenants.cards.drafts import draft_of, drop_draft
from tenants.cards.errors import SectionConflict
from tenants.cards.models import SectionDraft
from tenants.cards.sections import CardLook, common_fields, next_lacking
from tenants.cards.sections_form import EditForm, section_form
from tenants.cards.sections_saving import Base, Conflict, Entry, base_of, read_base, save_section, sign_base
from tenants.cards.successors import leads_on
from tenants.cards.typed import is_changed
from tenants.cards.views.common import look_of, note_disclosure, says, section_or_404, subject_kind
from tenants.cards.views.drafts import draft_answer, read_answer

KEPT_THEIRS = "theirs"


@leads_on("card_id")
@require_GET
def sections(request: HttpRequest, kind: CardKind, card_id: uuid.UUID) -> HttpResponse:
    """All common sections of a card: a fragment inside the page of its room, or a page of its own."""
    look = look_of(request, kind, card_id, kind.reads)
    shows_people(request, 1, subject_kind=subject_kind(kind), subject_id=look.card.pk)
    context = {"look": look, "views": look.sections()}
    template = "cards/_sections.html" if _is_fragment(request) else "cards/sections.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def shown(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> HttpResponse:
    """One section as it is read."""
    look = look_of(request, kind, card_id, kind.reads)
    return read_answer(request, look, section_or_404(kind, section))


@throttled("reveal")
@require_POST
def reveal(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, field: str) -> HttpResponse:
    """One value from behind its mask; who looked is logged by ids."""
    look = look_of(request, kind, card_id, kind.identity)
    if not look.may_reveal(field):
        raise Http404
    note_disclosure(request, look, field)
    known = common_fields(kind)[field]
    value = look.text(known, value_of(look.card, known))
    return HttpResponse(value, content_type="text/plain; charset=utf-8")


@never_cache
@throttled("reveal")
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> HttpResponse:
    """The form of a section; it shows what is masked elsewhere, so opening it is a disclosure."""
    look = look_of(request, kind, card_id, kind.edits)
    known = section_or_404(kind, section)
    if known.rows or not look.editable(known):
        raise Http404
    if request.method == "GET":
        return _opened(request, look, known)
    form = section_form(look, known, request.POST)
    conflicts: list[Conflict] = []
    if form.is_valid():
        try:
            base = read_base(request.POST.get("base", ""), kind=kind.code, card_id=card_id, section=section)
            written = save_section(
                kind=kind,
                card_id=card_id,
                fields=look.editable(known),
                entry=_entry(form, base, request.POST),
                by=look.actor.signature,
            )
        except SectionConflict as conflict:
            conflicts = conflict.facts["conflicts"]  # type: ignore[assignment]
        except RuleViolation as violation:
            form.tell(violation)
        else:
            drop_draft(look.place(known))
            return _saved(request, look, known, form, written)
    base = _base_again(request, look, known, conflicts)
    return _form_page(request, look, known, form, base, status=422, conflicts=conflicts)


@require_POST
def draft(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, section: str) -> HttpResponse:
    """The draft of what is typed into a section: kept, thrown away, or kept while the form is closed."""
    look = look_of(request, kind, card_id, kind.edits)
    known = section_or_404(kind, section)
    if known.rows or not look.editable(known):
        raise Http404
    return draft_answer(
        request,
        look.place(known),
        section_form(look, known),
        opened=lambda: _opened(request, look, known),
        read=lambda: read_answer(request, look, known),
    )


def _opened(request: HttpRequest, look: CardLook, section: Section, *, is_beside: bool = False) -> HttpResponse:
    """The form with the values of the card, or with what its author has not saved the last time.

    ``is_beside``: it comes along with another section and finds its place itself.
    """
    form, kept = section_form(look, section), draft_of(look.place(section))
    if kept is None or not is_changed(form, kept.texts):
        base = base_of(look.card, look.editable(section))
        return _form_page(request, look, section, form, base, is_beside=is_beside)
    restored = section_form(look, section, draft=kept)
    base = Base.of_json(kept.base)
    return _form_page(request, look, section, restored, base, draft=kept, is_beside=is_beside)


def _entry(form: EditForm, base: Base, data: QueryDict) -> Entry:
    return Entry(
        values=form.typed_values,
        absences=form.absences,
        base=base,
        basis=form.cleaned_data["basis"],
        yields=[code for code in form.typed_values if data.get(f"keep_{code}") == KEPT_THEIRS],
    )


def _base_again(request: HttpRequest, look: CardLook, section: Section, conflicts: list[Conflict]) -> Base:
    """After a conflict its author has seen the present values; otherwise the form keeps the base it came with."""
    fields = look.editable(section)
    if conflicts:
        return base_of(look_of(request, look.kind, look.card.pk, look.kind.edits).card, fields)
    try:
        token = request.POST.get("base", "")
        return read_base(token, kind=look.kind.code, card_id=look.card.pk, section=section.code)
    except RuleViolation:
        return base_of(look.card, fields)


def _saved(
    request: HttpRequest, look: CardLook, section: Section, form: EditForm, written: tuple[str, ...]
) -> HttpResponse:
    """The section as it is read now; «Сохранить и дальше» opens the next one that lacks something."""
    fresh = look_of(request, look.kind, look.card.pk, look.kind.edits)
    said = f"Раздел «{section.title}» сохранён." if written else "Изменений нет, карточка осталась как была."
    following = next_lacking(fresh, section) if "next" in request.POST else None
    if not _is_fragment(request):
        messages.success(request, said)
        address = reverse("cards:sections", args=[look.kind, look.card.pk])
        if following is not None:
            address = reverse("cards:section", args=[look.kind, look.card.pk, following.code])
        return redirect(address)
    response = read_answer(request, fresh, section, remarks=form.remarks)
    if following is not None:
        response.content += _opened(request, fresh, following, is_beside=True).content
    return says(response, said)


def _form_page(
    request: HttpRequest,
    look: CardLook,
    section: Section,
    form: EditForm,
    base: Base,
    *,
    status: int = 200,
    draft: SectionDraft | None = None,
    conflicts: list[Conflict] | None = None,
    is_beside: bool = False,
) -> HttpResponse:
    """The form leaves with the values it was opened with, also when it comes back refused."""
    if look.kind.identity and any(one.is_masked for one in look.editable(section)):
        note_disclosure(request, look, section.code)
    context = {
        "look": look,
        "section": section,
        "form": form,
        "base": sign_base(base, kind=look.kind.code, card_id=look.card.pk, section=section.code),
        "draft": draft,
        "draft_url": reverse("cards:draft", args=[look.kind, look.card.pk, section.code]),
        "conflicts": conflicts or [],
        "is_beside": is_beside,
    }
    template = "cards/_section_form.html" if _is_fragment(request) else "cards/section.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]
