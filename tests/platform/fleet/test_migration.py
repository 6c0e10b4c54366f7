"""A fleet migration: compiled once, replayed everywhere; one organization that fails does not stop the rest."""

from __future__ import annotations

import importlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections, transaction

import tenants.groups.migrations as present
from fleet import migration as fleet
from shared.organizations.models import Organization
from shared.tenancy import schemas
from shared.tenancy.models import TemplateScript
from shared.tenancy.names import TEMPLATE
from tests.support import School, connect

NAME = "0900_motto"
MOTTO = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "{leaf}")]
    operations = [
        migrations.AddField("group", "motto", models.CharField(max_length=50, default="", db_default="")),
        migrations.AddIndex("group", models.Index(name="group_motto", fields=["motto"])),
        {more}
    ]
"""


@pytest.fixture(scope="module")
def fleet_of_three(world, django_db_blocker) -> list[School]:
    with django_db_blocker.unblock():
        connected = [connect(f"fleet-{letter}") for letter in "abc"]
        connections.close_all()
    return connected


@pytest.fixture
def release(tmp_path: Path, monkeypatch, settings):
    """Write a later release of the groups' migrations, and let the loader see it instead of the present one."""

    def write(more: str = "") -> None:
        package = f"later_groups_{uuid.uuid4().hex}"  # a name of its own: Python keeps what it has imported
        folder = tmp_path / package
        shutil.copytree(Path(present.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
        leaf = max(path.stem for path in folder.glob("0*.py"))
        (folder / f"{NAME}.py").write_text(MOTTO.format(leaf=leaf, more=more))
        monkeypatch.syspath_prepend(str(tmp_path))
        importlib.invalidate_caches()
        settings.MIGRATION_MODULES = {"groups": package}

    return write


@pytest.fixture
def undone(committed):
    """Afterwards every schema is again what the other tests expect."""
    before = schemas.fingerprints([TEMPLATE])[TEMPLATE]
    connections["owner"].close()
    yield
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        living = Organization.objects.using("owner").exclude(status="archived")
        for schema in [TEMPLATE, *living.values_list("schema_name", flat=True)]:
            cursor.execute(f'alter table "{schema}".groups_group drop column if exists motto')
            cursor.execute(f"delete from \"{schema}\".django_migrations where name = '{NAME}'")
        TemplateScript.objects.using("owner").exclude(fingerprint=before).delete()
        Organization.objects.using("owner").update(fingerprint=before)


def columns(place: School) -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
            [f"{place.organization.schema_name}.groups_group"],
        )
        return {row[0] for row in cursor.fetchall()}


def indexes(place: School) -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select indexname from pg_indexes where schemaname = %s", [place.organization.schema_name])
        return {row[0] for row in cursor.fetchall()}


def test_one_locked_organization_is_reported_and_a_rerun_migrates_exactly_it(
    fleet_of_three, release, undone, monkeypatch
):
    first, locked, third = fleet_of_three
    compiled: list[str] = []
    compile_steps = fleet.compile_steps
    monkeypatch.setattr(fleet, "compile_steps", lambda schema: compiled.append(schema) or compile_steps(schema))
    monkeypatch.setattr(fleet, "LOCK_ATTEMPTS", 1)
    release()
    fingerprint = fleet.migrate_template()

    with held_by_another(f"{locked.organization.schema_name}.groups_group"):
        report = fleet.migrate_organizations(fingerprint)
    assert set(report.failed) == {"fleet-b"}
    assert "lock timeout" in report.failed["fleet-b"]
    assert {"fleet-a", "fleet-c", "school-1", "school-2"} <= set(report.upgraded)
    assert len(compiled) == 1
    assert "motto" in columns(first) & columns(third)
    assert "group_motto" in indexes(first)
    assert "motto" not in columns(locked)

    again = fleet.migrate_organizations(fingerprint)
    assert again.upgraded == ["fleet-b"]
    assert again.failed == {}
    assert again.current == len(report.upgraded)
    assert columns(locked) == columns(first)
    stored = {place.organization.schema_name for place in fleet_of_three}
    assert set(schemas.fingerprints(stored).values()) == {fingerprint}
    known = Organization.objects.using("owner").filter(schema_name__in=stored)
    assert set(known.values_list("fingerprint", flat=True)) == {fingerprint}

    compiled.clear()
    nothing = fleet.migrate_organizations(fingerprint)
    assert (nothing.upgraded, nothing.failed, compiled) == ([], {}, [])


def test_an_organization_connected_after_the_release_has_it_at_once(release, undone):
    release()
    fingerprint = fleet.migrate_template()
    newcomer = connect("fleet-new")
    assert "motto" in columns(newcomer)
    assert newcomer.organization.fingerprint == fingerprint


def test_a_step_that_fails_in_the_database_leaves_the_organization_as_it_was(fleet_of_three, release, undone):
    first = fleet_of_three[0]
    schema = first.organization.schema_name
    text = f"do $$ begin if current_schema() = '{schema}' then raise 'нет'; end if; end $$"
    release(more=f"migrations.RunSQL({[text]!r}),")
    report = fleet.migrate_organizations(fleet.migrate_template())
    assert set(report.failed) == {"fleet-a"}
    assert "нет" in report.failed["fleet-a"]
    assert "motto" not in columns(first)


def test_a_tenant_migration_in_python_is_not_replayed(release, undone):
    release(more="migrations.RunPython(migrations.RunPython.noop),")
    with pytest.raises(fleet.PythonInTenantMigration):
        fleet.migrate_organizations("another fingerprint")


@contextmanager
def held_by_another(table: str) -> Iterator[None]:
    """Another session has this table for itself meanwhile."""
    place = connections["owner"].settings_dict
    address = {"host": place["HOST"], "port": place["PORT"], "user": place["USER"], "dbname": place["NAME"]}
    session = psycopg.connect(**address)
    session.execute(f"lock table {table} in access exclusive mode")
    try:
        yield
    finally:
        session.close()
