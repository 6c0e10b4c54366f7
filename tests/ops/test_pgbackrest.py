"""The physical way back: the product's own template and script, a server of the distribution, a moment between writes.

The server is Debian's, because Debian's pgBackRest knows no newer one than that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from devdb.accounts import Account, server_account
from tests.ops.conftest import program
from tests.running import ROOT, free_port, wait_until

KIT = ROOT / "platform" / "deploy" / "pgbackrest"
NEWEST_KNOWN = 15  # to pgBackRest 2.45 of Debian 12
SECRET = "a passphrase of the tests"


@dataclass
class Server:
    """A cluster of the distribution's PostgreSQL whose journals go to a repository."""

    folder: Path
    programs: Path
    port: int
    account: Account | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, *command: str | Path) -> str:
        """As the server's user, with the template's settings filled in."""
        who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, "PGBACKREST_CONFIG": str(self.folder / "pgbackrest.conf"), "LC_ALL": "C.UTF-8"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **who,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def tool(self, *arguments: str | Path) -> str:
        return self.run(self.folder / "asuso-pgbackrest.sh", *arguments)

    def start(self, data: Path | None = None, port: int | None = None) -> None:
        options = f"-p {port or self.port} -k {self.folder}"
        control = self.programs / "pg_ctl"
        self.run(control, "-D", data or self.data, "-w", "-l", self.folder / "server.log", "-o", options, "start")

    def stop(self, data: Path | None = None) -> None:
        self.run(self.programs / "pg_ctl", "-D", data or self.data, "-m", "fast", "-w", "stop")

    def ask(self, text: str, port: int | None = None) -> list[tuple[object, ...]]:
        place = {"host": str(self.folder), "port": port or self.port, "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**place, autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []

    def moment(self) -> str:
        """Now by the server's clock; what is written next is later."""
        (found,) = self.ask("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')||'+00'")
        time.sleep(0.2)
        return str(found[0])

    def words(self, port: int | None = None) -> list[str]:
        wait_until(lambda: self.ask("select pg_is_in_recovery()", port) == [(False,)], what="the end of recovery")
        return [str(row[0]) for row in self.ask("select word from note order by word", port)]


@pytest.fixture
def server() -> Iterator[Server]:
    program("pgbackrest")
    programs = Path(f"/usr/lib/postgresql/{NEWEST_KNOWN}/bin")
    if not (programs / "initdb").exists():
        pytest.fail(f"Нет PostgreSQL {NEWEST_KNOWN}: выполните make setup-ops.")
    folder = Path(tempfile.mkdtemp(prefix="asuso-pgbackrest-", dir="/tmp"))
    server = Server(folder, programs, free_port(), server_account(folder / "data"))
    _lay_out(server)
    server.run(programs / "initdb", "-D", server.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale")
    with (server.data / "postgresql.conf").open("a") as file:
        file.write(f"\nlisten_addresses = ''\ninclude = '{folder}/postgresql.conf'\n")
    try:
        server.start()
        yield server
    finally:
        for data in (server.data, folder / "beside"):
            if (data / "postmaster.pid").exists():
                server.stop(data)
        shutil.rmtree(folder)


def _lay_out(server: Server) -> None:
    """The kit as an administrator installs it, with folders of its own."""
    folder = server.folder
    for name in ("repository", "log", "spool"):
        (folder / name).mkdir(mode=0o750)
    settings = (KIT / "pgbackrest.conf").read_text()
    for written, here in {
        "/var/lib/pgbackrest": folder / "repository",
        "/var/log/pgbackrest": folder / "log",
        "/var/spool/pgbackrest": folder / "spool",
        "/var/lib/postgresql/18/main": server.data,
        "/var/run/postgresql": folder,
        "pg1-port=5432": f"pg1-port={server.port}",
        "<long random text, kept apart from the copies>": SECRET,
    }.items():
        assert written in settings
        settings = settings.replace(written, str(here))
    (folder / "pgbackrest.conf").write_text(settings)
    (folder / "postgresql.conf").write_text((KIT / "postgresql.conf").read_text())
    shutil.copy(KIT / "asuso-pgbackrest.sh", folder)
    if server.account:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, server.account.uid, server.account.gid)


def test_the_server_goes_back_to_a_moment_and_beside_it_to_another(server):
    server.tool("init")
    server.ask("create table note (word text)")
    server.ask("insert into note values ('before the copy')")
    server.tool("full")
    server.ask("insert into note values ('kept')")
    server.tool("incr")
    between = server.moment()
    server.ask("insert into note values ('mistake')")
    after = server.moment()
    server.ask("insert into note values ('later still')")
    server.ask("select pg_switch_wal()")
    listed = server.tool("list")
    assert listed.count("full backup") == 1
    assert listed.count("incr backup") == 1

    beside, port = server.folder / "beside", free_port()
    server.tool("beside", beside, after)
    server.start(beside, port)
    assert server.words(port) == ["before the copy", "kept", "mistake"]
    assert server.ask("show archive_mode", port) == [("off",)]
    assert server.words() == ["before the copy", "kept", "later still", "mistake"], "the living one was not touched"
    server.stop(beside)

    server.stop()
    server.tool("restore", between)
    server.start()
    assert server.words() == ["before the copy", "kept"]
    server.ask("insert into note values ('life goes on')")
    server.tool("full")
    server.tool("verify")


def test_copies_are_encrypted_and_a_moment_without_a_zone_is_refused(server):
    server.tool("init")
    server.ask("create table note (word text)")
    server.ask("insert into note values ('Иванов Иван Иванович')")
    server.tool("full")
    server.ask("select pg_switch_wal()")
    wanted = "Иванов".encode()
    files = [path for path in (server.folder / "repository").rglob("*") if path.is_file() and not path.is_symlink()]
    assert files
    assert not [path for path in files if wanted in path.read_bytes()]
    bundles = [path for path in files if path.parent.name == "bundle"]
    assert bundles
    assert all(path.read_bytes().startswith(b"Salted__") for path in bundles)
    refused = subprocess.run(
        [KIT / "asuso-pgbackrest.sh", "restore", "2026-11-22 14:05:00"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "часового пояса" in refused.stderr
