"""Reading the public log as those who may."""

from __future__ import annotations

from shared.access.services import give_role
from shared.accounts.models import Account
from shared.audit.models import PublicEvent
from shared.organizations.models import AuthorityBody
from shared.tenancy import scopes
from tests.support import SINCE, School


def seen_by(scope: scopes.Scope) -> list[PublicEvent]:
    with scopes.enter(scope):
        return list(PublicEvent.objects.order_by("id"))


def seen_by_school(place: School) -> list[PublicEvent]:
    return seen_by(scopes.of_organization(place.organization.schema_name))


def seen_by_authority(code: str) -> list[PublicEvent]:
    return seen_by(scopes.of_authority(AuthorityBody.objects.get(code=code).pk))


def appoint_officer(login: str, role: str, code: str) -> None:
    """One more role above, for the time of a test."""
    with scopes.enter(scopes.of_accounts()):
        authority = AuthorityBody.objects.get(code=code)
        account = Account.objects.get(login=login)
        give_role(account=account, role=role, authority_id=authority.pk, valid_from=SINCE)


def seen_by_operator() -> list[PublicEvent]:
    return seen_by(scopes.of_operator())
