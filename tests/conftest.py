"""One cluster per xdist worker, prepared once through ``owner``; tests connect as ``app``. Source: ARCHITECTURE 10."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connections

from devdb import Place, Server
from shared.access.services import give_role
from tests.support import SINCE, connect, person


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Cluster, schemas, template; nothing is created by Django's own test runner."""
    from fleet.migration import migrate_all
    from fleet.preparing import prepare_embedded

    with Server(settings.DATA_DIR, fast=True).lease() as place, django_db_blocker.unblock():
        prepare_embedded(place.dsn(user="postgres", dbname="postgres"))
        migrate_all()
        gc.freeze()  # what is loaded stays: the collector need not walk through it ten thousand times
        gc.set_threshold(50_000, *gc.get_threshold()[1:])
        with _behind_a_pooler(place) if "ASUSO_POOLER" in os.environ else nullcontext():
            yield
            connections.close_all()
    Server(settings.DATA_DIR, fast=True).destroy()


@contextmanager
def _behind_a_pooler(place: Place) -> Iterator[None]:
    """The login of requests goes through PgBouncer, as in an installation; ``owner`` stays direct, as there."""
    from config.settings.databases import external
    from tests.ops.pooler import pooler, url

    folder = settings.DATA_DIR / "pooler"
    folder.mkdir()
    with pooler(folder, place) as port:
        connections["default"].close()
        connections.settings["default"].update(external(url(port), None)["default"])
        yield
        connections["default"].close_pool()


@pytest.fixture(scope="session")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> SimpleNamespace:
    """Two schools and the people everyone knows; committed once, changed by nobody."""
    from shared.organizations.models import AuthorityBody

    with django_db_blocker.unblock():
        school = connect("school-1", short_name="СОШ № 1", full_name="Средняя школа № 1 города Белореченска")
        other = connect(
            "school-2", oktmo="03601000", short_name="СОШ № 2", full_name="Средняя школа № 2 города Абинска"
        )
        offices = AuthorityBody.objects.using("owner")
        for role in ("director", "deputy_uvr", "coordinator", "org_admin", "secretary", "teacher"):
            person({"director": "anna"}.get(role, role), role, school=school)
        person("vera", "director", school=other)
        person("boris", "mun_specialist", authority=offices.get(code="office-03608000"))
        ministry = offices.get(code="ministry-03")
        marina = person("marina", "ministry_specialist", authority=ministry)
        give_role(
            account=marina, role="region_registry_operator", authority_id=ministry.pk, valid_from=SINCE, using="owner"
        )
        person("zoya", "ministry_specialist", authority=ministry)
        person("kira", "mun_queue_operator", authority=offices.get(code="office-03608000"))
        person("oleg", "operator")
        connections["owner"].close()
        return SimpleNamespace(school=school, other=other)


@pytest.fixture
def school(world: SimpleNamespace, db: None):
    """The school of the tests, inside one transaction that is rolled back."""
    return world.school


@pytest.fixture
def other_school(world: SimpleNamespace, db: None):
    return world.other


@pytest.fixture
def committed(world: SimpleNamespace, django_db_blocker: pytest.FixtureRequest) -> Iterator[SimpleNamespace]:
    """Real transactions for races, projections and commands; such a test connects organizations of its own."""
    with django_db_blocker.unblock():
        yield world
        connections.close_all()


@pytest.fixture(autouse=True)
def _fresh_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered of another test, and nothing is asked anew in the middle of one: queries are counted."""
    from shared.access import workspaces
    from shared.classifiers import refreshing
    from shared.maintenance import current

    workspaces.forget_workspaces()
    refreshing.forget_catalog()
    current.forget_breaks()
    monkeypatch.setattr(workspaces, "CACHE_SECONDS", 3600.0)
    monkeypatch.setattr(refreshing, "CACHE_SECONDS", 3600.0)
    monkeypatch.setattr(current, "CACHE_SECONDS", 3600.0)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.get("ASUSO_TEST_DIR", ""), ignore_errors=True)
