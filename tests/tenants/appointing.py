"""People of one test: an account with a role, and a family with its child."""

from __future__ import annotations

from collections.abc import Iterable

from shared.access.models import RoleGrant
from shared.access.services import create_account, give_role
from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.groups.models import Group
from tenants.people.models import Guardian, GuardianLink, Student
from tests.support import PASSWORD, SINCE, School


def employ(login: str, role: str, school: School, *, groups: Iterable[Group] = ()) -> Account:
    """An account of the test's own transaction with a role in the school."""
    with scopes.enter(scopes.of_accounts()):
        account = create_account(
            login=login, password=PASSWORD, last_name=login.capitalize(), first_name="Тест", is_one_time=False
        )
        give_role(account=account, role=role, organization_id=school.organization.pk, valid_from=SINCE)
        keys = [group.pk for group in groups]
        if keys:
            RoleGrant.objects.filter(account=account, role=role).update(group_ids=keys)
    return account


def parent_of(student: Student, login: str, school: School, *, relation: str = "mother", phone: str = "") -> Guardian:
    """A representative of the child with an account of his own; call outside a scope."""
    account = employ(login, "guardian", school)
    with school.work():
        guardian = Guardian.objects.create(
            last_name=login.capitalize(), first_name="Мать", phone=phone, account_id=account.pk
        )
        GuardianLink.objects.create(student=student, guardian=guardian, relation=relation)
        return guardian
