"""A fleet of organizations: connecting them, upgrading them, and what a walk over all of them costs the server."""

from __future__ import annotations

import csv
import importlib
import itertools
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from django_tenants.migration_executors.base import run_migrations
from psycopg import sql

import tenants.groups.migrations as present
from fleet import compiling, migration, upgrading
from fleet.onboarding import services as onboarding
from shared.imports.tables import read_table
from shared.organizations.models import Municipality, Organization
from shared.tenancy import scopes
from shared.tenancy.backend import base
from shared.tenancy.connection import tenant_connection
from tests.benchmarks.table import Row, timed

ORGANIZATIONS = int(os.environ.get("ORGANIZATIONS", "300"))
STOCK = 3  # migrated in the stock way, 4 s each, then reckoned for as many as the fleet has
TABLES = 20  # that a page or two reads
MEGABYTE = 1024 * 1024
COLUMNS = ("full_name", "short_name", "type", "oktmo", "urban_rural", "slug")
MOTTO = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "{before}")]
    operations = [
        migrations.AddField("group", "{name}", models.CharField(max_length=50, default="", db_default="")),
        migrations.AddIndex("group", models.Index(name="group_{name}", fields=["{name}"])),
    ]
"""


def fleet(folder: Path) -> Iterator[Row]:
    """Connecting and upgrading many organizations, and one connection that walks over all of them."""
    yield _connecting(folder)
    yield from _upgrading(folder)
    yield from _walking()


def _connecting(folder: Path) -> Row:
    source = folder / "organizations.csv"
    places = list(Municipality.objects.using("owner").values_list("pk", flat=True))
    with source.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        for number in range(1, ORGANIZATIONS + 1):
            name = f"Школа № {number}"
            facts = {"full_name": f"Средняя {name}", "short_name": name, "type": "school", "urban_rural": "urban"}
            rows.writerow(facts | {"oktmo": places[number % len(places)], "slug": f"fleet-{number}"})
    moments = [time.perf_counter()]
    onboarding.run(
        onboarding.check(read_table(source), using="owner"),
        source_name=source.name,
        output_dir=folder,
        progress=lambda report, row: moments.append(time.perf_counter()),
    )
    whole = moments[-1] - moments[0]
    each = [after - before for before, after in itertools.pairwise(moments)]
    tenth = max(len(each) // 10, 1)
    note = (
        f"{whole:,.0f} s in all, p95 {sorted(each)[int(len(each) * 0.95)]:.2f} s, "
        f"first tenth {sum(each[:tenth]) / tenth:.2f} s, last {sum(each[-tenth:]) / tenth:.2f} s"
    )
    name = f"onboarding of {ORGANIZATIONS:,} organizations, each"
    return Row(name, whole / ORGANIZATIONS, "the same tables by Django's migrations", timed(_stock_schema), note)


def _stock_schema() -> None:
    """What a migration runner does for each tenant; the schema is rolled back."""
    owner = tenant_connection("owner")
    with transaction.atomic(using="owner"):
        owner.cursor().execute("create schema t9999")
        owner.set_schema("t9999")
        try:
            executor = MigrationExecutor(owner)
            executor.migrate([key for key in executor.loader.graph.leaf_nodes() if compiling.is_tenant_app(key[0])])
        finally:
            transaction.set_rollback(True, using="owner")
            owner.set_schema_to_public()


def _upgrading(folder: Path) -> Iterator[Row]:
    """Two releases of one column and one index: the first by the fleet's upgrade, the second by the stock command."""
    fingerprint = migration.migrate_template()
    known = list(Organization.objects.using("owner").order_by("number").values_list("schema_name", flat=True))
    nothing = timed(lambda: upgrading.upgrade(fingerprint))
    with _release(folder, "motto", "anthem") as release:
        release("motto")
        target = migration.migrate_template()
        started = time.perf_counter()
        report = upgrading.upgrade(target, jobs=2)
        ours = time.perf_counter() - started
        if report.failed or len(report.upgraded) != len(known):
            raise RuntimeError(f"upgraded {len(report.upgraded)} of {len(known)}: {report.failed}")
        idle = timed(lambda: _stock(known[:STOCK])) / STOCK * len(known)
        release("anthem")
        stock = timed(lambda: _stock(known[:STOCK])) / STOCK * len(known)
    baseline = f"stock migrate_schemas, {STOCK} of them measured"
    yield Row(f"upgrade of {len(known):,}: nothing to do", nothing, baseline, idle)
    yield Row(f"upgrade of {len(known):,}: column and index", ours, baseline, stock)


@contextmanager
def _release(folder: Path, *names: str) -> Iterator[object]:
    """Later releases of the groups' migrations, seen by the loader instead of the present ones."""
    leaf = max(path.stem for path in Path(present.__file__).parent.glob("0*.py"))
    sys.path.insert(0, str(folder))

    def release(name: str) -> None:
        package = folder / f"later_groups_{name}"
        shutil.copytree(Path(present.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
        before = leaf
        for place, one in enumerate(names[: names.index(name) + 1]):
            stem = f"09{place:02}_{one}"
            (package / f"{stem}.py").write_text(MOTTO.format(before=before, name=one), encoding="utf-8")
            before = stem
        importlib.invalidate_caches()
        override = override_settings(MIGRATION_MODULES={"groups": package.name})
        override.enable()
        enabled.append(override)

    enabled: list[override_settings] = []
    try:
        yield release
    finally:
        for override in reversed(enabled):
            override.disable()
        sys.path.remove(str(folder))


def _stock(schemas: list[str]) -> None:
    """What ``migrate_schemas`` does for each tenant, one after the other."""
    arguments = ["--database", "owner", "--verbosity", "0", "--no-input", "--skip-checks"]
    options = vars(MigrateCommand().create_parser("", "migrate").parse_args(arguments))
    for schema in schemas:
        with transaction.atomic(using="owner"):
            run_migrations(options.get("args", []), options, "standard", schema)


def _walking() -> Iterator[Row]:
    """One connection reads the tables of a page in organization after organization, at random."""
    known = list(Organization.objects.using("owner").values_list("schema_name", flat=True))
    order = random.Random(7).choices(known, k=2 * len(known))
    bounded, seconds = _walk(order)
    limit, base.SCHEMAS_PER_CONNECTION = base.SCHEMAS_PER_CONNECTION, sys.maxsize
    try:
        endless, without = _walk(order)
    finally:
        base.SCHEMAS_PER_CONNECTION = limit
    connection.close()
    name = f"memory of one server process, {len(order):,} organizations at random"
    yield Row(name, bounded, "a connection that is never replaced", endless, "private memory", unit="MB")
    yield Row(f"the same walk, {TABLES} tables of an organization", seconds, "never replaced", without, "each")


def _walk(order: list[str]) -> tuple[float, float]:
    """Greatest private memory (MB) of any server process on the way, and seconds of one organization."""
    connection.close()
    tables = _tables(order[0])
    greatest, spent = 0.0, 0.0
    for schema in order:
        started = time.perf_counter()
        with scopes.enter(scopes.of_organization(schema).reading()), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(sql.SQL("select * from {} limit 1").format(sql.Identifier(table)))
            spent += time.perf_counter() - started
            cursor.execute("select pg_backend_pid()")
            process = psutil.Process(cursor.fetchone()[0])
            greatest = max(greatest, (process.memory_info().rss - process.memory_info().shared) / MEGABYTE)
    return greatest, spent / len(order)


def _tables(schema: str) -> list[str]:
    statement = "select relname from pg_class where relnamespace = %s::regnamespace and relkind = 'r' order by 1"
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, [schema])
        return [row[0] for row in cursor.fetchall()][:TABLES]
