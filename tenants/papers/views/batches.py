"""Certificates for whole classes or for learners of one: the choice, the progress, the file."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.throttles import throttled
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.groups.models import Group
from tenants.orders.models import Placement
from tenants.papers.batches import AT_ONCE, MOST, order_batch
from tenants.papers.forms import CertificateForm, ChosenForm
from tenants.papers.models import PrintJob
from tenants.papers.signers import signers_here, signers_of
from tenants.papers.views.common import check_address, printer_of, status_of
from tenants.people.models import Student

JOBS_SHOWN = 10


@requires("papers.issue", groundwork=signers_here)
@throttled("export")
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """Choose classes, or learners of one class, and order certificates for them."""
    group = _one_group(request)
    members = list(_members(request, [group])) if group else []
    form = CertificateForm(request.POST or None, signers=signers_of(request))
    chosen = ChosenForm(request.POST or None, known=[one.pk for one in members])
    if request.method == "POST" and form.is_valid() and chosen.is_valid():
        groups, picked = list(chosen.cleaned_data["group"]), chosen.cleaned_data["student"]
        students = picked if group else [one.pk for one in _members(request, groups)]
        try:
            job = order_batch(
                students=students, wish=form.wish, check_address=check_address(request), by=printer_of(request)
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            note_action(request, "exported", rows=len(students), path=request.path)
            return redirect("papers:job", job_id=job.pk)
    context = {
        "form": form,
        "group": group,
        "members": members,
        "picked": set(request.POST.getlist("student")) if request.method == "POST" else None,
        "marked": set(request.POST.getlist("group")),
        "groups": _groups(),
        "jobs": PrintJob.objects.filter(ordered_by=actor_of(request).account_id).select_related("printing")[
            :JOBS_SHOWN
        ],
        "at_once": AT_ONCE,
        "most": MOST,
    }
    return render(request, "papers/batch.html", context, status=status_of(request))


@requires("papers.issue")
@require_safe
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """What has become of an order; nobody else's exists."""
    return render(request, "papers/job.html", {"job": _job(request, job_id)})


@requires("papers.issue")
@require_safe
def progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The middle of the page while the worker is at it; when it is done, the whole page is asked for."""
    found = _job(request, job_id)
    response = render(request, "papers/_progress.html", {"job": found})
    if found.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


def _job(request: HttpRequest, job_id: uuid.UUID) -> PrintJob:
    return get_object_or_404(_mine(request), pk=job_id)


def _mine(request: HttpRequest) -> QuerySet[PrintJob]:
    ordered = PrintJob.objects.filter(ordered_by=actor_of(request).account_id)
    return ordered.select_related("printing", "file")


def _one_group(request: HttpRequest) -> Group | None:
    """The class whose learners are chosen one by one: named in the address."""
    try:
        key = uuid.UUID(request.GET.get("group", ""))
    except ValueError:
        return None
    return get_object_or_404(Group.objects.known(), pk=key)


def _groups() -> Any:  # a QuerySet with the counts that ``with_headcount`` annotates
    today = timezone.localdate()
    here = Placement.objects.on(today).values("group")
    return Group.objects.of_year(academic_year_of(today)).filter(pk__in=here).with_headcount(today)


def _members(request: HttpRequest, groups: list[Group]) -> Any:  # a QuerySet narrowed by the reach of the right
    """Learners who are in these classes today, each once."""
    here = Placement.objects.on(timezone.localdate()).filter(group__in=groups)
    reached = Student.objects.known().seen_by(actor_of(request), "papers.issue")
    return reached.filter(pk__in=here.values("enrollment__student")).order_by("sort_name", "id")
