"""Giving and ending roles: a new person, a person known elsewhere, one more appointment, its end."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.access.models import RoleGrant
from shared.access.requests import actor_of, note_action
from shared.accounts.models import Account
from shared.appointments.errors import PersonNotFound
from shared.appointments.forms import EndForm, KnownPersonForm, NewPersonForm, TermsForm, as_key
from shared.appointments.groups import GroupChoices, groundwork, groups_of
from shared.appointments.queries import AppointmentLine, grant_of, namesakes, person_line, person_of
from shared.appointments.services import appoint, end_appointment, enter_person
from shared.appointments.workplaces import Decider, Workplace, workplace_here
from shared.kernel.names import sort_key
from shared.kernel.rules import RuleViolation


@requires("rights.change", scope="accounts", groundwork=groundwork)
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest, groups: GroupChoices | None = None) -> HttpResponse:
    """A person without an account: search among namesakes before creating."""
    place, by = workplace_here(request), Decider.of(actor_of(request))
    form = NewPersonForm(request.POST or None, **_terms_options(request, place, by))
    known: list[Account] = []
    if request.method == "POST" and form.is_valid():
        known = [] if form.cleaned_data["is_another"] else namesakes(place, Account(**form.names))
        if known:
            form.add_error(None, "Человек с таким именем здесь уже есть. Откройте его или отметьте, что это другой.")
        else:
            try:
                account = enter_person(
                    **form.names, login=form.cleaned_data["login"], place=place, terms=form.terms, by=by
                )
            except RuleViolation as violation:
                form.refuse(violation)
            else:
                _note(request, "appointed", account.pk, form.terms.role)
                messages.success(request, f"Назначено, логин {account.login}. Осталось выдать одноразовый пароль.")
                may_issue = actor_of(request).may("credentials.issue")
                return redirect("credentials:person" if may_issue else "users:person", account_id=account.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "namesakes": known}
    return render(request, "appointments/new_person.html", context, status=status)


@requires("rights.change", scope="accounts", groundwork=groundwork)
@require_http_methods(["GET", "POST"])
def known_person(request: HttpRequest, groups: GroupChoices | None = None) -> HttpResponse:
    """A person who works in another organization gets an appointment here instead of a second account."""
    place, by = workplace_here(request), Decider.of(actor_of(request))
    form = KnownPersonForm(request.POST or None, **_terms_options(request, place, by))
    if request.method == "POST" and form.is_valid():
        try:
            account = _account(form.cleaned_data["login"], form.cleaned_data["last_name"])
            appoint(account=account, place=place, terms=form.terms, by=by)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _note(request, "appointed", account.pk, form.terms.role)
            messages.success(request, "Назначено. Человек входит сюда со своим прежним логином и паролем.")
            return redirect("users:person", account_id=account.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "appointments/known_person.html", {"form": form}, status=status)


@requires("rights.change", scope="accounts", groundwork=groundwork)
@require_http_methods(["GET", "POST"])
def appoint_person(request: HttpRequest, account_id: uuid.UUID, groups: GroupChoices | None = None) -> HttpResponse:
    """One more role, or with ``?instead=`` the same role with other classes from a day on."""
    place, by = workplace_here(request), Decider.of(actor_of(request))
    account = person_of(place, account_id)
    instead = _replaced(request, place, account)
    form = TermsForm(
        request.POST or None,
        initial=TermsForm.initial_of(instead) if instead else {},
        **_terms_options(request, place, by),
    )
    if request.method == "POST" and form.is_valid():
        try:
            grant = appoint(account=account, place=place, terms=form.terms, by=by, instead_of=instead)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _note(request, "appointed", account.pk, grant.role)
            line = AppointmentLine(grant, timezone.localdate())
            messages.success(request, f"Назначено: {line.title}, {line.period}.")
            return redirect("users:person", account_id=account.pk)
    today = timezone.localdate()
    context = {
        "form": form,
        "person": person_line(account, today),
        "instead": AppointmentLine(instead, today) if instead else None,
    }
    return render(request, "appointments/appoint.html", context, status=422 if request.method == "POST" else 200)


@requires("rights.change", scope="accounts")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, account_id: uuid.UUID, grant_id: uuid.UUID) -> HttpResponse:
    """End an appointment after a day."""
    place, by = workplace_here(request), Decider.of(actor_of(request))
    grant = grant_of(place, account_id, grant_id)
    needs_order = place.needs_order and grant.role in place.roles
    form = EndForm(request.POST or None, needs_order=needs_order, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_appointment(grant=grant, place=place, by=by, **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _note(request, "appointment_ended", account_id, grant.role)
            messages.success(request, f"Завершено: {grant.role_name}.")
            return redirect("users:person", account_id=account_id)
    context = {"form": form, "line": AppointmentLine(grant, timezone.localdate())}
    return render(request, "appointments/end.html", context, status=422 if request.method == "POST" else 200)


def _terms_options(request: HttpRequest, place: Workplace, by: Decider) -> dict[str, Any]:
    return {"place": place, "given": by.roles_given(place), "groups": groups_of(request)}


def _replaced(request: HttpRequest, place: Workplace, account: Account) -> RoleGrant | None:
    key = as_key(request.GET.get("instead", ""))
    return grant_of(place, account.pk, key) if key else None


def _account(login: str, last_name: str) -> Account:
    """The account of this login if the surname is his too. Raises: PersonNotFound, the same in both cases."""
    account = Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    if account is None or sort_key(account.last_name) != sort_key(last_name.strip()):
        raise PersonNotFound
    return account


def _note(request: HttpRequest, action: str, account_id: uuid.UUID, role: str) -> None:
    note_action(request, action, subject_kind="account", subject_id=account_id, role=role)
