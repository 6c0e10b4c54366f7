"""The ministry and two schools at their classifiers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from shared.access.services import create_account, give_role
from shared.accounts.factors import save_app
from shared.classifiers.books import books
from shared.classifiers.catalog import Catalog, load_catalog
from shared.classifiers.models import ClassifierValue
from shared.classifiers.refreshing import ask_again, refresh_catalog
from shared.classifiers.services import Keeper, NewValue, add_value
from shared.organizations.models import AuthorityBody
from shared.tenancy import scopes
from tests import factor
from tests.support import PASSWORD, SINCE, School, client_of

REGION, MUNICIPALITY = "region.localhost", "municipality.localhost"
YEAR = datetime.timedelta(days=365)


@contextmanager
def ministry(code: str = "ministry-03", *, using: str = "default") -> Iterator[Keeper]:
    """A work transaction of an authority, and its officer."""
    number = AuthorityBody.objects.using(using).get(code=code).pk
    with scopes.enter(scopes.of_authority(number).by("officer", "", "Ольга Ким")):
        yield Keeper("Ольга Ким", authority_id=number)


@contextmanager
def office(school: School) -> Iterator[Keeper]:
    """A work transaction of an organization, and its administrator."""
    with school.work():
        yield Keeper("Анна", organization_id=school.organization.pk)


def since(day: datetime.date, label: str, **facts: object) -> NewValue:
    return NewValue(label=label, valid_from=day, **facts)  # type: ignore[arg-type]


def add(keeper: Keeper, name: str, label: str, day: datetime.date = SINCE, **facts: object) -> ClassifierValue:
    return add_value(keeper=keeper, book=books()[name], new=since(day, label, **facts))


def row(name: str, code: str) -> ClassifierValue:
    """The latest name of a common value."""
    return ClassifierValue.objects.common().filter(classifier=name, code=code).order_by("valid_from").last()


def shown() -> Catalog:
    """The catalog as this process shows it after its next look."""
    ask_again()
    refresh_catalog()
    return load_catalog()


def officer(login: str, role: str, code: str, host: str = REGION):
    """A signed-in person of an authority."""
    with scopes.enter(scopes.of_accounts()):
        account = create_account(
            login=login, password=PASSWORD, last_name=login.capitalize(), first_name="Тест", is_one_time=False
        )
        authority = AuthorityBody.objects.get(code=code)
        give_role(account=account, role=role, authority_id=authority.pk, valid_from=SINCE)
        save_app(account=account, secret=factor.SECRET)
    return client_of(host, login)
