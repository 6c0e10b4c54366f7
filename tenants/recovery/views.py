"""«Восстановление записей»: copies offered by the operator, what differs, one record side by side."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.copies.models import OfferedCopy
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation
from tenants.people.special_forms import ReasonForm
from tenants.recovery.asking import compare_again, requests_of
from tenants.recovery.bars import bar_of, bars_of
from tenants.recovery.listing import COLUMNS, FILTERS, Listing
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES, PARTS
from tenants.recovery.rows import rows_now
from tenants.recovery.showing import SIDES, Card, Eyes, text_of

PAGE_SIZE: Final = 30
# The log knows learners by this word, the others by their tables.
_LOGGED: Final = {"student": "student", "guardian": "people_guardian", "staff": "staff_staffmember"}


@requires("recovery.read")
@require_safe
def copies(request: HttpRequest) -> HttpResponse:
    """Copies to take records from, and what was asked for so far."""
    page = Paginator(requests_of(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"offers": list(OfferedCopy.objects.all()), "page_obj": page}
    return render(request, "recovery/copies.html", context)


@requires("recovery.read")
@require_http_methods(["GET", "HEAD", "POST"])
def comparison(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """What differs, a line a card; a POST carries the search and the filters and answers with their address."""
    offer = get_object_or_404(OfferedCopy, pk=offer_id)
    if request.method == "POST":
        wanted = [name for name in FILTERS if request.POST.get(name)]
        return redirect(f"{reverse('recovery:comparison', args=[offer.pk])}?{posted_address(request, wanted)}")
    listing = Listing(request, offer)
    context: dict[str, Any] = {"offer": offer, "listing": listing}
    if offer.is_ready:
        page = listing.page()
        lines = listing.lines(page)
        shows_people(request, len(lines))
        entities, kinds = listing.facets()
        context |= {"page_obj": page, "lines": lines, "entities": entities, "kinds": kinds}
        context["may_ask"] = actor_of(request).may("recovery.ask")
    is_fragment = bool(request.htmx) and offer.is_ready  # type: ignore[attr-defined]
    response = render(request, "recovery/_results.html" if is_fragment else "recovery/comparison.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("lists.export")
@require_GET
def export(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """The same list as a file: names of cards and of fields, no values."""
    if not actor_of(request).may("recovery.read"):
        raise Http404
    offer = get_object_or_404(OfferedCopy, pk=offer_id, state=OfferedCopy.State.DONE)
    listing = Listing(request, offer)
    title, rows = f"Отличия от копии на {offer.taken_at:%d.%m.%Y}", listing.everything()
    return workbook_answer(request, title=title, columns=COLUMNS, rows=rows, filters=listing.filters_text)


@requires("recovery.ask")
@require_POST
def compare(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Have the worker compare once more."""
    offer = get_object_or_404(OfferedCopy, pk=offer_id)
    try:
        compare_again(offer)
    except RuleViolation as violation:
        messages.error(request, str(violation))
    else:
        messages.success(request, "Сравнение начато. Обновите страницу через несколько секунд.")
    return redirect("recovery:comparison", offer.pk)


@requires("recovery.read")
@never_cache
@throttled("reveal")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, offer_id: uuid.UUID, entity: str, head_id: uuid.UUID) -> HttpResponse:
    """One card side by side; a POST says why special facts are opened, and the log keeps it."""
    offer = get_object_or_404(OfferedCopy, pk=offer_id, state=OfferedCopy.State.DONE)
    eyes = Eyes(actor_of(request))
    found = list(eyes.seen(offer.pk).filter(entity=entity, head_id=head_id))
    if not found:
        raise Http404
    form = ReasonForm(request.POST or None) if any(map(_is_closed, found)) and eyes.sees_special else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            eyes = Eyes(eyes.actor, special_reason=form.text)
            note_look(request, head_id, "special", reason=form.text)
    shows_people(request, 1, subject_kind=_LOGGED.get(entity, ""), subject_id=head_id)
    records = eyes.records(found)
    card = Card(ENTITIES[entity], head_id, max(one.title for one in found), found, bars_of_records(found))
    context = {
        "offer": offer,
        "card": card,
        "records": records,
        "may_take": actor_of(request).may("recovery.ask") and any(one.may_take for one in records),
        "special_form": None if eyes.special_reason else form,
        "special_reason": eyes.special_reason,
    }
    refused = request.method == "POST" and not eyes.special_reason
    return render(request, "recovery/record.html", context, status=422 if refused else 200)


@requires("recovery.read")
@throttled("reveal")
@require_POST
def reveal(request: HttpRequest, difference_id: uuid.UUID, column: str, side: str) -> HttpResponse:
    """One value from behind its mask, on one of the sides; who looked is logged by ids."""
    one = get_object_or_404(Difference, pk=difference_id)
    offer = get_object_or_404(OfferedCopy, pk=one.offer_id, state=OfferedCopy.State.DONE)
    eyes = Eyes(actor_of(request))
    if side not in SIDES or not eyes.seen(offer.pk).filter(pk=one.pk).exists() or not eyes.may_reveal(one, column):
        raise Http404
    if bar_of(one, bars_of(one.people)):
        raise Http404
    part = PARTS[one.part]
    row = one.old if side == "old" else rows_now(part, [one.key]).get(one.key)
    note_look(request, one.head_id, part.fields[column].code if column in part.fields else column,
              kind=_LOGGED.get(one.entity, part.table))  # fmt: skip
    value = (row or {}).get(column)
    return HttpResponse(text_of(part, column, value) if value else "", content_type="text/plain; charset=utf-8")


def bars_of_records(found: list[Difference]) -> dict[uuid.UUID, str]:
    return bars_of(person for one in found for person in one.people)


def _is_closed(one: Difference) -> bool:
    """Whether something of it opens for a reason only."""
    part = PARTS[one.part]
    return one.is_special or (one.kind != Difference.Kind.CHANGED and bool(part.special))
