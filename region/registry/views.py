"""The registry of people: search with filters and the panel of a person, on the hosts of region and municipality."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from region.registry.facets import FACETS, facets_of, labels_of
from region.registry.people import lines_of
from region.registry.search import LIKENESS, PAGE, find_people
from region.registry.wanted import FILTERS, STATES, TWO_PLACES, Wanted, wanted
from shared.access.declarations import requires
from shared.access.requests import note_action
from shared.access.searches import posted_address, recalled_search, without
from shared.access.throttles import throttled
from shared.contingent.words import dimension_label
from shared.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force and the address without it."""

    text: str
    url: str


@requires("registry.persons", needs_purpose=True)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The search; a POST carries the name and the filters and answers with their address, which holds codes only."""
    if request.method == "POST":
        return redirect(f"{reverse('registry:people')}?{posted_address(request, FILTERS)}")
    started = time.perf_counter()
    text = recalled_search(request)
    asked = wanted(request.GET, text)
    found = find_people(asked, page=_number(request.GET.get("page", "1")))
    lines = lines_of(found.people, day=asked.day)
    context = {
        "asked": asked,
        "text": text,
        "found": found,
        "lines": lines,
        "milliseconds": round((time.perf_counter() - started) * 1000),
        "chips": _chips(asked, request.GET),
        "states": STATES,
        "facets_url": _facets_url(request.GET, found.likeness),
        "first_number": (found.page - 1) * PAGE + 1,
        "last_number": (found.page - 1) * PAGE + len(lines),
    }
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "registry/_results.html", context)
    else:
        response = render(request, "registry/people.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("registry.persons", needs_purpose=True)
@require_safe
def facets(request: HttpRequest) -> HttpResponse:
    """The numbers beside the filters and above the list, asked for after the list is shown."""
    asked = wanted(request.GET, recalled_search(request))
    likeness = next((one for one in LIKENESS if str(one) == request.GET.get("similar")), None)
    carried = asked.not_in(FACETS)
    if asked.age_on != asked.day:
        carried.append(("age_on", asked.age_on.isoformat()))
    context = {
        "asked": asked,
        "carried": carried,
        "counted": facets_of(asked, likeness=likeness),
        "states": STATES,
        "two_places": TWO_PLACES,
    }
    return render(request, "registry/_facets.html", context)


@requires("registry.persons", needs_purpose=True)
@throttled("reveal")
@require_safe
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """A person with his places over time; that he was looked at is logged, also where he studies. Source: R-031."""
    day = wanted(request.GET).day
    found = lines_of([person_id], day=day)
    if not found:
        raise Http404
    note_action(request, "revealed", subject_kind="person", subject_id=person_id, field="card")
    known = {(one.organization, one.student_id) for one in found[0].places if one.organization is not None}
    for organization, student_id in known:
        if organization.status != Organization.Status.ARCHIVED:
            note_action(
                request,
                "revealed",
                subject_kind="student",
                subject_id=student_id,
                organization=organization,
                field="card",
            )
    page = "registry/_person.html" if request.htmx else "registry/person.html"  # type: ignore[attr-defined]
    response = render(request, page, {"line": found[0], "day": day})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _facets_url(query: QueryDict, likeness: float | None) -> str:
    query = query.copy()
    if likeness is not None:
        query["similar"] = str(likeness)
    return f"{reverse('registry:facets')}?{query.urlencode()}"


def _chips(asked: Wanted, query: QueryDict) -> list[Chip]:
    chips = []
    for name, values in asked.where.items():
        labels = _organizations(values) if name == "organization" else labels_of(name, values)
        for value in values:
            rest = query.copy()
            rest.setlist(name, [other for other in values if other != value])
            title = labels[value] if name in ("municipality", "organization", "organization_type", "grade") else ""
            chips.append(Chip(title or f"{dimension_label(name)}: {labels[value].lower()}", without(rest)))
    if asked.state != "active":
        chips.append(Chip(STATES[asked.state], without(query, "state")))
    if asked.mark:
        chips.append(Chip("Два основных места", without(query, "mark")))
    if asked.day != timezone.localdate():
        chips.append(Chip(f"на {asked.day:%d.%m.%Y}", without(query, "as_of")))
    return chips


def _organizations(slugs: list[str]) -> dict[str, str]:
    names = dict(Organization.objects.filter(slug__in=slugs).values_list("slug", "short_name"))
    return {slug: names.get(slug, slug) for slug in slugs}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
