"""Access of employees: logins on slips, roles that end with a dismissal, what a card says of appointments."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.roles import STAFF_ROLES
from shared.appointments.workplaces import Decider, workplace_here
from shared.credentials.slips import slips_answer
from shared.kernel.rules import RuleViolation
from tenants.staff.access import (
    Waiting,
    cards_for_access,
    end_access,
    give_access,
    groundwork_of,
    leaving_here,
    waiting_here,
)
from tenants.staff.models import StaffMember
from tenants.staff.reach import reached_member

Appointed = uuid.UUID | None


@requires("credentials.issue", scope="accounts", groundwork=cards_for_access)
@never_cache
@require_http_methods(["GET", "POST"])
def access(request: HttpRequest, member_id: uuid.UUID | None = None) -> HttpResponse:
    """Who works without a login, and who is dismissed and still has one. Source: R-090, R-364."""
    cards, place, refused = groundwork_of(request), workplace_here(request), ""
    waiting, leaving = waiting_here(cards, place), leaving_here(cards, place)
    decider = Decider.of(actor_of(request))
    if request.method == "POST":
        try:
            if "end" in request.POST:
                gone = [one for one in leaving if str(one.employee.id) == request.POST["end"]]
                for one in gone:
                    end_access(place=place, leaving=one, by=decider)
                messages.success(request, f"Доступ закрыт: {', '.join(str(one.employee) for one in gone)}.")
                return redirect("staff:access")
            chosen = [one for one in waiting if str(one.employee.id) in request.POST.getlist("member")]
            slips = give_access(request=request, place=place, chosen=chosen, roles=_roles(request, chosen))
        except RuleViolation as refusal:
            refused = str(refusal)
        else:
            if slips:
                return slips_answer(request, slips)
            messages.success(request, "Учётные записи связаны с карточками.")
            return redirect("staff:access")
    context = {
        "waiting": waiting,
        "leaving": leaving,
        "roles": place.role_choices(decider.roles_given(place) & STAFF_ROLES),
        "fresh": sum(one.account is None for one in waiting),
        "is_one": member_id is not None,
        "refused": refused,
    }
    return render(request, "staff/access.html", context, status=422 if refused else 200)


def account_of_card(request: HttpRequest, member_id: uuid.UUID) -> Appointed:
    """Groundwork: whose appointments are asked for. A card outside the reach does not exist."""
    member: StaffMember = reached_member(request, member_id, "staff.read")
    return None if member.is_sealed else member.account_id


@requires("staff.read", scope="accounts", groundwork=account_of_card)
@require_GET
def appointments(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """Roles by orders and the classes that they name: what a card shows of teaching until there is a load (R-182)."""
    account: Appointed = request.groundwork  # type: ignore[attr-defined]
    grants = workplace_here(request).grants().filter(account=account, role__in=STAFF_ROLES) if account else []
    today = timezone.localdate()
    lines = [(one, one.valid_from <= today and (one.valid_to is None or one.valid_to > today)) for one in grants]
    lines.sort(key=lambda line: (not line[1], line[0].valid_from))
    teaching = sorted({name for one, holds in lines if holds for name in one.group_names})
    context = {"lines": lines, "teaching": teaching, "has_account": account is not None}
    return render(request, "staff/_appointments.html", context)


def _roles(request: HttpRequest, chosen: list[Waiting]) -> dict[uuid.UUID, str]:
    """The role chosen beside each name; one that may not be given is refused by the service."""
    asked = {one.employee.id: request.POST.get(f"role-{one.employee.id}", "") for one in chosen}
    return {key: role for key, role in asked.items() if role}
