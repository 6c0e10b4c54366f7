"""Pages of the quality of data inside an organization. Source: R-037, R-039, R-064, R-165, R-235."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.actors import Actor
from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.cards.kinds import CardKind
from shared.documents.downloads import paper_answer, table_answer
from shared.kernel.rules import RuleViolation
from shared.quality.currency import CURRENCY
from tenants.cards.kinds import KINDS
from tenants.quality.cards import LISTED, READ, kinds_for, within
from tenants.quality.dashboard import dashboard_for
from tenants.quality.files import (
    COLUMNS,
    REPORT_COLUMNS,
    SAMPLE_COLUMNS,
    card_rows,
    report_rows,
    sample,
    sample_rows,
)
from tenants.quality.keepers import Keepers, staff_here
from tenants.quality.listing import PARAMETERS, STATES, CardListing, rule_lines
from tenants.quality.meter import meter_of
from tenants.quality.reliability import read_whole, rule_names, tally
from tenants.quality.services import confirm


@requires("quality.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How full and current everything is that this person watches, and what is due."""
    found = dashboard_for(actor_of(request), organization_of(request).id)
    context = {"found": found, "currency": CURRENCY, "may_answer": actor_of(request).may("quality.answer")}
    return render(request, "quality/home.html", context)


@requires("quality.read")
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """What the checks find on stored cards, by rule; asked by the page after it has opened."""
    actor, today = actor_of(request), timezone.localdate()
    lines = []
    for kind in kinds_for(actor):
        with_special = actor.may_everywhere(kind.special)
        found = tally(kind, within(actor, kind, today), today, with_special=with_special)
        lines += rule_lines(kind, found.by_rule, rule_names(kind))
    context = {"lines": lines, "listed": LISTED}
    return render(request, "quality/_findings.html", context)


@requires("quality.read")
@require_safe
def report(request: HttpRequest, extension: str) -> HttpResponse:
    """The figures by kind and by class as a file, for a meeting. Source: R-257."""
    found = dashboard_for(actor_of(request), organization_of(request).id)
    return table_answer(
        request,
        extension,
        title="Полнота и актуальность данных",
        columns=REPORT_COLUMNS,
        rows=report_rows(found),
        filters=f"На {found.today:%d.%m.%Y}",
        is_personal=False,
    )


@requires("quality.read", groundwork=staff_here)
@require_http_methods(["GET", "POST"])
def cards(request: HttpRequest, kind: str) -> HttpResponse:
    """Cards that lack something, are stale or contradict themselves; a POST answers with the address of a search."""
    known = _listed(request, kind)
    if request.method == "POST":
        return redirect(f"{reverse('quality:cards', args=[kind])}?{posted_address(request, PARAMETERS)}")
    listing = CardListing(request, known, Keepers.known_to(request))
    page = listing.page()
    lines = listing.lines(page)
    shows_people(request, len(lines))
    context = {"listing": listing, "page_obj": page, "lines": lines, "states": STATES, "currency": CURRENCY}
    context |= {"kinds": [one for one in kinds_for(listing.actor) if one.code in LISTED]}
    context |= {"may_export": listing.actor.may("lists.export")}
    template = "quality/_cards.html" if request.htmx else "quality/cards.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("lists.export", groundwork=staff_here)
@require_safe
def export(request: HttpRequest, kind: str, extension: str) -> HttpResponse:
    """The same list as a file."""
    listing = CardListing(request, _listed(request, kind), Keepers.known_to(request))
    return table_answer(
        request,
        extension,
        title=f"Качество данных: {listing.kind.many.lower()}",
        columns=COLUMNS,
        rows=card_rows(listing.lines(listing.found)),
        filters=listing.filters_text,
    )


@requires("lists.export", groundwork=staff_here)
@require_safe
def sample_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Twenty cards of the day to be compared with papers, with the author and the ground of the last change."""
    listing = CardListing(request, _listed(request, kind), Keepers.known_to(request))
    chosen = list(sample(within(listing.actor, listing.kind, listing.today)))
    return paper_answer(
        request,
        title=f"Выборка для сверки с документами: {listing.kind.many.lower()}",
        columns=SAMPLE_COLUMNS,
        rows=sample_rows(listing.kind, chosen, listing.group_names(chosen)),
        filters=f"Выборка на {listing.today:%d.%m.%Y}",
    )


@require_safe
def card(request: HttpRequest, kind: CardKind, card_id: uuid.UUID) -> HttpResponse:
    """The meter of one card: a fragment of its page."""
    return _meter(request, kind, card_id)


@require_POST
def confirmed(request: HttpRequest, kind: CardKind, card_id: uuid.UUID) -> HttpResponse:
    """«Данные верны на сегодня»: answers with the meter, a plain form goes back to the card."""
    actor = actor_of(request)
    found = _card(kind, card_id, actor, kind.edits)
    try:
        confirm(kind, found, today=timezone.localdate(), by=actor.signature)
    except RuleViolation as violation:
        return _meter(request, kind, card_id, refusal=str(violation))
    if request.htmx:  # type: ignore[attr-defined]
        return _meter(request, kind, card_id)
    return redirect(kind.url(found))


def _meter(request: HttpRequest, kind: CardKind, card_id: uuid.UUID, refusal: str = "") -> HttpResponse:
    actor = actor_of(request)
    found = _card(kind, card_id, actor, kind.reads)
    if kind.is_sealed(found):
        return render(request, "quality/_meter.html", {"sealed": True})
    may_edit = actor.may(kind.edits) and kind.reached(actor, kind.edits).filter(pk=card_id).exists()
    meter = meter_of(kind, found, actor, Keepers.known_to(request), may_edit=may_edit)
    context = {"meter": meter, "refusal": refusal, "url": kind.url(found)}
    return render(request, "quality/_meter.html", context, status=422 if refusal else 200)


def _card(kind: CardKind, card_id: uuid.UUID, actor: Actor, capability: str) -> object:
    """The card with everything the meter reads, if the right reaches it; otherwise it does not exist."""
    reached = get_object_or_404(kind.reached(actor, capability).order_by().values_list("pk", flat=True), pk=card_id)
    return next(iter(read_whole(kind, kind.model._default_manager.filter(pk=reached))))


def _listed(request: HttpRequest, code: str) -> CardKind:
    """A kind of cards that has a list and of which this person may see more than his own."""
    actor = actor_of(request)
    if not actor.may(READ):
        raise PermissionDenied
    if code not in LISTED or KINDS[code] not in kinds_for(actor):
        raise Http404
    return KINDS[code]
