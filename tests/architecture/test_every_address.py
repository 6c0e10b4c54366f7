"""Every address of every host, as a stranger and as a person of another place; roles are in ``test_access_table``."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.test import Client

from shared.access.rights import capabilities_of, known_capabilities
from shared.access.roles import Role
from tests.architecture.addresses import KINDS, Address, addresses_of, unmarked, walk
from tests.shared.access import probe_urls
from tests.support import client_of
from tests.tenants import factories

HOSTS = {
    "organization": "school-1.localhost",
    "municipality": "municipality.localhost",
    "region": "region.localhost",
    "operator": "operator.localhost",
    "training": "training.localhost",
    "services": "services.localhost",
    "entrance": "localhost",
}
STAFF = {
    "anna": Role.DIRECTOR,
    "deputy_uvr": Role.DEPUTY_UVR,
    "coordinator": Role.COORDINATOR,
    "org_admin": Role.ORG_ADMIN,
    "secretary": Role.SECRETARY,
    "teacher": Role.TEACHER,
}
FOREIGN = [
    ("organization", "vera"),
    ("organization", "boris"),
    ("organization", "oleg"),
    ("municipality", "anna"),
    ("municipality", "marina"),
    ("region", "boris"),
    ("region", "vera"),
    ("operator", "marina"),
    ("operator", "anna"),
    ("services", "anna"),
    ("entrance", "anna"),
]
METHODS = ("get", "post")


def guarded(kind: str) -> list[Address]:
    """Addresses that ask for a right."""
    return [one for one in addresses_of(kind) if one.access and one.access.capability]


def call(client: Client, method: str, address: Address, **values: str) -> int:
    return getattr(client, method)(address.path(values)).status_code


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_says_who_may_call_it(kind):
    assert unmarked(addresses_of(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_right_asked_for_is_held_by_some_role(kind):
    assert {one.access.capability for one in guarded(kind)} <= known_capabilities()


@pytest.mark.parametrize("kind", KINDS)
def test_every_host_has_its_pages_of_failures(kind):
    module = import_module(f"config.urls.{kind}")
    for status in (400, 403, 404, 500):
        assert getattr(module, f"handler{status}").startswith("config.errors."), status


def test_the_walk_finds_a_view_without_a_right():
    assert unmarked(list(walk(probe_urls.urlpatterns))) == ["/unmarked/"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_is_asked_to_sign_in(school, other_school, kind):
    stranger = Client(headers={"host": HOSTS[kind]})
    for address in addresses_of(kind):
        for method in METHODS:
            answer = getattr(stranger, method)(address.path({"slug": "school-2"}))
            if address.access.is_public:
                assert answer.status_code < 500 or address.route == "readyz", str(address)
            elif answer.status_code == 302:
                assert answer.headers["Location"].startswith("/login/"), str(address)
            else:
                assert answer.status_code == 401, str(address)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "organization"])
def test_the_cookie_of_another_host_is_worth_nothing(school, kind):
    thief = Client(headers={"host": HOSTS[kind]})
    thief.cookies["asuso_session"] = client_of(school.host, "anna").cookies["asuso_session"].value
    for address in guarded(kind):
        assert call(thief, "get", address) in (302, 401), str(address)


@pytest.mark.parametrize(("kind", "login"), FOREIGN)
def test_a_person_of_another_place_sees_nothing(school, other_school, kind, login):
    foreign = client_of(HOSTS[kind], login)
    for address in guarded(kind):
        for method in METHODS:
            assert call(foreign, method, address) in (401, 403, 404), f"{method} {address}"


@pytest.mark.parametrize("login", ["anna", "secretary"])
def test_an_object_of_another_organization_does_not_exist(school, other_school, login):
    with other_school.work():
        order = factories.enroll(factories.student(), into=factories.group("7Б"))
        row = order.rows.get()
        keys = [order.pk, row.pk, row.student_id, row.group_id, row.enrollment_id, other_school.organization.pk]
    person = client_of(school.host, login)
    rights = capabilities_of(STAFF[login])
    for address in guarded("organization"):
        if not address.has_object or address.access.capability not in rights:
            continue
        for key in keys:
            found = {method: call(person, method, address, uuid=str(key)) for method in METHODS}
            assert set(found.values()) <= {404, 405}, f"{address}: {found}"
            assert 404 in found.values(), f"{address}: {found}"


def test_an_office_does_not_reach_an_organization_of_another_territory(school, other_school):
    boris = client_of(HOSTS["municipality"], "boris")
    for address in guarded("municipality"):
        if address.access.scope != "oversight":
            continue
        assert call(boris, "get", address, slug="school-2") in (404, 405), str(address)
        assert call(boris, "post", address, slug="school-2") in (404, 405), str(address)
