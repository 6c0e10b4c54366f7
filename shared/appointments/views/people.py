"""Users of a workplace: the list, one person with the history of his appointments."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.roles import role_facts
from shared.access.searches import posted_address
from shared.appointments.groups import GroupChoices, groundwork, groups_of
from shared.appointments.listing import COLUMNS, FILTERS, KINDS, STATES, PeopleListing
from shared.appointments.queries import namesakes, person_line, person_of, staff_grants
from shared.appointments.staffing import Gap, Held, staffing_gaps
from shared.appointments.workplaces import Decider, Workplace, workplace_here
from shared.documents.downloads import table_answer


@requires("rights.read", scope="accounts", groundwork=groundwork)
@require_http_methods(["GET", "POST"])
def people_list(request: HttpRequest, groups: GroupChoices | None = None) -> HttpResponse:
    """The list; a POST carries the search line and the filters and answers with their address."""
    if request.method == "POST":
        chosen = [name for name in FILTERS if request.POST.get(name)]
        return redirect(f"{reverse('users:list')}?{posted_address(request, chosen)}")
    place = workplace_here(request)
    listing = PeopleListing(request, place)
    page = listing.page()
    context = {
        "listing": listing,
        "page_obj": page,
        "lines": listing.lines(page),
        "may_change": actor_of(request).may("rights.change"),
    }
    if request.htmx:  # type: ignore[attr-defined]
        template = "appointments/_people.html"
    else:
        template = "appointments/people.html"
        context |= {
            "roles": place.role_choices(place.known_roles),
            "kinds": KINDS if place.organization_id else [],
            "states": STATES,
            "gaps": gaps_here(request, place),
        }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("rights.read", scope="accounts")
@require_GET
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same list as a file, a line an appointment."""
    listing = PeopleListing(request, workplace_here(request))
    return table_answer(
        request,
        extension,
        title="Пользователи и назначения",
        columns=COLUMNS,
        rows=listing.rows(),
        filters=listing.filters_text,
    )


@requires("rights.read", scope="accounts")
@require_GET
def person(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """One person: who he is here, by which orders, since when."""
    place = workplace_here(request)
    account = person_of(place, account_id)
    by = Decider.of(actor_of(request))
    context = {
        "person": person_line(account, timezone.localdate()),
        "may_issue": actor_of(request).may("credentials.read"),
        "given": by.roles_given(place) | (place.known_roles if by.may_manage else frozenset()),
        "own_role": place.administrator if account.pk == by.account_id else "",
        "by_group": {code for code, facts in role_facts().items() if facts.is_by_group},
        "namesake_count": len(namesakes(place, account)) - 1,
    }
    return render(request, "appointments/person.html", context)


def gaps_here(request: HttpRequest, place: Workplace) -> list[Gap]:
    """What the staffing pattern misses in this organization; other places have no pattern."""
    if place.organization_id is None:
        return []
    held = [
        Held(grant.account_id, grant.role, frozenset(grant.group_ids))
        for grant in staff_grants(place.organization_id, timezone.localdate())
    ]
    return staffing_gaps(place.org_type, held, groups_of(request))
