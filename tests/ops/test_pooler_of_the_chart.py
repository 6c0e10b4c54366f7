"""The pooler's configuration as the chart writes it, with a real PgBouncer and passwords by SCRAM."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from devdb import Place, Server
from tests.ops.pooler import DATABASE, LOGIN, PASSWORD, pooler

WHO = {"host": "127.0.0.1", "user": LOGIN, "password": PASSWORD, "dbname": DATABASE}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    """An embedded server that knows the login of the example values."""
    server = Server(tmp_path_factory.mktemp("server"), fast=True)
    with server.lease() as found:
        with psycopg.connect(**found.dsn(user="postgres", dbname="postgres"), autocommit=True) as connection:
            connection.execute(f"create role {LOGIN} login password '{PASSWORD}'")
            connection.execute(f"create database {DATABASE}")
        yield found
    server.destroy()


@contextmanager
def clients(
    folder: Path, place: Place, lifetime: int | None = None
) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """Two clients of one pooler."""
    with (
        pooler(folder, place, lifetime=lifetime) as port,
        psycopg.connect(**WHO, port=port, autocommit=True) as one,
        psycopg.connect(**WHO, port=port, autocommit=True) as two,
    ):
        yield one, two


def backend(client: psycopg.Connection) -> int:
    return client.execute("select pg_backend_pid()").fetchone()[0]


def test_the_login_comes_through_and_a_wrong_password_does_not(place, tmp_path):
    with pooler(tmp_path, place) as port:
        with psycopg.connect(**WHO, port=port) as connection:
            found = connection.execute("select current_user, current_database()").fetchone()
            assert found == (LOGIN, DATABASE)
        with pytest.raises(psycopg.OperationalError, match=r"password|SASL"):
            psycopg.connect(**WHO | {"password": "another"}, port=port)


def test_it_pools_by_the_transaction(place, tmp_path):
    """Two clients in turn have one backend while neither is inside a transaction."""
    with clients(tmp_path, place) as (one, two):
        assert len({backend(client) for client in (one, two, one, two)}) == 1


def test_a_server_process_ends_by_its_lifetime(place, tmp_path):
    """Behind the pooler a client cannot end a process that remembers too many schemas: its age does."""
    with clients(tmp_path, place, lifetime=1) as (one, _):
        before = backend(one)
        time.sleep(1.5)
        assert backend(one) != before
