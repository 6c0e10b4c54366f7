"""Appointments: a role is given and taken by an order, from a day, for a time. Runs in role ``accounts``.

Source: ORGANIZATION 4 (R-059, R-060, R-102, R-146, R-158, R-163, R-329).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.roles import Role, role_facts
from shared.access.services import create_account
from shared.accounts.models import Account
from shared.accounts.passwords import one_time_password
from shared.appointments.days import DAY, order_text, period_text
from shared.appointments.errors import (
    EndedInThePast,
    EndsEarlier,
    LastAdministrator,
    LoginTaken,
    OrderWanted,
    OwnAdministration,
    PeriodBackward,
    RoleAlreadyHeld,
    RoleNotGivenHere,
)
from shared.appointments.logins import suggest_login
from shared.appointments.workplaces import Decider, Workplace
from shared.kernel.rules import constraint_means
from shared.tenancy import scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an appointment says: the role, its days ``[valid_from, valid_to)``, the order, the classes by id."""

    role: str
    valid_from: datetime.date
    valid_to: datetime.date | None = None
    order_number: str = ""
    order_date: datetime.date | None = None
    groups: Mapping[uuid.UUID, str] = field(default_factory=dict)
    is_acting: bool = False


@transaction.atomic
def appoint(
    *, account: Account, place: Workplace, terms: Terms, by: Decider, instead_of: RoleGrant | None = None
) -> RoleGrant:
    """Give a role; ``instead_of`` ends on the day this one begins: the same role with other classes.

    Raises: RoleNotGivenHere, OwnAdministration, OrderWanted, PeriodBackward, RoleAlreadyHeld.
    """
    _check_terms(account, place, terms, by)
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    scopes.give_reason(order_text(terms.order_number, terms.order_date))
    if instead_of is not None:
        _end(instead_of, max(terms.valid_from, instead_of.valid_from), terms.order_number, terms.order_date, by)
    held = _held_already(account, place, terms)
    label, refusal_period = Role(terms.role).label, period_text(terms.valid_from, terms.valid_to)
    if held is not None:
        raise RoleAlreadyHeld(role=label, period=period_text(held.valid_from, held.valid_to))
    with constraint_means("rolegrant_once", RoleAlreadyHeld(role=label, period=refusal_period)):
        return RoleGrant.objects.create(
            account=account,
            role=terms.role,
            organization_id=place.organization_id,
            authority_id=place.authority_id,
            order_number=terms.order_number,
            order_date=terms.order_date,
            valid_from=terms.valid_from,
            valid_to=terms.valid_to,
            is_acting=terms.is_acting,
            group_ids=list(terms.groups),
            group_names=list(terms.groups.values()),
            given_by=by.signature,
        )


@transaction.atomic
def enter_person(
    *,
    last_name: str,
    first_name: str,
    patronymic: str,
    login: str = "",
    place: Workplace,
    terms: Terms,
    by: Decider,
) -> Account:
    """A new person with his first appointment. His one-time password is printed by the register of credentials.

    Raises: LoginTaken and what ``appoint`` raises. Source: R-018, R-090.
    """
    login = login.strip().lower() or suggest_login(last_name=last_name, first_name=first_name, patronymic=patronymic)
    with constraint_means("accounts_account_login_key", LoginTaken(login=login)):
        account = create_account(
            login=login,
            password=one_time_password(),
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
        )
    appoint(account=account, place=place, terms=terms, by=by)
    return account


@transaction.atomic
def end_appointment(
    *,
    grant: RoleGrant,
    place: Workplace,
    last_day: datetime.date,
    order_number: str,
    order_date: datetime.date | None,
    by: Decider,
) -> RoleGrant:
    """The role ends after ``last_day``; one that has not begun yet never begins.

    Raises: RoleNotGivenHere, OwnAdministration, OrderWanted, EndsEarlier, EndedInThePast, LastAdministrator.
    """
    label = Role(grant.role).label
    if grant.role not in by.roles_given(place) and not _may_end_family(grant, place, by):
        raise RoleNotGivenHere(role=label)
    if grant.role == place.administrator and grant.account_id == by.account_id:
        raise OwnAdministration(role=label)
    if place.needs_order and grant.role in place.roles and not (order_number and order_date):
        raise OrderWanted
    until = max(last_day + DAY, grant.valid_from)
    if grant.valid_to is not None and until >= grant.valid_to:
        raise EndsEarlier(day=f"{grant.valid_to - DAY:%d.%m.%Y}")
    if until < timezone.localdate():
        raise EndedInThePast
    if grant.role == place.administrator:
        _check_not_last(grant, place)
    scopes.give_reason(order_text(order_number, order_date))
    return _end(grant, until, order_number, order_date, by)


def _check_terms(account: Account, place: Workplace, terms: Terms, by: Decider) -> None:
    facts = role_facts().get(terms.role)
    if terms.role not in by.roles_given(place):
        raise RoleNotGivenHere(role=facts.label if facts else terms.role)
    if terms.role == place.administrator and account.pk == by.account_id:
        raise OwnAdministration(role=Role(terms.role).label)
    if place.needs_order and not (terms.order_number and terms.order_date):
        raise OrderWanted
    if terms.valid_to is not None and terms.valid_to <= terms.valid_from:
        raise PeriodBackward


def _held_already(account: Account, place: Workplace, terms: Terms) -> RoleGrant | None:
    """The same role on some of the same days; a role by groups may be held twice for different ones, once for good."""
    days = Q(valid_to=None) | Q(valid_to__gt=terms.valid_from)
    if terms.valid_to is not None:
        days &= Q(valid_from__lt=terms.valid_to)
    same = place.grants().filter(days, account=account, role=terms.role).exclude(valid_to=F("valid_from"))
    if role_facts()[terms.role].is_by_group and terms.groups:
        shared = Q(group_ids__overlap=list(terms.groups))
        same = same.filter(shared | Q(valid_to=None) if terms.valid_to is None else shared)
    return same.first()


def _may_end_family(grant: RoleGrant, place: Workplace, by: Decider) -> bool:
    return by.may_manage and grant.role in place.known_roles


def _check_not_last(grant: RoleGrant, place: Workplace) -> None:
    """Two administrators ending each other at once: the rows are locked in one order, the second one is refused."""
    held = place.grants().filter(role=place.administrator, valid_to=None, account__is_active=True)
    open_ones = [one.pk for one in held.select_for_update(of=("self",)).order_by("pk")]
    if not set(open_ones) - {grant.pk}:
        raise LastAdministrator(role=Role(grant.role).label)


def _end(grant: RoleGrant, until: datetime.date, number: str, day: datetime.date | None, by: Decider) -> RoleGrant:
    grant.valid_to = until
    grant.end_order_number, grant.end_order_date, grant.ended_by = number, day, by.signature
    grant.save(update_fields=["valid_to", "end_order_number", "end_order_date", "ended_by"])
    return grant
