"""A copy is looked at and nothing else: no orders, no counting, no handing up, no authority. Source: INTERFACES 3."""

from __future__ import annotations

import datetime

import pytest
from django.db import ProgrammingError, transaction

from fleet.backups.reading import open_package
from fleet.backups.restoring import restore_beside
from fleet.onboarding.services import load_directory
from shared.contingent.models import Outbox, RegistryEnrollment
from shared.organizations.models import AuthorityBody, Domain, Organization
from shared.security.models import SecurityState
from shared.tenancy import scopes
from tenants.handup.projector import reconcile
from tenants.handup.services import hand_up_everything
from tenants.orders.errors import CopyTakesNoOrders
from tenants.orders.models import Order, Placement
from tenants.orders.services import draft_order
from tenants.people.models import Student
from tenants.security.state import hand_up_state
from tests.support import School, client_of, person


@pytest.fixture(scope="module")
def copied(lasting, django_db_blocker) -> School:
    """A copy of the organization that stays."""
    place, file = lasting
    slug = f"{place.organization.slug}-k"
    with django_db_blocker.unblock():
        with open_package(file) as package:
            restore_beside(package, slug, of=place.organization.slug, is_live=False, by="tests")
        return School(Organization.with_copies.using("owner").get(slug=slug))


@pytest.fixture
def copy(committed, copied) -> School:
    return copied


def test_nobody_counts_it(copy, place):
    assert not Organization.objects.filter(pk=copy.organization.pk).exists()
    assert not RegistryEnrollment.objects.using("owner").filter(organization_id=copy.organization.pk).exists()
    boris = AuthorityBody.objects.using("owner").get(code="office-03608000")
    with scopes.enter(scopes.of_authority(boris.pk).reading()):
        seen = set(Organization.with_copies.values_list("slug", flat=True))
    assert place.organization.slug in seen
    assert copy.organization.slug not in seen
    with pytest.raises(ProgrammingError), scopes.enter(scopes.of_oversight(boris.pk, copy.organization.schema_name)):
        list(Student.objects.all())


def test_it_hands_nothing_up(copy):
    with copy.work():
        hand_up_everything()
        hand_up_state()
    assert not Outbox.objects.using("owner").filter(organization_id=copy.organization.pk).exists()
    assert not SecurityState.objects.using("owner").filter(organization_id=copy.organization.pk).exists()
    assert not reconcile(copy.organization, repair=True)
    assert not RegistryEnrollment.objects.using("owner").filter(organization_id=copy.organization.pk).exists()


def test_it_takes_no_orders(copy):
    with copy.work(), pytest.raises(CopyTakesNoOrders):
        draft_order(kind="enrollment", number="1-у", issued_on=datetime.date(2026, 9, 1), drafted_by="секретарь")
    for statement in (lambda: Order.objects.update(basis="иное"), lambda: Placement.objects.update(placed_to=None)):
        with copy.work(), pytest.raises(ProgrammingError), transaction.atomic():
            statement()
    with copy.work():
        assert Order.objects.count() == 1
        Student.objects.filter(first_name="Иван").update(patronymic="Ильич")  # a copy may be written in otherwise


def test_every_page_of_it_says_what_it_is(copy, place):
    login = f"c-{copy.organization.slug}"[:30]
    person(login, "secretary", school=copy)
    page = client_of(copy.host, login).get("/students/")
    assert page.status_code == 200
    assert "Копия от" in page.content.decode()
    assert "Приказы здесь не оформляются" in page.content.decode()
    refused = client_of(copy.host, login).post("/orders/new/enrollment/", {"number": "7-у", "issued_on": "2026-09-01"})
    assert refused.status_code == 422
    assert "приказы и списки здесь не оформляются" in refused.content.decode()


def test_its_address_is_taken_and_its_name_is_not(copy, place):
    directory = load_directory()
    assert copy.organization.slug in directory.taken
    assert copy.organization.slug not in directory.by_slug
    assert directory.by_identity[("ogrn", place.organization.ogrn, place.organization.kpp)].slug == (
        place.organization.slug
    )


def test_it_is_forgotten_with_everything_of_it(copy, place, run):
    assert run("forget", place.organization.slug).code == 2
    assert run("forget", copy.organization.slug).code == 0
    assert not Organization.with_copies.using("owner").filter(pk=copy.organization.pk).exists()
    assert not Domain.objects.using("owner").filter(domain=copy.host).exists()
    assert client_of(copy.host).get("/login/").status_code == 404
    assert run("forget", copy.organization.slug).code == 2
