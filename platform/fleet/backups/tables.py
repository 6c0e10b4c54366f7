"""What a schema holds, by PostgreSQL's own catalog: tables with their columns, sequences, tables with triggers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.db import connections
from psycopg import Copy, sql


def columns_of(schema: str) -> dict[str, list[str]]:
    """Tables and their columns; what the database computes itself is not data."""
    return dict(
        _ask(
            "select c.relname::text, array_agg(a.attname::text order by a.attnum) from pg_class c "
            "join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
            "and a.attgenerated = '' "
            "where c.relnamespace = to_regnamespace(%s) and c.relkind = 'r' group by c.relname order by c.relname",
            schema,
        )
    )


def keyed_tables(schema: str) -> set[str]:
    """Tables whose key ``id`` is made by the application."""
    return {
        table
        for (table,) in _ask(
            "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' "
            "where c.relnamespace = to_regnamespace(%s) and c.relkind = 'r' and a.atttypid = 'uuid'::regtype",
            schema,
        )
    }


def tables_with_triggers(schema: str) -> list[str]:
    return [
        table
        for (table,) in _ask(
            "select distinct c.relname::text from pg_class c join pg_trigger t on t.tgrelid = c.oid "
            "where c.relnamespace = to_regnamespace(%s) and not t.tgisinternal order by 1",
            schema,
        )
    ]


def sequences_of(schema: str) -> dict[str, int]:
    """Sequences that have given a number, and the last one."""
    asked = "select sequencename::text, last_value from pg_sequences where schemaname = %s and last_value is not null"
    return dict(_ask(asked, schema))


def has_schema(schema: str) -> bool:
    return bool(_ask("select to_regnamespace(%s) is not null", schema)[0][0])


def has_role(role: str) -> bool:
    return bool(_ask("select exists (select from pg_roles where rolname = %s)", role)[0][0])


def copy_out(schema: str, table: str, columns: list[str], write: Callable[[bytes | memoryview], Any]) -> None:
    """The rows of a table as COPY gives them; two copies of the same rows put in order are equal."""
    statement = sql.SQL("copy {} ({}) to stdout").format(sql.Identifier(schema, table), _names(columns))
    with connections["owner"].cursor() as cursor, cursor.copy(statement) as copy:
        for part in copy:
            write(part)


def copying_in(cursor: Any, schema: str, table: str, columns: list[str]) -> AbstractContextManager[Copy]:
    """A COPY into a table, to be written to."""
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(schema, table), _names(columns))
    copying: AbstractContextManager[Copy] = cursor.copy(statement)
    return copying


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _ask(question: str, name: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(question, [name])
        return cursor.fetchall()
