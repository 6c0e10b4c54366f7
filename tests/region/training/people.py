"""Who registers in the tests of training, and how the pages are used."""

from __future__ import annotations

import datetime
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from region.training.claims import Job
from region.training.models import Claim, Registration
from region.training.registering import Person, register_self
from shared.access.services import create_account, give_role
from shared.accounts.factors import save_app
from shared.kernel.ids import new_id
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tests import factor
from tests.support import PASSWORD, SINCE

HOST = "training.localhost"
SCAN = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
BORN = datetime.date(1984, 5, 17)
FORM = {
    "last_name": "Рябова",
    "first_name": "Татьяна",
    "patronymic": "Олеговна",
    "born_on": "17.05.1984",
    "email": "Ryabova@example.org",
    "position": "Учитель",
    "other_place": "",
    "login": "ryabova",
    "password": PASSWORD,
    "repeated": PASSWORD,
    "consent": "on",
}


def form(place: Organization, **changes: str) -> dict[str, str]:
    """The public form as a browser sends it."""
    return {**FORM, "organization": str(place.pk), "key": str(new_id()), **changes}


def register(login: str, organization: Organization | None = None, *, last_name: str = "") -> Registration:
    """Somebody who has registered by himself."""
    person = Person(last_name or login.capitalize(), "Тест", "", BORN, f"{login}@example.org")
    with scopes.enter(scopes.of_accounts()):
        found = Organization.objects.get(pk=organization.pk) if organization else None
        job = Job("Учитель", found, "" if found else "Школа вне каталога")
        return register_self(person=person, job=job, login=login, password=PASSWORD, key=new_id())


def hire(login: str, role: str, organization: Organization | None = None) -> None:
    """A person of the training host with one role."""
    with scopes.enter(scopes.of_accounts()):
        account = create_account(
            login=login, password=PASSWORD, last_name=login.capitalize(), first_name="Тест", is_one_time=False
        )
        give_role(account=account, role=role, organization_id=organization and organization.pk, valid_from=SINCE)
        if role == "training_operator":
            save_app(account=account, secret=factor.SECRET)


def ask(client: Client, subject: str, **facts: object):
    """Send the form of a group with an order."""
    order = {"order_number": "15-к", "order_date": "01.09.2026"}
    scan = SimpleUploadedFile("приказ.pdf", SCAN, "application/pdf")
    return client.post("/groups/new/", {"subject": subject, **order, "scan": scan, **facts})


def claims(login: str) -> list[Claim]:
    with scopes.enter(scopes.of_accounts().reading()):
        found = Claim.objects.filter(account__login=login).select_related("organization", "authority", "account")
        return list(found.order_by("asked_at", "pk"))


def claim_id(login: str, subject: str = "employment") -> uuid.UUID:
    return [one.pk for one in claims(login) if one.subject == subject][-1]


def roles(login: str) -> set[tuple[str, str]]:
    """Roles in force today with their organization."""
    from shared.access.models import RoleGrant

    with scopes.enter(scopes.of_accounts().reading()):
        grants = RoleGrant.objects.on(datetime.date.today()).filter(account__login=login).select_related("organization")
        return {(grant.role, grant.organization.slug if grant.organization else "") for grant in grants}
