"""Access for parents: the classes one may give it to, and the representatives of one class."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.accounts.models import Account, CredentialIssue
from shared.appointments.workplaces import workplace_here
from shared.credentials.listing import Standing, issues_of
from shared.credentials.slips import slips_answer
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.family.guardians import groundwork_of, issue_for_guardians, representatives_of_class
from tenants.groups.models import Group


@requires("credentials.issue")
@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """The classes of this year within one's reach."""
    today = timezone.localdate()
    right = actor_of(request).right("credentials.issue")
    groups = Group.objects.of_year(academic_year_of(today)).with_headcount(today)
    if right is None or not right.is_everywhere:
        groups = groups.filter(pk__in=right.groups if right else ())
    context = {"groups": groups, "sees_everybody": right is not None and right.is_everywhere}
    return render(request, "family/guardian_classes.html", context)


@requires("credentials.issue", scope="accounts", groundwork=representatives_of_class)
@never_cache
@require_http_methods(["GET", "POST"])
def of_class(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Who of a class has access; one press prints slips for those who have none."""
    known, place, refused = groundwork_of(request), workplace_here(request), ""
    if request.method == "POST":
        wanted = set(request.POST.getlist("guardian"))
        chosen = [one for one in known.people if str(one.id) in wanted]
        try:
            return slips_answer(request, issue_for_guardians(request=request, place=place, known=known, chosen=chosen))
        except RuleViolation as refusal:
            refused = str(refusal)
    organization_id = organization_of(request).id
    keys = {one.id: one.future_account(organization_id) for one in known.people}
    accounts = Account.objects.in_bulk(keys.values())
    last = {issue.account_id: issue for issue in issues_of(place).filter(account__in=accounts).order_by("issued_at")}
    lines = [(one, _standing(accounts.get(keys[one.id]), last)) for one in known.people]
    right = actor_of(request).right("credentials.read")
    context = {
        "known": known,
        "lines": lines,
        "waiting": sum(standing is None for _, standing in lines),
        "sees_everybody": right is not None and right.is_everywhere,
        "refused": refused,
    }
    return render(request, "family/guardians_of_class.html", context, status=422 if refused else 200)


def _standing(account: Account | None, last: dict[uuid.UUID, CredentialIssue]) -> Standing | None:
    return Standing(account, last.get(account.pk), "") if account else None
