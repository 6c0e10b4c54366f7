"""Who has which password, issuing on slips, the register of issue; on every host that has people of its own."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.searches import posted_address
from shared.accounts.models import Account
from shared.accounts.sessions import live_sessions
from shared.appointments.listing import KINDS
from shared.appointments.queries import person_line, person_of
from shared.appointments.workplaces import workplace_here
from shared.credentials.forms import HandedForm
from shared.credentials.listing import (
    COLUMNS,
    HANDED,
    PASSWORDS,
    CredentialListing,
    Register,
    Standing,
    chosen_people,
    issues_of,
)
from shared.credentials.services import Recipient, end_sessions_here, issue, mark_handed
from shared.credentials.slips import slips_answer
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation

FILTERS = ("kind", "role", "password")


@requires("credentials.read", scope="accounts")
@never_cache
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here, with the state of his password; a POST carries the search line."""
    if not _sees_everybody(request):
        return redirect("credentials:register")
    if request.method == "POST":
        chosen = [name for name in FILTERS if request.POST.get(name)]
        return redirect(f"{reverse('credentials:people')}?{posted_address(request, chosen)}")
    return _people(request)


def _people(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    place = workplace_here(request)
    listing = CredentialListing(request, place)
    page = listing.page()
    context = {
        "listing": listing,
        "page_obj": page,
        "standings": listing.standings(page),
        "kinds": KINDS if place.organization_id else [],
        "passwords": PASSWORDS,
        "may_issue": _issues_to_everybody(request),
        "refused": refused,
    }
    return render(request, "credentials/people.html", context, status=422 if refused else 200)


@requires("credentials.issue", scope="accounts")
@require_POST
def issue_chosen(request: HttpRequest) -> HttpResponse:
    """One-time passwords for the chosen people, as slips to be cut."""
    _refuse_narrow_reach(request)
    place = workplace_here(request)
    chosen = chosen_people(place, request.POST.getlist("account"))
    try:
        slips = issue(place=place, by=actor_of(request), recipients=[Recipient(account) for account in chosen])
    except RuleViolation as refusal:
        return _people(request, refused=str(refusal))
    return slips_answer(request, slips)


@requires("credentials.issue", scope="accounts")
@require_POST
def end_chosen(request: HttpRequest) -> HttpResponse:
    """End the sessions that the chosen people have on this host. Source: R-097, R-352."""
    _refuse_narrow_reach(request)
    chosen = chosen_people(workplace_here(request), request.POST.getlist("account"))
    others = [account for account in chosen if account.pk != actor_of(request).account_id]
    ended = end_sessions_here(accounts=others, host=_host(request))
    note_action(request, "sessions_ended", rows=ended, people=len(others))
    messages.success(request, f"Завершено сеансов: {ended}.")
    one = request.POST.get("back")
    return redirect("credentials:person", account_id=others[0].pk) if one and others else redirect("credentials:people")


@requires("credentials.read", scope="accounts")
@never_cache
@require_GET
def person(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """One person: the state of his password, his sessions here, what was issued to him."""
    return _person(request, _person_here(request, account_id))


def _person(request: HttpRequest, account: Account, *, refused: str = "") -> HttpResponse:
    place = workplace_here(request)
    issues = list(issues_of(place).filter(account=account).order_by("-issued_at", "-pk"))
    roles = ", ".join(one.title for one in person_line(account, timezone.localdate()).current)
    context = {
        "standing": Standing(account, issues[0] if issues else None, roles),
        "issues": issues,
        "sessions": live_sessions(account).filter(host=_host(request)),
        "may_issue": _issues_to_everybody(request) and account.pk != actor_of(request).account_id,
        "may_reset": actor_of(request).may("rights.manage"),
        "refused": refused,
    }
    return render(request, "credentials/person.html", context, status=422 if refused else 200)


@requires("rights.manage", scope="accounts")
@require_POST
def recover_access(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """For who lost the second factor: forget it and issue a new one-time password. Recorded. Source: R-097, R-238."""
    _refuse_narrow_reach(request)
    account = _person_here(request, account_id)
    try:
        slips = issue(place=workplace_here(request), by=actor_of(request), recipients=[Recipient(account)], anew=True)
    except RuleViolation as refusal:
        return _person(request, account, refused=str(refusal))
    note_action(request, "second_factor_reset", subject_kind="account", subject_id=account.pk)
    return slips_answer(request, slips)


@requires("credentials.read", scope="accounts")
@never_cache
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Who issued what to whom, and whether it is handed over."""
    return _register(request)


def _register(request: HttpRequest, *, form: HandedForm | None = None, wrong: uuid.UUID | None = None) -> HttpResponse:
    listing = Register(request, workplace_here(request))
    context = {
        "register": listing,
        "page_obj": listing.page(),
        "handed_choices": HANDED,
        "sees_everybody": _sees_everybody(request),
        "may_issue": actor_of(request).may("credentials.issue"),
        "today": timezone.localdate(),
        "form": form,
        "wrong": wrong,
    }
    return render(request, "credentials/register.html", context, status=422 if form else 200)


@requires("credentials.read", scope="accounts")
@require_GET
def export_register(request: HttpRequest, extension: str) -> HttpResponse:
    """The register as a file."""
    listing = Register(request, workplace_here(request))
    return table_answer(
        request,
        extension,
        title="Журнал выдачи логинов и паролей",
        columns=COLUMNS,
        rows=listing.rows(),
        filters=listing.filters_text,
    )


@requires("credentials.issue", scope="accounts")
@require_POST
def handed(request: HttpRequest, issue_id: uuid.UUID) -> HttpResponse:
    """Note into whose hands a slip was given."""
    found = get_object_or_404(Register(request, workplace_here(request)).found, pk=issue_id)
    form = HandedForm(request.POST)
    if not form.is_valid():
        return _register(request, form=form, wrong=issue_id)
    try:
        mark_handed(issue=found, to=form.cleaned_data["to"], on=form.cleaned_data["on"])
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        note_action(request, "credentials_handed", subject_kind="account", subject_id=found.account_id)
        messages.success(request, "Отмечено: пароль вручён.")
    return redirect("credentials:register")


def _person_here(request: HttpRequest, account_id: uuid.UUID) -> Account:
    if not _sees_everybody(request):
        raise Http404
    return person_of(workplace_here(request), account_id)


def _sees_everybody(request: HttpRequest) -> bool:
    right = actor_of(request).right("credentials.read")
    return right is not None and right.is_everywhere


def _issues_to_everybody(request: HttpRequest) -> bool:
    right = actor_of(request).right("credentials.issue")
    return right is not None and right.is_everywhere


def _refuse_narrow_reach(request: HttpRequest) -> None:
    """Who issues to his classes only does so on the page of the class; staff do not exist for him here."""
    if not _issues_to_everybody(request):
        raise Http404


def _host(request: HttpRequest) -> str:
    return str(request.workspace.host)  # type: ignore[attr-defined]
