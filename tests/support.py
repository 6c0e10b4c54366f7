"""People and places that every test knows: director Anna, municipal officer Boris, stranger Vera; two schools."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from fleet.provisioning import NewOrganization, provision
from shared.access.models import RoleGrant
from shared.access.roles import SECOND_FACTOR_ROLES
from shared.access.services import create_account, give_role
from shared.accounts.factors import save_app
from shared.accounts.models import Account, AuthenticatorApp
from shared.organizations.models import AuthorityBody, Municipality, Organization, Region
from shared.tenancy import scopes
from tenants.groups.models import Group
from tests import factor

PASSWORD = "пароль-для-проверки-1"
SINCE = datetime.date(2020, 1, 1)


@dataclass(frozen=True)
class School:
    """A connected organization of the tests."""

    organization: Organization

    @contextmanager
    def work(self, actor: str = "tests") -> Iterator[Organization]:
        """One work transaction of this organization, as the middleware would open it."""
        with scopes.enter(scopes.of_organization(self.organization.schema_name).by(actor)):
            yield self.organization

    @property
    def host(self) -> str:
        return f"{self.organization.slug}.{settings.BASE_DOMAIN}"


def connect(slug: str, *, org_type: str = "school", oktmo: str = "03608000", **facts: str) -> School:
    """A new organization in its own committed transaction."""
    municipality = Municipality.objects.using("owner").get(pk=oktmo)
    new = NewOrganization(
        slug=slug,
        full_name=facts.pop("full_name", f"Организация {slug}"),
        short_name=facts.pop("short_name", f"Организация {slug}"),
        org_type=org_type,
        region=Region.objects.using("owner").get(pk=oktmo[:2]),
        municipality=municipality,
        urban_rural=facts.pop("urban_rural", "urban"),
        **facts,
    )
    organization = provision(new)
    return School(Organization.objects.using("owner").get(pk=organization.pk))


def person(login: str, role: str, *, school: School | None = None, authority: AuthorityBody | None = None) -> Account:
    """An account with one role and the password of the tests, already changed; an app where the role demands one."""
    account = create_account(
        login=login,
        password=PASSWORD,
        last_name=login.capitalize(),
        first_name="Тест",
        is_one_time=False,
        using="owner",
    )
    give_role(
        account=account,
        role=role,
        organization_id=school.organization.pk if school else None,
        authority_id=authority.pk if authority else None,
        valid_from=SINCE,
        using="owner",
    )
    if role in SECOND_FACTOR_ROLES:
        save_app(account=account, secret=factor.SECRET, using="owner")
    return account


def client_of(host: str, login: str | None = None) -> Client:
    """A browser on ``host``, signed in by the product's own forms; of an authority, with a purpose stated."""
    client = Client(headers={"host": host})
    if login is not None:
        response = client.post("/login/", {"login": login, "password": PASSWORD})
        assert response.status_code == 302, response.content.decode()
        if response.headers["Location"].startswith("/second-factor/"):
            with scopes.enter(scopes.of_accounts().exempt()):  # as if the half-minute of the last code had passed
                AuthenticatorApp.objects.filter(account__login=login).update(last_step=0)
            factor.pass_with_any_code(lambda code: client.post("/second-factor/", {"code": code}).status_code == 302)
        if host.partition(".")[0] in ("municipality", "region"):
            client.post("/purpose/", {"purpose": "contingent"})
    return client


def appoint_to(login: str, *groups: Group) -> None:
    """The person works in these classes: what «own groups» means for every role of his."""
    with scopes.enter(scopes.of_accounts()):
        RoleGrant.objects.filter(account__login=login).update(
            group_ids=[group.pk for group in groups], group_names=[group.name for group in groups]
        )
