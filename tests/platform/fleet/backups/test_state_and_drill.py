"""What the operator sees: the state of the fleet in two queries, the record of every drill, the nightly one."""

from __future__ import annotations

import datetime
import hashlib
from unittest import mock

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.backups import copies, drill
from fleet.backups.models import Backup
from fleet.backups.status import fleet_status
from fleet.backups.writing import back_up_all
from shared.organizations.models import Organization
from tests.support import client_of

NIGHT = datetime.datetime(2026, 11, 22, 2, 30, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def kept(committed, tmp_path, monkeypatch):
    """Files of drills beside the test."""
    monkeypatch.setattr(drill, "folder", lambda: tmp_path / "backups")
    return tmp_path / "backups"


def test_the_state_of_the_fleet_is_two_queries_whatever_its_size(place, run):
    with CaptureQueriesContext(connections["owner"]) as queries:
        lines = fleet_status()
    assert len(queries) == 2
    assert len(lines) >= 3
    rows = {row["slug"]: row for row in run("status", "--format", "json").rows["rows"]}
    ours = rows[place.organization.slug]
    assert (ours["status"], ours["version"]) == ("active", "current")
    assert ours["bytes"] > 1_000_000
    assert ours["last_backup"] is not None
    assert ours["last_activity"] is not None
    assert rows["school-1"]["last_backup"] is None
    assert "slug" in run("status", "--format", "csv").rows


def test_one_behind_is_said_to_be_behind(place, run):
    own = Organization.objects.using("owner").filter(pk=place.organization.pk)
    own.update(fingerprint="0" * 32)
    try:
        (row,) = [row for row in run("status").rows["rows"] if row["slug"] == place.organization.slug]
        assert row["version"] == "behind"
    finally:
        own.update(fingerprint=place.organization.fingerprint)


def test_a_failed_backup_is_named_and_the_others_are_made(place, run, tmp_path):
    broken = Organization.objects.using("owner").get(slug="school-2")
    Organization.objects.using("owner").filter(pk=broken.pk).update(schema_name="t0999999")
    try:
        done = run("backup", "--to", tmp_path / "all")
    finally:
        Organization.objects.using("owner").filter(pk=broken.pk).update(schema_name=broken.schema_name)
    assert done.code == 1
    assert "Не удались копии: school-2." in done.said
    outcomes = {row["slug"]: row["outcome"] for row in done.rows["rows"]}
    assert outcomes["school-2"] == "failed"
    assert outcomes["school-1"] == outcomes[place.organization.slug] == "done"
    assert len(list((tmp_path / "all").iterdir())) == len(outcomes) - 1
    assert Backup.objects.using("owner").filter(slug="school-2", outcome="failed").exists()
    assert list(back_up_all(tmp_path / "none", by="tests", progress=lambda line: None)) != []


def test_a_drill_restores_compares_and_writes_it_down(place, run, kept):
    before = names()
    done = run("drill", "--organization", place.organization.slug)
    assert (done.code, done.rows["outcome"]) == (0, "done"), done.rows
    record = Backup.objects.using("owner").filter(kind="drill", slug=place.organization.slug).latest("taken_at")
    assert record.restore_seconds > 0
    assert hashlib.sha256((kept / record.file).read_bytes()).hexdigest() == record.sha256
    assert names() == before


def test_a_drill_finds_what_came_back_otherwise(place, run, kept, monkeypatch):
    load = copies.load

    def spoil(schema, package, **options):
        load(schema, package, **options)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"update {schema}.people_student set first_name = 'Пётр' where first_name = 'Иван'")

    monkeypatch.setattr(copies, "load", spoil)
    done = run("drill", "--organization", place.organization.slug)
    assert (done.code, done.rows["outcome"]) == (1, "failed")
    assert "people_student" in done.rows["detail"]


def test_a_drill_that_breaks_down_is_written_down_too(place, run, kept, monkeypatch):
    monkeypatch.setattr(drill, "write_backup", mock.Mock(side_effect=OSError(28, "No space left on device")))
    done = run("drill", "--organization", place.organization.slug)
    assert (done.code, done.rows["detail"]) == (1, "No space left on device: ")


def test_the_nightly_drill_is_one_whoever_asks(place, kept):
    assert drill.drill_of_the_night(NIGHT.replace(hour=12)) is None
    first = drill.drill_of_the_night(NIGHT)
    assert (first.outcome, first.night) == ("done", datetime.date(2026, 11, 22))
    assert drill.drill_of_the_night(NIGHT.replace(hour=3)) is None
    assert Backup.objects.using("owner").filter(night=first.night).count() == 1


def test_files_of_old_drills_go(place, run, kept, monkeypatch):
    monkeypatch.setattr(drill, "KEPT", 1)
    for _ in range(2):
        run("drill", "--organization", place.organization.slug)
    assert len(list(kept.iterdir())) == 1


def test_the_console_shows_backups_and_the_last_drill(place, run, kept):
    run("drill", "--organization", place.organization.slug)
    page = client_of("operator.localhost", "oleg").get(f"/?q={place.organization.slug}").content.decode()
    assert "Последнее учение" in page
    assert f"{timezone.localdate():%d.%m.%Y}" in page


def names() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select nspname from pg_namespace union all select rolname from pg_roles")
        return {name for (name,) in cursor.fetchall()}
