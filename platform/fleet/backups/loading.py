"""Making a schema and filling it from a backup, inside the caller's transaction on ``owner``.

Triggers sleep meanwhile, so that no row is recorded as created anew and nothing is counted twice; foreign keys are
checked once, when all rows are there. The caller has stated the schema's search path.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.db import connections
from psycopg import sql

from fleet.backups.errors import BackupDamaged, BackupTooNew
from fleet.backups.manifest import FILES, TABLES
from fleet.backups.reading import Package
from fleet.backups.rewriting import Lines, emptying, renaming
from fleet.backups.tables import columns_of, copying_in, has_role, keyed_tables, tables_with_triggers
from shared.documents import store
from shared.tenancy import names, schemas
from shared.tenancy.models import TemplateScript
from tenants.history.models import HistoryEvent

_LOG: Final = HistoryEvent._meta.db_table
_SEALS: Final = ("seal_no", "seal")
_MIGRATIONS: Final = "django_migrations"
_Changes = dict[str, list[Callable[[bytes], bytes]]]


def make_schema(schema: str, package: Package) -> None:
    """An empty schema of the version the backup is of. Raises: BackupTooNew, BackupDamaged."""
    manifest = package.manifest
    script = TemplateScript.objects.using("owner").filter(fingerprint=manifest.fingerprint).first()
    if script is None:
        raise BackupTooNew(name=package.name, fingerprint=manifest.fingerprint[:8])
    schemas.create_organization_schema(schema, script.ddl, has_role=has_role(names.role(schema)))
    state_path(schema)
    _execute(sql.SQL("truncate {}").format(sql.Identifier(schema, _MIGRATIONS)))
    made = columns_of(schema)
    told = {table: facts.columns for table, facts in manifest.tables.items()}
    if {table: sorted(columns) for table, columns in made.items()} != {t: sorted(c) for t, c in told.items()}:
        raise BackupDamaged(name=package.name, reason="таблицы в нём не такие, как в его версии")


def load(schema: str, package: Package, *, keeps_seals: bool = False, own_keys_of: uuid.UUID | None = None) -> None:
    """Rows, numbers of sequences and contents of files; all constraints hold afterwards.

    Seals of the log are kept only where the rows come home. ``own_keys_of``: the organization whose rows these become.
    """
    changes = _changes(package, schema, keeps_seals=keeps_seals, own_keys_of=own_keys_of)
    sleeping = tables_with_triggers(schema)
    _set_triggers(schema, sleeping, "DISABLE")
    with connections["owner"].cursor() as cursor, connections["owner"].wrap_database_errors:
        for name, content in package.members():
            if name.startswith(FILES):
                store.put(schema, name.removeprefix(FILES), content.read())
                continue
            table = name.removeprefix(TABLES)
            with copying_in(cursor, schema, table, package.manifest.tables[table].columns) as copy:
                package.copy_table(table, content, _through(changes.get(table, []), copy.write))
    for sequence, last in package.manifest.sequences.items():
        _execute(sql.SQL("select setval({}::regclass, {})").format(_quoted(schema, sequence), sql.Literal(last)))
    _execute(sql.SQL("set constraints all immediate"))
    _set_triggers(schema, sleeping, "ENABLE")


def state_path(schema: str) -> None:
    _execute(sql.SQL("set local search_path = {}, public").format(sql.Identifier(schema)))


def _changes(package: Package, schema: str, *, keeps_seals: bool, own_keys_of: uuid.UUID | None) -> _Changes:
    tables = package.manifest.tables
    changes: _Changes = {table: [] for table in tables}
    if own_keys_of is not None:
        change = renaming(_keys(package, keyed_tables(schema)), own_keys_of)
        for of_table in changes.values():
            of_table.append(change)
    if not keeps_seals:
        changes[_LOG].append(emptying(tables[_LOG].columns, _SEALS))
    return changes


def _keys(package: Package, keyed: set[str]) -> list[bytes]:
    """The keys of all rows that have one of their own."""
    found: list[bytes] = []
    for name, content in package.members():
        table = name.removeprefix(TABLES)
        if name.startswith(TABLES) and table in keyed:
            place = package.manifest.tables[table].columns.index("id")
            found += [line.split(b"\t")[place] for line in content]
    return found


def _through(changes: list[Callable[[bytes], bytes]], write: Callable[[bytes], object]) -> Callable[[bytes], object]:
    for change in reversed(changes):
        write = Lines(change, write).take
    return write


def _set_triggers(schema: str, tables: list[str], action: str) -> None:
    for table in tables:
        _execute(sql.SQL("alter table {} {} trigger user").format(sql.Identifier(schema, table), sql.SQL(action)))


def _quoted(schema: str, name: str) -> sql.Literal:
    return sql.Literal(sql.Identifier(schema, name).as_string())


def _execute(statement: Any) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
