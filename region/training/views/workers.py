"""A responsible worker registers the workers of his own organization. Source: R-285."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from region.training import consent
from region.training.forms import WorkerForm
from region.training.queries import PAGE_SIZE, workers_of
from region.training.registering import organizations_served, register_worker
from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.credentials.slips import slips_answer
from shared.kernel.rules import RuleViolation
from shared.organizations.catalog import connected


@requires("workers.register", scope="accounts")
@require_safe
def workers(request: HttpRequest) -> HttpResponse:
    """Who of his organization is registered; nobody of another is there."""
    found = workers_of(organizations_served(actor_of(request)))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "training/workers.html", {"page_obj": page})


@requires("workers.register", scope="accounts")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_worker(request: HttpRequest) -> HttpResponse:
    """The same form without a password; the answer is the slip with the one-time one."""
    actor = actor_of(request)
    organizations = list(connected().filter(pk__in=organizations_served(actor)))
    form = WorkerForm(request.POST or None, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            slip = register_worker(
                person=form.person,
                organization=facts["organization"],
                position=facts["position"],
                login=facts["login"],
                consent_on=facts["consent_on"],
                by=actor,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return slips_answer(request, [slip])
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "consent_text": consent.TEXT, "consent_version": consent.VERSION}
    return render(request, "training/worker.html", context, status=status)
