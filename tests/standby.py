"""A streaming standby of the tests' cluster, made by PostgreSQL's own programs beside it."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from devdb import Place, Server
from devdb.accounts import run, server_account
from devdb.server import FAST, SETTINGS, SUPERUSER
from tests.running import wait_until

PORT = 5433  # only a part of the socket's name
DATABASE = "asuso"


@dataclass(frozen=True)
class Standby:
    """The copy that follows ``primary``."""

    primary: Place
    programs: Path
    folder: Path

    @property
    def url(self) -> str:
        """``DATABASE_REPLICA_URL`` of it."""
        return f"postgresql://asuso_app@:{PORT}/{DATABASE}?host={self.primary.socket_dir}"

    def start(self) -> None:
        settings = SETTINGS | FAST | {"port": str(PORT), "unix_socket_directories": str(self.primary.socket_dir)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        self._pg_ctl("start", "-w", "-l", self.folder / "standby.log", "-o", options)

    def stop(self) -> None:
        self._pg_ctl("stop", "-m", "immediate")

    def ask(self, text: str) -> Any:  # Any: what a column holds
        """The first value of an answer of the standby to its superuser."""
        return _first(self.primary, PORT, text)

    def pause(self) -> None:
        """From now on nothing new is seen here."""
        self.ask("select pg_wal_replay_pause()")
        wait_until(lambda: self.ask("select pg_get_wal_replay_pause_state()") == "paused")

    def resume(self) -> None:
        self.ask("select pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self) -> None:
        """Wait until everything committed so far is seen here."""
        position = _first(self.primary, self.primary.port, "select pg_current_wal_insert_lsn()")
        wait_until(lambda: self.ask(f"select pg_last_wal_replay_lsn() >= '{position}'"), what="the standby")

    def _pg_ctl(self, *words: str | Path) -> None:
        done = run([self.programs / "pg_ctl", *words, "-D", self.folder], server_account(self.primary.cluster))
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def following(server: Server) -> Iterator[Standby]:
    """A standby of a running server; gone afterwards."""
    place = server.place
    programs = server.program("pg_basebackup").parent
    standby = Standby(place, programs, place.home / "standby")
    source = ["-h", place.socket_dir, "-p", str(place.port), "-U", SUPERUSER]
    copying = [programs / "pg_basebackup", *source, "-D", standby.folder, "-R", "-X", "stream", "-c", "fast", "-N"]
    done = run(copying, server_account(place.cluster))
    assert done.returncode == 0, done.stderr
    try:
        standby.start()
        try:
            standby.catch_up()
            yield standby
        finally:
            standby.stop()
    finally:
        shutil.rmtree(standby.folder)


def _first(place: Place, port: int, text: str) -> Any:  # Any: what a column holds
    where = place.dsn(user=SUPERUSER, dbname=DATABASE) | {"port": port}
    with psycopg.connect(**where, autocommit=True) as connection:
        row = connection.execute(text).fetchone()
    return row[0] if row else None
