"""Backup and restore of one organization: 1,500 learners with the log of five years."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import connections, transaction
from django.test import override_settings

from fleet.backups.copies import forget_copy, rehearse
from fleet.backups.reading import open_package
from fleet.backups.restoring import restore_beside, restore_over
from fleet.backups.writing import write_backup
from fleet.generation import generate
from fleet.postgres import pg_dump_command
from shared.imports.tables import read_table
from shared.organizations.models import Organization
from tenants.handup.projector import settle
from tenants.intake import services as intake
from tests.benchmarks.table import Row, timed
from tests.support import School, connect

LEARNERS = 1_500
RECORDS = 100_000  # of the log, beside those of the import: what five years of work leave
SLUG = "bench-kept"
_PAST = """
insert into history_event (at, actor, actor_name, request_id, action, object_kind, object_id, changes, rows, reason,
    facts)
select now() - interval '5 years' + n * interval '26 minutes', 'bench', 'Учитель', '', 'changed', 'people_student',
    keys[1 + n %% 1000],
    jsonb_build_object('residence', jsonb_build_array('ул. Ленина, д. ' || n, 'ул. Мира, д. ' || n)), 1, '', '{}'
from generate_series(1, %s) n, (select array_agg(id) as keys from people_student) s
"""


def backup_and_restore(folder: Path) -> Iterator[Row]:
    """One file out of an organization and back again: over it, beside it, as a rehearsal."""
    with override_settings(FILES_ROOT=folder / "kept"):
        school = _filled(folder)
        written = write_backup(school.organization, folder / "copies")
        seconds = min(written.seconds, timed(lambda: write_backup(school.organization, folder / "copies")))
        dump, load = timed(lambda: _dump(school, folder)), _load(school, folder)
        note = f"{written.manifest.rows:,} rows, {written.bytes / 1e6:.1f} MB"
        yield Row(f"backup, {LEARNERS:,} learners", seconds, "pg_dump --format=custom", dump, note)
        with open_package(written.path) as package:
            over = timed(lambda: restore_over(package, SLUG, confirm=SLUG, by="bench"))
            yield Row("restore over the live one, registry in step", over, "pg_restore of its schema", load)
            beside = timed(lambda: restore_beside(package, "bench-copy", of=SLUG, is_live=False, by="bench"))
            yield Row("restore beside as a copy, log sealed anew", beside, "pg_restore of its schema", load)
            tried = timed(lambda: rehearse(package))
        yield Row("rehearsal of the drill with comparison", tried, "pg_restore of its schema", load)
        forget_copy("bench-copy", by="bench")


def _filled(folder: Path) -> School:
    generate(organizations=1, learners=LEARNERS, seed=7, to=folder / "kept-files")
    (path,) = (folder / "kept-files").glob("contingent-*.csv")
    school = connect(SLUG, short_name="Школа")
    with school.work():
        source = intake.Source(
            table=read_table(path),
            file_name=path.name,
            checksum=hashlib.sha256(path.read_bytes()).hexdigest(),
            org_type=school.organization.org_type,
            year=2026,
            today=datetime.date(2026, 11, 21),
        )
        intake.bring_in(source, update=False, all_or_nothing=False, made_by="bench")
    settle(school.organization)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f'set local search_path = "{school.organization.schema_name}", public')
        cursor.execute(_PAST, [RECORDS])
    return School(Organization.objects.using("owner").get(slug=SLUG))


def _dump(school: School, folder: Path) -> None:
    command, environment = pg_dump_command()
    schema = ["--format=custom", "--schema", school.organization.schema_name, "--file", str(folder / "one.dump")]
    subprocess.run([*command, *schema], check=True, env=environment)


def _load(school: School, folder: Path) -> float:
    """Seconds of PostgreSQL's own way back, while the schema has another name."""
    command, environment = pg_dump_command()
    program = command[0].replace("pg_dump", "pg_restore")
    options = [*command[1:], "--no-owner", "--no-privileges", str(folder / "one.dump")]
    schema = school.organization.schema_name
    _execute(f'alter schema "{schema}" rename to bench_aside')
    seconds = timed(lambda: subprocess.run([program, *options], check=True, env=environment))
    _execute(f'drop schema "{schema}" cascade')
    _execute(f'alter schema bench_aside rename to "{schema}"')
    return seconds


def _execute(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
