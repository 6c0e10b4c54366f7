"""Private data directories and servers that leave nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from devdb import Place, Server

DEBIAN = Path("/usr/lib/postgresql/15/bin")


def new_folder() -> Path:
    """A directory that every user can reach: pytest's own temporary folders are closed to the server's user of root."""
    folder = Path(tempfile.mkdtemp(prefix="asuso-devdb-"))
    folder.chmod(0o755)
    return folder


def remove(folder: Path) -> None:
    server = Server(folder, fast=True)
    server.stop()
    server.destroy()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def shared_dir() -> Iterator[Path]:
    """A data directory whose cluster is made once: a start takes 0.1 s, a first start ten times that."""
    folder = new_folder()
    yield folder
    remove(folder)


@pytest.fixture(scope="session")
def debian_dir() -> Iterator[Path]:
    """The same for the distribution's server."""
    folder = new_folder()
    yield folder
    remove(folder)


@pytest.fixture(params=["wheel", "debian"])
def both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory for each kind of server that is there, and PG_BINDIR accordingly."""
    monkeypatch.delenv("PG_BINDIR", raising=False)
    if request.param == "wheel":
        return Path(request.getfixturevalue("shared_dir"))
    if not DEBIAN.exists():
        pytest.skip(f"no server in {DEBIAN}")
    monkeypatch.setenv("PG_BINDIR", str(DEBIAN))
    return Path(request.getfixturevalue("debian_dir"))


@pytest.fixture
def server(shared_dir: Path) -> Iterator[Server]:
    server = Server(shared_dir, fast=True)
    yield server
    server.stop()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory without a cluster."""
    folder = new_folder()
    yield folder
    remove(folder)


@pytest.fixture
def closed_data_dir() -> Iterator[Path]:
    """A directory behind a door that only its owner opens, like a home folder with mode 0700."""
    door = Path(tempfile.mkdtemp(prefix="asuso-devdb-"))
    folder = door / "data"
    folder.mkdir()
    yield folder
    if folder.exists():
        Server(folder, fast=True).destroy()
    shutil.rmtree(door)


@pytest.fixture
def connect() -> Callable[[Place], psycopg.Connection]:
    """Open a connection as the superuser."""

    def opened(place: Place) -> psycopg.Connection:
        address = {name: str(value) for name, value in place.dsn(user="postgres", dbname="postgres").items()}
        return psycopg.connect(make_conninfo(**address), autocommit=True)

    return opened


@pytest.fixture
def ask(connect: Callable[[Place], psycopg.Connection]) -> Callable[..., object]:
    """Run one statement as the superuser and return its first value, if it has one."""

    def answer(place: Place, statement: LiteralString) -> object:
        with connect(place) as connection:
            cursor = connection.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    return answer


@pytest.fixture
def forked() -> Iterator[Callable[[Callable[[], object]], int]]:
    """Run a function in a forked child and return its process number; what still runs at the end is killed."""
    children: list[int] = []

    def fork(work: Callable[[], object]) -> int:
        if pid := os.fork():
            children.append(pid)
            return pid
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)

    yield fork
    for pid in children:
        try:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            continue
