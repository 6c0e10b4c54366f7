"""Representatives of a class as those who give them access see them, and what is written when they got it.

Source: ORGANIZATION 5, 2.4 (mark ``legal``); R-019, R-100.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.requests import actor_of, organization_of
from shared.access.roles import Role
from shared.access.services import create_account, give_role
from shared.accounts.models import Account
from shared.accounts.passwords import one_time_password
from shared.appointments.logins import suggest_login
from shared.appointments.workplaces import Workplace
from shared.credentials.services import Recipient, Slip, issue
from shared.kernel.rules import RuleViolation, constraint_means
from shared.messaging.services import want_task
from tenants.groups.models import Group
from tenants.people.models import Guardian, GuardianLink

LINK_TASK: Final = "tenants.family.tasks.link_guardian_accounts"


class IssuedMeanwhile(RuleViolation):
    code = "issued_meanwhile"
    text = "Этим людям сейчас выдаёт доступ кто-то ещё. Обновите страницу и проверьте журнал выдачи."


@dataclass(frozen=True, slots=True)
class Representative:
    """Who may get access for the children of a class; ``account_id`` where he has it already."""

    id: uuid.UUID
    last_name: str
    first_name: str
    patronymic: str
    account_id: uuid.UUID | None
    children: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic)))

    def future_account(self, organization_id: uuid.UUID) -> uuid.UUID:
        """His account's key: the same however often and by whomever it is made, so it is never made twice."""
        return self.account_id or uuid.uuid5(organization_id, str(self.id))


@dataclass(frozen=True, slots=True)
class ClassRepresentatives:
    """A class with the representatives of its learners."""

    group_id: uuid.UUID
    group_name: str
    people: list[Representative]


def may_issue_to(actor: Actor, group_id: uuid.UUID) -> bool:
    right = actor.right("credentials.issue")
    return right is not None and (right.is_everywhere or group_id in right.groups)


def representatives_of_class(request: HttpRequest, group_id: uuid.UUID) -> ClassRepresentatives:
    """Groundwork of the page: those who by law stand for the learners in the class today, in two queries.

    A class outside the reach does not exist. Kin without the right are contacts only and get no account.
    """
    group = get_object_or_404(Group.objects.known(), pk=group_id)
    if not may_issue_to(actor_of(request), group.pk):
        raise Http404
    learners = group.placements.on(timezone.localdate()).filter(enrollment__student__consent_withdrawn_on=None)
    links = GuardianLink.objects.legal().filter(student__in=learners.values("enrollment__student"))
    found: dict[uuid.UUID, Representative] = {}
    for link in links.select_related("guardian", "student").order_by("guardian__sort_name", "guardian_id"):
        who = link.guardian
        known = Representative(who.pk, who.last_name, who.first_name, who.patronymic, who.account_id)
        found.setdefault(who.pk, known).children.append(link.student.full_name)
    return ClassRepresentatives(group.pk, group.name, list(found.values()))


def groundwork_of(request: HttpRequest) -> ClassRepresentatives:
    """What ``representatives_of_class`` has read."""
    return cast(ClassRepresentatives, request.groundwork)  # type: ignore[attr-defined]


def issue_for_guardians(
    *, request: HttpRequest, place: Workplace, known: ClassRepresentatives, chosen: list[Representative]
) -> list[Slip]:
    """One-time passwords for representatives of a class; whoever has no account gets one with the role of a parent.

    Runs in role ``accounts``; the account's key reaches the organization's own tables by a task.
    Raises: IssuedMeanwhile and what ``shared.credentials.services.issue`` raises.
    """
    organization_id, actor = organization_of(request).id, actor_of(request)
    with constraint_means("accounts_account_pkey", IssuedMeanwhile()):
        accounts = {one.id: _account_of(one, organization_id) for one in chosen}
    right = actor.right("credentials.issue")
    slips = issue(
        place=place,
        by=actor,
        recipients=[Recipient(accounts[one.id], one.id, known.group_id, known.group_name) for one in chosen],
        is_family_only=right is None or not right.is_everywhere,
    )
    for one in chosen:
        _give_role(accounts[one.id], organization_id)
    links = {str(one.id): str(accounts[one.id].pk) for one in chosen if one.account_id is None}
    if links:
        want_task(LINK_TASK, to=str(organization_id), links=links)
    return slips


def _account_of(one: Representative, organization_id: uuid.UUID) -> Account:
    key = one.future_account(organization_id)
    found = Account.objects.filter(pk=key).first()
    if found is not None:
        return found
    login = suggest_login(last_name=one.last_name, first_name=one.first_name, patronymic=one.patronymic)
    return create_account(
        key=key,
        login=login,
        password=one_time_password(),
        last_name=one.last_name,
        first_name=one.first_name,
        patronymic=one.patronymic,
    )


def _give_role(account: Account, organization_id: uuid.UUID) -> None:
    today = timezone.localdate()
    grants = account.grants.filter(organization_id=organization_id, role=Role.GUARDIAN)
    if not grants.on(today).exists():  # type: ignore[attr-defined]  # the manager of RoleGrant
        give_role(account=account, role=Role.GUARDIAN, organization_id=organization_id, valid_from=today)


def link_accounts(links: Mapping[str, str]) -> None:
    """Tell the organization's own tables which account is whose; what is already told stays."""
    for guardian_id, account_id in links.items():
        Guardian.objects.filter(pk=guardian_id, account_id=None).update(account_id=account_id)
