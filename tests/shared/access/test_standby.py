"""An authority's pages are read from a streaming standby, and from the database itself whenever that would be wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path

from config.settings.databases import external
from config.urls import region
from devdb import Server
from shared.access.declarations import requires
from shared.access.requests import note_action
from shared.audit.models import PublicEvent
from shared.organizations.models import AuthorityBody, Organization
from shared.tenancy import names, replica, scopes
from tests.standby import Standby, following
from tests.support import School, client_of, connect

LOGIN = "asuso_app"
REGION, MUNICIPALITY = "region.localhost", "municipality.localhost"


@pytest.fixture(scope="module")
def standby(world, django_db_blocker) -> Iterator[Standby]:
    with django_db_blocker.unblock(), following(Server(settings.DATA_DIR, fast=True)) as found:
        yield found


@pytest.fixture(scope="module")
def followed(world, django_db_blocker) -> School:
    """An organization of these tests."""
    with django_db_blocker.unblock():
        place = connect("followed")
        connections.close_all()
    return place


@pytest.fixture
def configured(standby, committed, monkeypatch) -> Iterator[Standby]:
    """The product with ``DATABASE_REPLICA_URL``; a standby that failed is asked again at once."""
    wanted = external(standby.url, None, standby.url)["replica"]
    both = connections.configure_settings({"default": dict(connections.settings["default"]), "replica": wanted})
    monkeypatch.setitem(connections.settings, "replica", both["replica"])
    monkeypatch.setattr(settings.ENVIRONMENT, "replica_lag_seconds", 600)
    monkeypatch.setattr(replica, "REST_SECONDS", 0.0)
    yield standby
    connections["replica"].close()
    del connections["replica"]


def rename(place: School, head: str) -> None:
    """Something that the region sees, written by somebody else."""
    with place.work():
        Organization.objects.filter(pk=place.organization.pk).update(head_name=head)


def head_seen(client: Client) -> str:
    """The name that the page of the region shows."""
    page = client.get("/organizations/", {"q": "followed"})
    assert page.status_code == 200
    text = page.content.decode().replace("\u00a0", " ")
    (found,) = [name for name in ("Первая Анна", "Вторая Анна") if name in text]
    return found


@contextmanager
def two_truths(standby: Standby, place: School) -> Iterator[None]:
    """The standby shows the first name, the database the second one."""
    rename(place, "Первая Анна")
    standby.catch_up()
    standby.pause()
    try:
        rename(place, "Вторая Анна")
        yield
    finally:
        standby.resume()


@contextmanager
def statements_on(alias: str) -> Iterator[list[str]]:
    """What this connection is asked."""
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        seen.append(str(sql))
        return execute(sql, params, many, context)

    with connections[alias].execute_wrapper(note):
        yield seen


def test_a_page_of_the_region_is_read_from_the_standby(configured, followed):
    marina = client_of(REGION, "marina")
    with two_truths(configured, followed):
        assert head_seen(marina) == "Первая Анна"
    assert head_seen(marina) == "Вторая Анна"


def test_whoever_has_written_sees_it_at_once(configured, followed):
    marina = client_of(REGION, "marina")
    zoya = client_of(REGION, "zoya")
    with two_truths(configured, followed):
        marina.post("/purpose/", {"purpose": "contingent"})
        assert head_seen(marina) == "Вторая Анна"
        assert head_seen(zoya) == "Первая Анна"
    with statements_on("replica") as asked:
        assert head_seen(marina) == "Вторая Анна"
    assert any("head_name" in text for text in asked)  # the standby has caught up with what she wrote


def test_a_standby_that_lags_is_not_believed(configured, followed, monkeypatch):
    marina = client_of(REGION, "marina")
    with two_truths(configured, followed):
        assert head_seen(marina) == "Первая Анна"
        monkeypatch.setattr(settings.ENVIRONMENT, "replica_lag_seconds", 1)
        time.sleep(1.1)
        assert head_seen(marina) == "Вторая Анна"


def test_counts_and_forms_are_asked_of_the_standby_and_of_nobody_else(configured, followed):
    boris = client_of(MUNICIPALITY, "boris")
    rename(followed, "Первая Анна")
    configured.catch_up()
    for address in ("/registry/counts/", "/registry/", "/forms/", "/forms/oo-1/"):
        with statements_on("replica") as there, statements_on("default") as here:
            assert boris.get(address).status_code == 200, address
        asked = [text for text in there if "contingent_" in text or "statforms_" in text]
        assert asked, address
        assert not [text for text in here if "contingent_" in text or "statforms_" in text], address


def test_an_organization_and_the_view_into_it_stay_with_the_database(configured, world):
    with statements_on("replica") as asked:
        assert client_of(world.school.host, "anna").get("/").status_code == 200
        boris = client_of(MUNICIPALITY, "boris")
        assert boris.get("/organizations/school-1/").status_code == 200
    assert not [text for text in asked if "oversight_" in text or "people_" in text]


def test_role_and_territory_hold_on_the_standby(configured, world):
    office = AuthorityBody.objects.get(code="office-03608000")
    rename(world.school, "")
    configured.catch_up()
    with replica.enter(scopes.of_authority(office.pk)), connection.cursor() as cursor:
        cursor.execute("select current_user, pg_is_in_recovery()")
        assert cursor.fetchone() == (names.authority_role(office.pk), True)
    for text in (
        f"select * from {world.school.organization.schema_name}.people_student",
        "delete from organizations_organization",
        "select 1; reset role",
    ):
        with pytest.raises(DatabaseError), replica.enter(scopes.of_authority(office.pk)):
            connection.cursor().execute(text)
    with pytest.raises(scopes.NestedScope), replica.enter(scopes.of_authority(office.pk)), world.school.work():
        pass


def test_without_a_standby_the_page_is_there(configured, followed):
    marina = client_of(REGION, "marina")
    rename(followed, "Вторая Анна")
    configured.catch_up()
    assert head_seen(marina) == "Вторая Анна"  # a connection is kept, and will be found broken
    configured.stop()
    try:
        assert [head_seen(marina), head_seen(marina)] == ["Вторая Анна"] * 2
    finally:
        configured.start()
    with two_truths(configured, followed):
        assert head_seen(marina) == "Первая Анна"


def test_a_standby_that_dies_in_the_middle_costs_no_answer_and_leaves_no_second_trace(
    configured, followed, monkeypatch
):
    tries: list[bool] = []

    @requires("registry.persons")
    def dies(request: HttpRequest) -> HttpResponse:
        note_action(request, "viewed", subject_kind="probe", subject_id="of the standby")
        with connection.cursor() as cursor:
            cursor.execute("select pg_is_in_recovery()")
            tries.append(cursor.fetchone()[0])
        if tries[-1]:
            configured.ask(f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{LOGIN}'")
        return HttpResponse(f"{Organization.objects.count()}")

    marina = client_of(REGION, "marina")
    rename(followed, "Вторая Анна")
    configured.catch_up()
    monkeypatch.setattr(region, "urlpatterns", [path("dies/", dies), *region.urlpatterns])
    clear_url_caches()
    try:
        assert marina.get("/dies/").status_code == 200
    finally:
        monkeypatch.undo()
        clear_url_caches()
    assert tries == [True, False]
    assert PublicEvent.objects.using("owner").filter(object_id="of the standby").count() == 1


def test_what_is_no_standby_any_more_is_not_asked(configured, followed, monkeypatch):
    primary = configured.primary
    monkeypatch.setitem(connections.settings["replica"], "PORT", str(primary.port))
    with pytest.raises(replica.StandbyUnfit), replica.enter(scopes.of_authority(1)):
        pass
    monkeypatch.delitem(connections.settings, "replica")
    with pytest.raises(OperationalError), replica.enter(scopes.of_authority(1)):
        pass
