"""The people of the tests at their hosts, and the workplace of school 1."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.accounts.models import Account
from shared.appointments.services import Terms
from shared.appointments.workplaces import Decider, Workplace, workplace_of_organization
from shared.tenancy import scopes
from tests.support import School
from tests.tenants import factories


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def place(school: School) -> Workplace:
    return workplace_of_organization(school.organization)


@pytest.fixture
def accounts(school: School):
    """The role that manages accounts, as a view has it."""
    with scopes.enter(scopes.of_accounts().by("tests")):
        yield


@pytest.fixture
def fifth(school: School, today: datetime.date):
    """A class of this academic year."""
    with school.work():
        return factories.group("5А", year=today.year if today.month >= 9 else today.year - 1)


def account(login: str) -> Account:
    return Account.objects.get(login=login)


def decider(login: str = "", *, may_manage: bool = True, may_decide: bool = False) -> Decider:
    return Decider(account(login).pk if login else None, "Шевченко А. В.", may_manage, may_decide)


def terms(role: str, first: datetime.date, **facts: object) -> Terms:
    order = {"order_number": "41", "order_date": first}
    return Terms(**{"role": role, "valid_from": first, **order, **facts})  # type: ignore[arg-type]
