"""A fleet migration: compiled once, replayed everywhere; one organization that fails does not stop the rest."""

from __future__ import annotations

import importlib
import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connections, transaction

import tenants.groups.migrations as present
from config.cli import fleet as command
from fleet import compiling, migration, upgrading
from fleet.models import Upgrade, UpgradeLine
from shared.organizations.models import Organization
from shared.tenancy import schemas, structure
from shared.tenancy.models import TemplateScript
from shared.tenancy.names import TEMPLATE
from tests.support import School, connect
from tests.tenants import factories

NAME = "0900_motto"
MOTTO = """
from django.db import migrations, models

from shared.tenancy.migrating import per_organization


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
        living = Organization.with_copies.using("owner").exclude(status="archived")
        for schema in [TEMPLATE, *living.values_list("schema_name", flat=True)]:
            cursor.execute(f'alter table "{schema}".groups_group drop column if exists motto')
            cursor.execute(f"delete from \"{schema}\".django_migrations where name = '{NAME}'")
        TemplateScript.objects.using("owner").exclude(fingerprint=before).delete()
        Organization.with_copies.using("owner").update(fingerprint=before)


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
    compile_plan = upgrading.compile_plan
    monkeypatch.setattr(upgrading, "compile_plan", lambda *place: compiled.append(place[0]) or compile_plan(*place))
    monkeypatch.setattr(compiling, "LOCK_ATTEMPTS", 1)
    release()
    fingerprint = migration.migrate_template()

    with held_by_another(f"{locked.organization.schema_name}.groups_group"):
        report = upgrading.upgrade(fingerprint)
    assert set(report.failed) == {"fleet-b"}
    assert "lock timeout" in report.failed["fleet-b"]
    assert {"fleet-a", "fleet-c", "school-1", "school-2"} <= set(report.upgraded)
    assert len(compiled) == 1
    assert {slug: outcome for slug, outcome in ledger().items() if slug in report.failed} == {"fleet-b": "failed"}
    assert ledger()["fleet-a"] == "done"
    assert "motto" in columns(first) & columns(third)
    assert "group_motto" in indexes(first)
    assert "motto" not in columns(locked)

    again = upgrading.upgrade(fingerprint)
    assert again.upgraded == ["fleet-b"]
    assert again.failed == {}
    assert again.current == len(report.upgraded)
    assert columns(locked) == columns(first)
    stored = {place.organization.schema_name for place in fleet_of_three}
    assert set(schemas.fingerprints(stored).values()) == {fingerprint}
    known = Organization.objects.using("owner").filter(schema_name__in=stored)
    assert set(known.values_list("fingerprint", flat=True)) == {fingerprint}

    assert ledger() == {"fleet-b": "done"}
    runs = Upgrade.objects.using("owner").count()
    compiled.clear()
    nothing = upgrading.upgrade(fingerprint)
    assert (nothing.upgraded, nothing.failed, compiled) == ([], {}, [])
    assert Upgrade.objects.using("owner").count() == runs


def test_an_organization_connected_after_the_release_has_it_at_once(release, undone):
    release()
    fingerprint = migration.migrate_template()
    newcomer = connect("fleet-new")
    assert "motto" in columns(newcomer)
    assert newcomer.organization.fingerprint == fingerprint


def test_a_step_that_fails_in_the_database_leaves_the_organization_as_it_was(fleet_of_three, release, undone):
    first = fleet_of_three[0]
    schema = first.organization.schema_name
    text = f"do $$ begin if current_schema() = '{schema}' then raise 'нет'; end if; end $$"
    release(more=f"migrations.RunSQL({[text]!r}),")
    report = upgrading.upgrade(migration.migrate_template())
    assert set(report.failed) == {"fleet-a"}
    assert "нет" in report.failed["fleet-a"]
    assert "motto" not in columns(first)


def test_an_organization_whose_tables_were_changed_by_hand_is_left_alone_and_named(fleet_of_three, release, undone):
    changed, other = fleet_of_three[1:]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"alter table {changed.organization.schema_name}.groups_group add column by_hand integer")
    try:
        release()
        report = upgrading.upgrade(migration.migrate_template())
        assert list(report.failed) == ["fleet-b"]
        assert "таблицы не такие" in report.failed["fleet-b"]
        assert ledger()["fleet-b"] == "drifted"
        assert "motto" not in columns(changed)
        assert "motto" in columns(other)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"alter table {changed.organization.schema_name}.groups_group drop column by_hand")
    assert upgrading.upgrade(schemas.fingerprints([TEMPLATE])[TEMPLATE]).upgraded == ["fleet-b"]


def test_differences_of_two_organizations_are_named(fleet_of_three):
    first, second = (place.organization.schema_name for place in fleet_of_three[:2])
    assert structure.differences(first, expected=second) == ([], [])
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"alter table {first}.groups_group alter column letter drop not null")
        cursor.execute(f"drop index {first}.orderrow_effective_on")
        extra, missing = structure.differences(first, expected=second)
        transaction.set_rollback(True, using="owner")
    assert extra == ["column groups_group.letter character varying(15)"]
    assert sorted(line.split()[0] for line in missing) == ["column", "index"]


@pytest.mark.parametrize(
    "change",
    [
        "alter table groups_group disable trigger row_history_update",
        "drop trigger row_history_update on groups_group",
        "alter table groups_group alter column letter set default 'А'",
        "alter table groups_group rename column letter to sign",
        "create or replace function quality_mark() returns trigger language plpgsql as 'begin return null; end'",
    ],
)
def test_what_decides_over_data_is_part_of_the_digest(fleet_of_three, change):
    schema = fleet_of_three[0].organization.schema_name
    before = structure.structures([schema])
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"set local search_path = {schema}, public")
        cursor.execute(change)
        assert structure.structures([schema]) != before
        transaction.set_rollback(True, using="owner")
    assert structure.structures([schema]) == before


def test_a_digest_of_another_form_is_not_compared_and_is_written_anew(fleet_of_three, release, undone):
    scripts = TemplateScript.objects.using("owner").filter(fingerprint=schemas.fingerprints([TEMPLATE])[TEMPLATE])
    ours = scripts.get().structure
    scripts.update(structure="0" * 32)
    assert drift_command() == (0, [])
    migration.migrate_template()
    assert scripts.get().structure == ours
    scripts.update(structure="0" * 32)
    try:
        release()
        assert "fleet-a" in upgrading.upgrade(migration.migrate_template()).upgraded
    finally:
        scripts.update(structure=ours)


def test_the_command_names_who_drifted_and_in_what(fleet_of_three):
    schema = fleet_of_three[2].organization.schema_name
    assert drift_command() == (0, [])
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"alter table {schema}.groups_group add column by_hand integer")
    try:
        assert drift_command() == (1, [{"slug": "fleet-c"}])
        difference = {"slug": "fleet-c", "difference": "+ column groups_group.by_hand integer"}
        assert drift_command("fleet-c") == (1, [difference])
        assert drift_command("fleet-a") == (0, [])
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"alter table {schema}.groups_group drop column by_hand")


def drift_command(*arguments: str) -> tuple[int, list[dict[str, str]]]:
    result = CliRunner().invoke(command.fleet, ["drift", *arguments])
    return result.exit_code, json.loads(result.stdout)["rows"]


def test_a_release_that_fails_everywhere_stops_after_a_few_trials(fleet_of_three, release, undone):
    text = "do $$ begin if current_schema() <> 'template' then perform 1 / 0; end if; end $$"
    release(more=f"migrations.RunSQL({[text]!r}),")
    report = upgrading.upgrade(migration.migrate_template())
    assert report.upgraded == []
    outcomes = list(ledger().values())
    assert outcomes.count("failed") == upgrading.TRIALS
    assert outcomes.count("left") == len(outcomes) - upgrading.TRIALS > 0
    assert "пробная организация" in [reason for reason in report.failed.values() if "division" in reason][-1]


def test_a_release_whose_result_is_not_the_template_is_taken_back(fleet_of_three, release, undone):
    text = "do $$ begin if current_schema() <> 'template' then create table by_hand (one int); end if; end $$"
    release(more=f"migrations.RunSQL({[text]!r}),")
    report = upgrading.upgrade(migration.migrate_template())
    assert report.upgraded == []
    assert "не такие, как в шаблоне" in report.failed["school-1"]
    assert "motto" not in columns(fleet_of_three[0])


def test_a_step_in_python_that_says_so_is_executed_in_every_organization(fleet_of_three, release, undone):
    model = "apps.get_model('groups', 'Group').objects.using(editor.connection.alias)"
    code = f"per_organization(lambda apps, editor: {model}.update(motto='Вперёд'))"
    release(more=f"migrations.RunPython({code}),")
    with fleet_of_three[0].work():
        factories.group()
    try:
        report = upgrading.upgrade(migration.migrate_template())
        assert report.failed == {}
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"select motto from {fleet_of_three[0].organization.schema_name}.groups_group")
            assert cursor.fetchall() == [("Вперёд",)]
        schema = fleet_of_three[1].organization.schema_name
        assert schemas.fingerprints([schema])[schema] == report.fingerprint
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"delete from {fleet_of_three[0].organization.schema_name}.groups_group")


def test_a_tenant_migration_in_python_is_not_replayed(release, undone):
    release(more="migrations.RunPython(migrations.RunPython.noop),")
    with pytest.raises(compiling.PythonInTenantMigration):
        upgrading.upgrade("another fingerprint")


def ledger() -> dict[str, str]:
    """Outcomes of the last upgrade."""
    run = Upgrade.objects.using("owner").first()
    return dict(UpgradeLine.objects.using("owner").filter(upgrade=run).values_list("slug", "outcome"))


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
