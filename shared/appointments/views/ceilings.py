"""The region's ceilings: what no organization may give a role. Source: ORGANIZATION 4, REGION 6."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.models import RightCeiling
from shared.access.requests import actor_of, note_action
from shared.access.rights import LEVELS, matrix
from shared.access.roles import role_facts
from shared.appointments.deciding import exceeding, lift_ceiling, set_ceiling
from shared.appointments.forms import CeilingForm, LiftForm
from shared.kernel.rules import RuleViolation
from shared.kernel.text import plural
from shared.organizations.models import AuthorityBody, AuthorityKind


@requires("rights.read", scope="accounts")
@require_safe
def ceilings(request: HttpRequest) -> HttpResponse:
    """Every ceiling of the region, with its act."""
    office = _office(request)
    rows = [
        {
            "ceiling": one,
            "row": matrix()[one.row],
            "role": role_facts()[one.role].label,
            "level": LEVELS[one.level].label,
        }
        for one in RightCeiling.objects.filter(region=office.region_id).order_by("-set_at", "-id")
        if one.row in matrix()
    ]
    return render(request, "appointments/ceilings.html", {"rows": rows, "may_lock": _may_lock(request, office)})


@requires("rights.lock", scope="accounts")
@require_http_methods(["GET", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Close a cell from above; how many organizations it takes something from is shown before."""
    office = _locking_office(request)
    form = CeilingForm(request.POST or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        cell = {name: form.cleaned_data[name] for name in ("row", "role", "level")}
        taken = exceeding(region_id=office.region_id, day=timezone.localdate(), **cell)
        if "decide" in request.POST:
            try:
                made = set_ceiling(
                    region_id=office.region_id,
                    **cell,
                    act=form.cleaned_data["act"],
                    set_by=actor_of(request).signature,
                )
            except RuleViolation as violation:
                form.refuse(violation)
                taken = None
            else:
                note_action(request, "ceiling_set", subject_kind="ceiling", subject_id=made.pk, organizations=taken)
                messages.success(request, "Ограничение установлено и действует во всех организациях региона.")
                return redirect("ceilings:list")
    status = 422 if request.method == "POST" and taken is None else 200
    context = {"form": form, "effect": "" if taken is None else _effect(taken)}
    return render(request, "appointments/ceiling_new.html", context, status=status)


@requires("rights.lock", scope="accounts")
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, ceiling_id: uuid.UUID) -> HttpResponse:
    """Give the decision back to organizations, by an act."""
    office = _locking_office(request)
    ceiling = get_object_or_404(RightCeiling, pk=ceiling_id, region=office.region_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lift_ceiling(ceiling=ceiling, act=form.cleaned_data["act"])
        note_action(request, "ceiling_lifted", subject_kind="ceiling", subject_id=ceiling_id)
        messages.success(request, "Ограничение снято. Организации решают сами.")
        return redirect("ceilings:list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "row": matrix()[ceiling.row], "role": role_facts()[ceiling.role].label}
    return render(request, "appointments/ceiling_lift.html", context, status=status)


def _effect(taken: int) -> str:
    if not taken:
        return "Больше этого предела не решила дать ни одна организация. Уровень по умолчанию сузится, если он шире."
    word = plural(taken, "организация,организации,организаций")
    return f"Больше этого предела дали {taken} {word}: лишнее перестанет действовать сразу."


def _office(request: HttpRequest) -> AuthorityBody:
    return get_object_or_404(AuthorityBody, pk=actor_of(request).authority_id)


def _may_lock(request: HttpRequest, office: AuthorityBody) -> bool:
    return actor_of(request).may("rights.lock") and office.kind == AuthorityKind.EDUCATION_MINISTRY


def _locking_office(request: HttpRequest) -> AuthorityBody:
    """Only the ministry speaks for the region; other regional bodies have their own organizations alone."""
    office = _office(request)
    if not _may_lock(request, office):
        raise PermissionDenied
    return office
