"""The pooler's configuration as the chart writes it, with a real PgBouncer and passwords by SCRAM."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from devdb import Server
from devdb.accounts import Account
from tests.ops.chart import rendered
from tests.ops.conftest import _listens, program
from tests.running import free_port, wait_until

LOGIN, PASSWORD = "asuso_app", "app pass+word/1"  # of ci/external.yaml


@pytest.fixture
def pooler(tmp_path_factory) -> Iterator[int]:
    """PgBouncer before an embedded server that knows the login of the example values."""
    folder = tmp_path_factory.mktemp("pooler")
    for path in (folder, folder.parent, folder.parent.parent):
        path.chmod(0o755)
    server = Server(folder / "server", fast=True)
    with server.lease() as place:
        with psycopg.connect(**place.dsn(user="postgres", dbname="postgres"), autocommit=True) as connection:
            connection.execute(f"create role {LOGIN} login password '{PASSWORD}'")
            connection.execute("create database asuso")
        port = free_port()
        process = _start(folder, Path(place.socket_dir), place.port, port)
        try:
            wait_until(lambda: _listens(port), what="PgBouncer")
            yield port
        finally:
            process.terminate()
            process.wait(10)
    server.destroy()


def _start(folder: Path, socket: Path, server_port: int, port: int) -> subprocess.Popen[bytes]:
    found = rendered("external")
    text = found.data("ConfigMap", "asuso-pgbouncer")["pgbouncer.ini"]
    users = folder / "userlist.txt"
    users.write_text(found.data("Secret", "asuso-pgbouncer")["userlist.txt"])
    for written, here in {
        "host=db.example.org port=5432": f"host={socket} port={server_port}",
        "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
        "listen_port = 6432": f"listen_port = {port}",
        "/etc/pgbouncer/secret/userlist.txt": str(users),
    }.items():
        assert written in text
        text = text.replace(written, here)
    file = folder / "pgbouncer.ini"
    file.write_text(text)
    facts = socket.stat()
    owner = Account(facts.st_uid, facts.st_gid)
    return subprocess.Popen(
        [program("pgbouncer"), "-q", str(file)], user=owner.uid, group=owner.gid, extra_groups=[], cwd="/"
    )


def test_the_login_comes_through_and_a_wrong_password_does_not(pooler):
    with psycopg.connect(host="127.0.0.1", port=pooler, user=LOGIN, password=PASSWORD, dbname="asuso") as connection:
        assert connection.execute("select current_user, current_database()").fetchone() == (LOGIN, "asuso")
    with pytest.raises(psycopg.OperationalError, match=r"password|SASL"):
        psycopg.connect(host="127.0.0.1", port=pooler, user=LOGIN, password="another", dbname="asuso")


def test_it_pools_by_the_transaction(pooler):
    """Two clients in turn have one backend while neither is inside a transaction."""
    place = {"host": "127.0.0.1", "port": pooler, "user": LOGIN, "password": PASSWORD, "dbname": "asuso"}
    with psycopg.connect(**place, autocommit=True) as one, psycopg.connect(**place, autocommit=True) as two:
        backends = {client.execute("select pg_backend_pid()").fetchone() for client in (one, two, one, two)}
    assert len(backends) == 1
