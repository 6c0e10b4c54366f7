"""Access of employees: who has no account yet, whose access must end, and what is written when it is given.

The account is part of hiring (R-090, R-364). Role ``accounts`` may not touch an organization's tables: cards are read
as groundwork, and the account's key comes back to the card by a task.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.requests import actor_of, organization_of
from shared.access.roles import STAFF_ROLES, Role
from shared.access.services import create_account
from shared.accounts.models import Account
from shared.accounts.passwords import one_time_password
from shared.appointments.days import DAY
from shared.appointments.logins import suggest_login
from shared.appointments.services import Terms, appoint, end_appointment
from shared.appointments.workplaces import Decider, Workplace
from shared.credentials.services import Recipient, Slip, issue
from shared.kernel.names import match_key
from shared.kernel.rules import constraint_means
from shared.messaging.services import want_task
from tenants.staff.errors import AccessGivenMeanwhile, NobodyToGiveAccess
from tenants.staff.models import StaffMember
from tenants.staff.queries import StaffQuerySet
from tenants.staff.reach import gives_access

LINK_TASK: Final = "tenants.staff.tasks.link_staff_accounts"
# Which system role a position usually has; the administrator may choose another one.
USUAL_ROLE: Final[Mapping[str, Role]] = {
    **dict.fromkeys(("director", "head_preschool"), Role.DIRECTOR),
    "deputy_uvr": Role.DEPUTY_UVR,
    **dict.fromkeys(("deputy_omr", "deputy_ahr", "deputy_it"), Role.DEPUTY_OTHER),
    **dict.fromkeys(("chancellery", "secretary", "hr"), Role.SECRETARY),
    "teacher": Role.TEACHER,
    **dict.fromkeys(("educator", "senior_educator"), Role.EDUCATOR),
    **dict.fromkeys(("suppl_teacher", "trainer", "organizer"), Role.SUPPL_TEACHER),
    "methodist": Role.METHODIST,
    **dict.fromkeys(("psychologist", "social"), Role.SOCIAL_TEACHER),
    "librarian": Role.LIBRARIAN,
    "nurse": Role.NURSE,
}


@dataclass(frozen=True, slots=True)
class Employee:
    """A card as the side of accounts knows it."""

    id: uuid.UUID
    last_name: str
    first_name: str
    patronymic: str
    position: str
    usual_role: str
    order_no: str
    order_date: datetime.date
    from_day: datetime.date
    account_id: uuid.UUID | None

    def __str__(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.patronymic)))

    def future_account(self, organization_id: uuid.UUID) -> uuid.UUID:
        """His account's key: the same however often and by whomever it is made, so it is never made twice."""
        return uuid.uuid5(organization_id, str(self.id))


@dataclass(frozen=True, slots=True)
class Cards:
    """Groundwork: who works without an account, who is dismissed with one, whose accounts are already on cards."""

    waiting: list[Employee]
    dismissed: list[Employee]
    linked: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An employee without access; ``account`` is one he seems to have here already."""

    employee: Employee
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """A dismissed employee whose roles still hold."""

    employee: Employee
    grants: list[RoleGrant] = field(default_factory=list)


def cards_for_access(request: HttpRequest, member_id: uuid.UUID | None = None) -> Cards:
    """Groundwork of the page, of one employee or of all; only for who gives access and roles to everybody here."""
    if not gives_access(request):
        raise PermissionDenied
    today = timezone.localdate()
    known = StaffMember.objects.known()
    if member_id is not None:
        get_object_or_404(known, pk=member_id)
        known = known.filter(pk=member_id)
    working = known.unsealed().filter(account_id=None, dismissed_on=None)
    gone = known.dismissed_by(today).exclude(account_id=None)
    linked = StaffMember.objects.known().values_list("account_id", flat=True)
    return Cards(_employees(working, today), _employees(gone, today), frozenset(filter(None, linked)))


def groundwork_of(request: HttpRequest) -> Cards:
    """What ``cards_for_access`` has read."""
    return cast(Cards, request.groundwork)  # type: ignore[attr-defined]


def waiting_here(cards: Cards, place: Workplace) -> list[Waiting]:
    """Those without access; whoever has an account here under his name is only to be joined with it."""
    by_name: dict[str, list[Account]] = {}
    for account in Account.objects.filter(pk__in=place.grants().values("account")).exclude(pk__in=cards.linked):
        by_name.setdefault(match_key(account.full_name), []).append(account)
    made = Account.objects.in_bulk(_future(cards.waiting, place))
    found = []
    for one in cards.waiting:
        same = by_name.get(match_key(str(one)), [])
        own = made.get(one.future_account(_key(place)))
        found.append(Waiting(one, own or (same[0] if len(same) == 1 else None)))
    return found


def leaving_here(cards: Cards, place: Workplace) -> list[Leaving]:
    """The dismissed whose roles of staff hold today; as parents they stay."""
    keys = [one.account_id for one in cards.dismissed]
    held = place.grants().on(timezone.localdate()).filter(account__in=keys, role__in=STAFF_ROLES)
    by_account: dict[uuid.UUID, list[RoleGrant]] = {}
    for grant in held:
        by_account.setdefault(grant.account_id, []).append(grant)
    grants = [(one, by_account.get(one.account_id)) for one in cards.dismissed if one.account_id is not None]
    return [Leaving(one, roles) for one, roles in grants if roles]


@transaction.atomic
def give_access(
    *, request: HttpRequest, place: Workplace, chosen: Sequence[Waiting], roles: Mapping[uuid.UUID, str]
) -> list[Slip]:
    """Accounts with one-time passwords and a role by the order of hiring; a known account is only joined with its card.

    Raises: NobodyToGiveAccess, AccessGivenMeanwhile, and what ``appoint`` and ``issue`` raise.
    """
    if not chosen:
        raise NobodyToGiveAccess
    decider, fresh = Decider.of(actor_of(request)), [one.employee for one in chosen if one.account is None]
    with constraint_means("accounts_account_pkey", AccessGivenMeanwhile()):
        accounts = {one.id: _create(one, _key(place)) for one in fresh}
    for one in fresh:
        terms = Terms(
            role=roles.get(one.id, one.usual_role),
            valid_from=one.from_day,
            order_number=one.order_no,
            order_date=one.order_date,
        )
        appoint(account=accounts[one.id], place=place, terms=terms, by=decider)
    recipients = [Recipient(account) for account in accounts.values()]
    slips = issue(place=place, by=actor_of(request), recipients=recipients) if recipients else []
    known = {one.employee.id: one.account.pk for one in chosen if one.account is not None}
    links = known | {key: account.pk for key, account in accounts.items()}
    want_task(
        LINK_TASK, to=str(organization_of(request).id), links={str(key): str(value) for key, value in links.items()}
    )
    return slips


@transaction.atomic
def end_access(*, place: Workplace, leaving: Leaving, by: Decider) -> None:
    """End every role of staff of a dismissed employee by the order of his dismissal. Raises as ``end_appointment``."""
    one = leaving.employee
    for grant in leaving.grants:
        end_appointment(
            grant=grant,
            place=place,
            last_day=max(one.from_day, timezone.localdate() - DAY),
            order_number=one.order_no,
            order_date=one.order_date,
            by=by,
        )


def _employees(found: StaffQuerySet, today: datetime.date) -> list[Employee]:
    return [_employee(one, today) for one in found.order_by("sort_name", "id")]


def _employee(one: StaffMember, today: datetime.date) -> Employee:
    """Of a dismissed one the order and the day are those of his dismissal."""
    ended = one.dismissed_on
    return Employee(
        id=one.pk,
        last_name=one.last_name,
        first_name=one.first_name,
        patronymic=one.patronymic,
        position=one.position,
        usual_role=str(USUAL_ROLE.get(one.main_position, Role.EMPLOYEE)),
        order_no=one.dismissal_order_no if ended else one.hire_order_no,
        order_date=one.dismissal_order_date or one.hire_order_date,
        from_day=ended or max(one.hire_date, today),
        account_id=one.account_id,
    )


def _create(one: Employee, organization_id: uuid.UUID) -> Account:
    login = suggest_login(last_name=one.last_name, first_name=one.first_name, patronymic=one.patronymic)
    return create_account(
        key=one.future_account(organization_id),
        login=login,
        password=one_time_password(),
        last_name=one.last_name,
        first_name=one.first_name,
        patronymic=one.patronymic,
    )


def _future(employees: Iterable[Employee], place: Workplace) -> list[uuid.UUID]:
    return [one.future_account(_key(place)) for one in employees]


def _key(place: Workplace) -> uuid.UUID:
    """The organization of the place: employees are hired nowhere else."""
    return cast(uuid.UUID, place.organization_id)
