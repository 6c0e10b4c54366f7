"""What a database needs from a superuser once: done here for the embedded server, done or printed for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from shared.tenancy import cluster, names


def prepare_embedded(dsn: dict[str, Any]) -> None:
    """Database, logins, roles and extensions of the embedded server; ``dsn`` is of its superuser."""
    name = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(**{**dsn, "dbname": "postgres"}, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    prepare(psycopg.conninfo.make_conninfo(**{**dsn, "dbname": name}))


def is_prepared(dsn: dict[str, Any]) -> bool:
    """Whether the embedded database and its ``app`` login exist."""
    name = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(**{**dsn, "dbname": "postgres"}, autocommit=True) as connection:
        row = connection.execute(
            "SELECT 1 FROM pg_database d, pg_roles r WHERE d.datname = %s AND r.rolname = %s",
            [name, names.role(names.APP)],
        ).fetchone()
    return row is not None


def prepare(conninfo: str) -> None:
    """Run the statements as the superuser of ``conninfo``; running them again changes nothing."""
    with psycopg.connect(conninfo) as connection:
        for statement in _statements(connection.info.dbname, connection.info.server_version):
            connection.execute(statement)


def printed(server_version: int = 180000) -> Iterator[str]:
    """The same statements as text, for an administrator to run; passwords are left for him to set."""
    database = settings.DATABASES["default"]["NAME"]
    for statement in cluster.statements(database=database, server_version=server_version, passwords={}):
        yield statement.as_string() + ";"


def _statements(database: str, server_version: int) -> Iterator[sql.SQL | sql.Composed]:
    passwords = {
        name: connections.settings[alias].get("PASSWORD", "")
        for name, alias in ((names.APP, "default"), (names.OWNER, "owner"))
        if alias in connections.settings
    }
    return cluster.statements(database=database, server_version=server_version, passwords=passwords)
