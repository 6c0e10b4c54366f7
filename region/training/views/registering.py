"""The public form of registration, with its instructions. Source: R-281, R-282, R-284, R-288."""

from __future__ import annotations

from typing import Any, TypeVar

from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from region.training import consent
from region.training.forms import JobForm, SelfForm
from region.training.queries import organizations_named
from region.training.registering import register_self
from shared.access.declarations import public
from shared.access.throttles import refusal
from shared.kernel.rules import RuleViolation

FormT = TypeVar("FormT", bound=JobForm)


@public(scope="accounts")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register oneself; who is already signed in fills the same form without login and password."""
    if request.actor is not None:  # type: ignore[attr-defined]
        return redirect("training:register_own")
    if request.method == "POST" and (refused := refusal(request, "register")):
        return refused
    form = SelfForm(request.POST or None)
    if request.method != "POST" or "find" in request.POST:
        return _page(request, unchecked(form))
    if form.is_valid():
        facts = form.cleaned_data
        try:
            register_self(
                person=form.person, job=form.job, login=facts["login"], password=facts["password"], key=facts["key"]
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return redirect("training:registered")
    return _page(request, form, status=422)


def _page(request: HttpRequest, form: SelfForm, *, status: int = 200) -> HttpResponse:
    return render(request, "training/register.html", {"form": form, **chooser(form)}, status=status)


def unchecked(form: FormT) -> FormT:
    """The form as it was typed when only an organization was searched: nothing is refused yet."""
    if form.is_bound:
        form._errors = ErrorDict()  # type: ignore[attr-defined]  # what Django sets itself before it cleans
    return form


def chooser(form: JobForm) -> dict[str, Any]:
    """What a page needs to choose an organization and to read the consent."""
    query = str(form.data.get("organization_query", "")) if form.is_bound else ""
    found, count = organizations_named(query)
    return {
        "organizations": found,
        "found_count": count,
        "query": query,
        "chosen": str(form["organization"].value() or ""),
        "consent_text": consent.TEXT,
        "consent_version": consent.VERSION,
    }


@public(scope="accounts")
@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """Connected organizations by name, for the form: the same public catalog that citizens search."""
    query = request.GET.get("organization_query", "")
    found, count = organizations_named(query)
    context = {
        "organizations": found,
        "found_count": count,
        "query": query,
        "chosen": request.GET.get("organization", ""),
    }
    return render(request, "training/_organizations.html", context)


@public()
@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    """What happens next; the page says nothing of who has registered."""
    return render(request, "training/registered.html")
