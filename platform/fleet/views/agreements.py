"""Agreements of the ministry with administrations, on the operator's host and on the region's. Source: R-001."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fleet.agreements import correct_agreement, record_agreement
from fleet.forms import AgreementForm
from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.kernel.rules import RuleViolation
from shared.organizations.models import AuthorityBody, ConnectionAgreement, Municipality, Organization

PAGE = 50


@requires("agreements.read")
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement, and the municipalities whose organizations work without one."""
    today, region = timezone.localdate(), _region(request)
    known = ConnectionAgreement.objects.select_related("municipality", "authority")
    if region:
        known = known.filter(municipality__region=region)
    rows = known.order_by("municipality__name", "-valid_from")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Соглашения",
        "page_obj": page,
        "lines": [(one, one.is_in_force(today), one.valid_from > today) for one in page],
        "missing": _missing(region),
        "may_record": actor_of(request).may("agreements.manage"),
    }
    return render(request, "fleet/agreements.html", context)


@requires("agreements.manage")
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """A new agreement; the municipality may be named by the address."""
    asked = {"municipality": request.GET.get("municipality", "")}
    form = AgreementForm(request.POST or None, region=_region(request), initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            made = record_agreement(form.facts, by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            note_action(request, "agreement_recorded", subject_kind="agreement", subject_id=made.pk)
            messages.success(request, f"Соглашение {made} записано.")
            return redirect("agreements:list")
    context = {"title": "Новое соглашение", "form": form}
    return render(request, "fleet/agreement.html", context, status=422 if request.method == "POST" else 200)


@requires("agreements.manage")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, agreement_id: uuid.UUID) -> HttpResponse:
    """Put a recorded agreement right, or set its last day."""
    region = _region(request)
    known = ConnectionAgreement.objects.filter(municipality__region=region) if region else ConnectionAgreement.objects
    found = get_object_or_404(known, pk=agreement_id)
    form = AgreementForm(request.POST or None, region=region, of=found)
    if request.method == "POST" and form.is_valid():
        try:
            correct_agreement(found.pk, form.facts)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            note_action(request, "agreement_corrected", subject_kind="agreement", subject_id=found.pk)
            messages.success(request, "Соглашение исправлено.")
            return redirect("agreements:list")
    context = {"title": f"Соглашение {found}", "form": form}
    return render(request, "fleet/agreement.html", context, status=422 if request.method == "POST" else 200)


def _region(request: HttpRequest) -> str | None:
    """The region a person of the ministry speaks for; the operator serves every one."""
    authority = actor_of(request).authority_id
    return AuthorityBody.objects.values_list("region_id", flat=True).get(pk=authority) if authority else None


def _missing(region: str | None) -> list[Municipality]:
    """Municipalities with organizations that stand on no agreement in force, with the ``number`` of these."""
    working = Q(organizations__copied_at=None) & ~Q(organizations__status=Organization.Status.ARCHIVED)
    agreed = ConnectionAgreement.objects.on(timezone.localdate()).values("municipality")
    places = Municipality.objects.filter(region=region) if region else Municipality.objects.all()
    counted = places.exclude(pk__in=agreed).annotate(number=Count("organizations", filter=working))
    return list(counted.filter(number__gt=0).order_by("name"))
