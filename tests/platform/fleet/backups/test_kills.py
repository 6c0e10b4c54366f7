"""``kill -9`` at the worst moment, of a backup and of both restores: nothing is half made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections, transaction

from fleet.backups.reading import open_package
from fleet.backups.writing import YOUNG, back_up
from shared.organizations.models import Organization
from tenants.people.models import Student
from tests.platform.fleet.backups.test_round_trip import contents
from tests.running import wait_until

ROOT = Path(__file__).resolve().parents[4]


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Nobody gets past this table."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"lock table {table} in access exclusive mode")
        yield


def waits(table: str) -> bool:
    with connections["owner"].cursor() as cursor:  # the app may not even ask for the number of an organization's table
        cursor.execute("select count(*) from pg_locks where not granted and relation = %s::regclass", [table])
        return bool(cursor.fetchone()[0])


def killed_at(table: str, *arguments: object) -> None:
    """Run the command until it waits for the table, then kill it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "config", "fleet", *map(str, arguments)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: waits(table) or process.poll() is not None, what="the command to wait")
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def test_a_backup_cut_short_leaves_no_file_and_the_next_one_clears_up(place, parts):
    slug, schema = place.organization.slug, place.organization.schema_name
    with locked(f"{schema}.people_student"):
        killed_at(f"{schema}.people_student", "backup", "--organization", slug, "--to", parts)
    (part,) = parts.iterdir()
    assert part.name.startswith(".")
    assert list(parts.glob("*.asuso")) == []
    os.utime(part, (time.time() - YOUNG - 1,) * 2)
    back_up(place.organization, parts, by="tests")
    (whole,) = parts.iterdir()
    with open_package(whole) as package:
        assert package.manifest.slug == slug


def test_a_copy_cut_short_leaves_nothing(place, file, mark):
    before = schemas_and_roles()
    with locked("audit_event"):  # the last thing a copy does with its rows in place
        killed_at("audit_event", "restore", place.organization.slug, "--from", file, "--as", f"{mark}-k")
    wait_until(lambda: schemas_and_roles() == before, what="the server to roll back")
    assert not Organization.with_copies.using("owner").filter(slug=f"{mark}-k").exists()


def test_a_restore_over_the_live_one_cut_short_leaves_it_as_it_was(place, file):
    schema, slug = place.organization.schema_name, place.organization.slug
    before, names = contents(schema), schemas_and_roles()
    with locked("audit_event"):
        killed_at("audit_event", "restore", slug, "--from", file, "--confirm", slug)
    wait_until(lambda: not working(), what="the server to roll back")
    assert contents(schema) == before
    assert schemas_and_roles() == names
    with place.work():
        assert Student.objects.count() == 4


def working() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where mode = 'AccessExclusiveLock' and pid <> pg_backend_pid()")
        return int(cursor.fetchone()[0])


def schemas_and_roles() -> set[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute("select nspname from pg_namespace union all select rolname from pg_roles")
        return {name for (name,) in cursor.fetchall()}
