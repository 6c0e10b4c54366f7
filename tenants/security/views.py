"""Pages of measures: their state, reviews of rights, the regulation, the register of incidents."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.columns import value_text
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from shared.kernel.text import thousands
from tenants.files.services import store_upload
from tenants.security.factors import factors_here, factors_of
from tenants.security.forms import IncidentForm, RegulationForm, ReviewForm
from tenants.security.models import Incident, ProtectionRegulation, RightsReview
from tenants.security.register import COLUMNS, lines_of, rows_of
from tenants.security.regulations import REGULATION
from tenants.security.services import (
    IncidentFacts,
    close_incident,
    edit_incident,
    put_regulation,
    record_incident,
    record_review,
)
from tenants.security.state import measures_now

PAGE_SIZE = 50
REVIEWS_SHOWN = 5


@requires("security.read", groundwork=factors_here)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The state of measures and the register of incidents, open ones first. Source: R-356."""
    page = Paginator(Incident.objects.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    actor = actor_of(request)
    measures = measures_now()
    context = {
        "measures": measures,
        "consent_text": value_text(measures.consent_share, "share") or "—",
        "consent_note": f"{thousands(measures.consented)} из {thousands(measures.learners)} обучающихся",
        "factors": factors_of(request),
        "reviews": RightsReview.objects.all()[:REVIEWS_SHOWN],
        "page_obj": page,
        "lines": lines_of(page),
        "may_edit": actor.may("security.edit"),
        "may_requisites": actor.may("organization.edit"),
    }
    return render(request, "security/home.html", context)


@requires("security.edit")
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """«Права пересмотрены»: a dated record with its basis."""
    form = ReviewForm(request.POST or None, initial={"reviewed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        record_review(**form.cleaned_data, recorded_by=actor_of(request).signature)
        messages.success(request, "Пересмотр прав записан. Следующий — не позже чем через год.")
        return redirect("security:home")
    return render(request, "security/review.html", {"form": form}, status=_status(request))


@requires("home.view")
@require_safe
def regulation(request: HttpRequest) -> HttpResponse:
    """The regulation in force and its former editions: everybody who works here may read it. Source: R-326."""
    editions = list(ProtectionRegulation.objects.select_related("file"))
    context = {
        "current": next((one for one in editions if one.is_current), None),
        "former": [one for one in editions if not one.is_current],
        "may_edit": actor_of(request).may("security.edit"),
        "may_read": actor_of(request).may("security.read"),
    }
    return render(request, "security/regulation.html", context)


@requires("security.edit")
@require_http_methods(["GET", "POST"])
def new_regulation(request: HttpRequest) -> HttpResponse:
    """A new edition of the regulation."""
    form = RegulationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actor, data = actor_of(request), form.cleaned_data
        file = store_upload(data["file"], purpose=REGULATION, uploaded_by=actor.account_id, made_by=actor.signature)
        put_regulation(number=data["number"], approved_on=data["approved_on"], file=file, added_by=actor.signature)
        messages.success(request, "Положение сохранено. Оно открыто всем работникам.")
        return redirect("security:regulation")
    return render(request, "security/regulation_new.html", {"form": form}, status=_status(request))


@requires("security.edit")
@require_http_methods(["GET", "POST"])
def new_incident(request: HttpRequest) -> HttpResponse:
    """Open an incident; the terms of notices count from the moment it was found."""
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = record_incident(facts=IncidentFacts(**form.cleaned_data), recorded_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Инцидент записан. Сроки уведомлений стоят на его странице.")
            return redirect("security:incident", incident_id=made.pk)
    return render(request, "security/incident_new.html", {"form": form}, status=_status(request))


@requires("security.read")
@require_safe
def incident(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """One incident with its terms; an open one is edited here."""
    return _incident_page(request, get_object_or_404(Incident, pk=incident_id))


@requires("security.edit")
@require_POST
def save_incident(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """Write down what became known of an open incident."""
    found = get_object_or_404(Incident, pk=incident_id)
    form = IncidentForm(request.POST)
    if form.is_valid():
        try:
            edit_incident(incident=found, facts=IncidentFacts(**form.cleaned_data))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Запись об инциденте сохранена.")
            return redirect("security:incident", incident_id=found.pk)
    return _incident_page(request, found, form=form, status=422)


@requires("security.edit")
@require_POST
def close(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """Close an incident with its measures taken and its notices sent."""
    found = get_object_or_404(Incident, pk=incident_id)
    try:
        close_incident(incident=found, closed_on=timezone.localdate(), closed_by=actor_of(request).signature)
    except RuleViolation as violation:
        return _incident_page(request, found, refusal=str(violation), status=422)
    messages.success(request, "Инцидент закрыт.")
    return redirect("security:incident", incident_id=found.pk)


@requires("security.read")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The register as a file. Its lines are events, not people."""
    return table_answer(
        request,
        extension,
        title="Журнал инцидентов с персональными данными",
        columns=COLUMNS,
        rows=rows_of(lines_of(Incident.objects.all())),
        is_personal=False,
    )


def _incident_page(
    request: HttpRequest, found: Incident, *, form: IncidentForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    is_open = found.closed_on is None
    context: dict[str, Any] = {
        "line": lines_of([found])[0],
        "form": form or IncidentForm(initial=IncidentForm.initial_of(found)),
        "may_edit": is_open and actor_of(request).may("security.edit"),
        "refusal": refusal,
    }
    return render(request, "security/incident.html", context, status=status)


def _status(request: HttpRequest) -> int:
    """A form shown in answer to a POST is a refusal: success redirects."""
    return 422 if request.method == "POST" else 200
