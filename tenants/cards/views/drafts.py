"""What a form inside a card does with its draft: the same for a section and for a row of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shared.cards.layout import Section
from shared.kernel.rules import RuleViolation
from tenants.cards.drafts import Place, drop_draft, keep_draft, moment
from tenants.cards.models import SectionDraft
from tenants.cards.sections import CardLook
from tenants.cards.sections_form import EditForm
from tenants.cards.sections_saving import read_base
from tenants.cards.typed import is_changed, texts_of

Answer = Callable[[], HttpResponse]
INTO_FORM: Final = "form"


def draft_answer(request: HttpRequest, place: Place, form: EditForm, *, opened: Answer, read: Answer) -> HttpResponse:
    """Keep what is typed, or throw it away («discard»); «close» answers with the section as it is read.

    ``form`` is as it was opened without a draft; ``opened`` shows it anew.
    """
    if "discard" in request.POST:
        drop_draft(place)
        return opened() if request.POST["discard"] == INTO_FORM else read()
    try:
        kept = _kept(request, place, form)
    except RuleViolation as violation:
        return HttpResponse(str(violation), status=422, content_type="text/plain; charset=utf-8")
    if "close" in request.POST:
        return read()
    text = f"Черновик сохранён в {moment(kept)}" if kept else ""
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def read_answer(
    request: HttpRequest, look: CardLook, section: Section, remarks: list[str] | None = None
) -> HttpResponse:
    """The section as it is read; without a script, the card."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("cards:sections", look.kind, look.card.pk)
    context = {"look": look, "view": look.section(section), "remarks": remarks or []}
    return render(request, "cards/_section.html", context)


def _kept(request: HttpRequest, place: Place, form: EditForm) -> SectionDraft | None:
    """The draft of what was typed; None, and no draft, where nothing differs from the card."""
    texts = texts_of(form, request.POST)
    if not is_changed(form, texts):
        drop_draft(place)
        return None
    assert place.card_id is not None
    base = read_base(request.POST.get("base", ""), kind=place.kind, card_id=place.card_id, section=place.section)
    return keep_draft(place, texts=texts, base=base.as_json())
