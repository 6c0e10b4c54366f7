"""A person's own room: data, group, requests. Source: R-280, R-282, R-283, R-288."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from region.training.claims import claim_group, claim_job, confirmed_job_of
from region.training.forms import GroupForm, JobForm, OwnForm
from region.training.groups import Subject
from region.training.models import Claim, Registration
from region.training.queries import claims_of, counts, registration_of
from region.training.registering import Person, register_account
from region.training.views.registering import chooser, unchecked
from shared.access.declarations import requires
from shared.access.models import RoleGrant
from shared.access.requests import actor_of
from shared.access.roles import TRAINING_ROLES
from shared.accounts.models import Account
from shared.kernel.rules import RuleViolation


@requires("home.view", scope="accounts")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Own data, group and requests; of the operator, how much waits."""
    actor = actor_of(request)
    registration = registration_of(request)
    context = {
        "registration": registration,
        "claims": claims_of(registration) if registration else [],
        "groups": _groups(request),
        "counts": counts() if actor.may("registrations.read") else None,
        "may_register": actor.may("workers.register"),
    }
    return render(request, "training/home.html", context)


def _groups(request: HttpRequest) -> list[RoleGrant]:
    grants = RoleGrant.objects.on(timezone.localdate()).filter(account=actor_of(request).account_id)
    return list(grants.filter(role__in=TRAINING_ROLES).select_related("organization", "authority").order_by("role"))


@requires("home.view", scope="accounts")
@require_http_methods(["GET", "HEAD", "POST"])
def register_own(request: HttpRequest) -> HttpResponse:
    """Somebody who already signs in registers once, from the menu of his account. Source: R-281."""
    if registration_of(request) is not None:
        return redirect("training:profile")
    account = Account.objects.get(pk=actor_of(request).account_id)
    form = OwnForm(request.POST or None)
    if request.method != "POST" or "find" in request.POST:
        return _own_page(request, unchecked(form), account)
    if form.is_valid():
        facts = form.cleaned_data
        names = {name: getattr(account, name) for name in ("last_name", "first_name", "patronymic")}
        try:
            register_account(
                account=account,
                person=Person(**names, born_on=facts["born_on"], email=facts["email"]),
                job=form.job,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Вы зарегистрированы. Оператор проверит место работы за пять рабочих дней.")
            return redirect("home")
    return _own_page(request, form, account, status=422)


def _own_page(request: HttpRequest, form: OwnForm, account: Account, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "account": account, **chooser(form)}
    return render(request, "training/register_own.html", context, status=status)


@requires("home.view", scope="accounts")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Own data and the history of jobs; another job is a change, not another registration. Source: R-288."""
    registration = registration_of(request)
    if registration is None:
        return redirect("training:register_own")
    form = JobForm(request.POST or None)
    if request.method != "POST" or "find" in request.POST:
        return _profile(request, registration, unchecked(form))
    if form.is_valid():
        try:
            claim_job(registration=registration, job=form.job)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Новое место работы отправлено на проверку. До решения действует прежнее.")
            return redirect("training:profile")
    return _profile(request, registration, form, status=422)


def _profile(request: HttpRequest, registration: Registration, form: JobForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "registration": registration,
        "jobs": [claim for claim in claims_of(registration) if claim.subject == Subject.EMPLOYMENT],
        "job": confirmed_job_of(registration),
        "form": form,
        **chooser(form),
    }
    return render(request, "training/profile.html", context, status=status)


@requires("home.view", scope="accounts")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_group(request: HttpRequest) -> HttpResponse:
    """Ask for a group by an appointment order. Source: R-283."""
    registration = registration_of(request)
    if registration is None:
        return redirect("training:register_own")
    form = GroupForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            claim: Claim = claim_group(
                registration=registration,
                subject=Subject(form.cleaned_data["subject"]),
                authority=form.cleaned_data["authority"],
                order=form.order,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Запрос отправлен. Ответ оператора будет не позднее {claim.due_on:%d.%m.%Y}.")
            return redirect("home")
    status = 422 if request.method == "POST" else 200
    return render(request, "training/group.html", {"form": form}, status=status)
