"""The first page of an organization's workspace, and the search palette of every page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from shared.access.actors import Actor
from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.support.showing import shows_people
from shared.kernel.days import academic_year_of
from tenants.duties.notices import notice_for
from tenants.groups.models import Group
from tenants.home.digest import digest_for
from tenants.orders.models import Order
from tenants.orders.picking import known_learners
from tenants.organization.reading import notice_for as card_notice_for
from tenants.people.listing import StudentLine
from tenants.people.models import Student
from tenants.quality.notice import notice_for as quality_notice_for

PALETTE_LINES = 8


@requires("home.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What needs a decision now, the numbers of the day, classes, last movements and imports."""
    actor = actor_of(request)
    digest = digest_for(actor, organization_of(request).id)
    shows_people(request, len(digest.movements))
    context = {
        "digest": digest,
        "duties": notice_for(actor) if actor.may("duties.read") else None,
        "quality": quality_notice_for(actor, organization_of(request).id),
        "card_notice": card_notice_for(actor),
        "may": {name.replace(".", "_"): True for name in actor.capabilities},
    }
    return render(request, "home/index.html", context)


@requires("students.list")
@require_POST
def palette(request: HttpRequest) -> HttpResponse:
    """Learners, classes and orders for a typed word; it comes in the body, so no name stands in an address."""
    actor, text = actor_of(request), request.POST.get("q", "").strip()[:100]
    lines = _known(actor, text)[:PALETTE_LINES]
    shows_people(request, len(lines))
    context = {"text": text, "lines": lines, "may_read": actor.may("students.read")}
    if len(text) > 0:
        year = academic_year_of(lines[0].day) if lines else None
        groups = Group.objects.known().filter(name__istartswith=text)
        context["groups"] = (groups.filter(academic_year=year) if year else groups).order_by("-academic_year", "name")[
            :5
        ]
        if actor.may("orders.read") and any(map(str.isdigit, text)):
            context["orders"] = Order.objects.filter(number__istartswith=text).order_by("-issued_on")[:5]
    return render(request, "home/_palette.html", context)


def _known(actor: Actor, text: str) -> list[StudentLine]:
    reached = Student.objects.seen_by(actor, "students.list")
    return known_learners(text, among=reached, by_snils=actor.may_everywhere("students.identity"))
