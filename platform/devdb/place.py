"""Where the cluster of a data directory lives, answered without starting anything."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devdb.accounts import server_account, system_folder
from devdb.errors import EnvironmentNotReady, explained

POINTER = "server.place"
OWNER_NOTE = "owner"
PORT = 5432  # only a part of the socket's name: the server does not listen on the network
SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un, without the closing zero


@dataclass(frozen=True)
class Place:
    """Where a cluster lives and how to reach it."""

    data_dir: Path
    cluster: Path
    socket_dir: Path
    port: int

    @property
    def home(self) -> Path:
        """The folder with everything of this cluster; belongs to the user that runs the server."""
        return self.cluster.parent

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket(self) -> Path:
        return self.socket_dir / f".s.PGSQL.{self.port}"

    @property
    def is_outside(self) -> bool:
        """Whether the cluster could not be put into the data directory."""
        return not self.home.is_relative_to(self.data_dir)

    def dsn(self, *, user: str, dbname: str) -> dict[str, str | int]:
        """Connection parameters under libpq's names."""
        return {"host": str(self.socket_dir), "port": self.port, "user": user, "dbname": dbname}


def locate(data_dir: Path) -> Place:
    """Find the place of the cluster of ``data_dir``, the same at every call from every process.

    The first call settles it: it creates the directory and, when cluster or socket must live elsewhere (root's server
    user cannot get in, the path is too long for a socket), leaves the pointer file there. Raises: EnvironmentNotReady.
    """
    with explained():
        data_dir = Path(data_dir).resolve()
        if any(sign in str(data_dir) for sign in '"$`\\\n'):  # pg_ctl and initdb hand paths to a shell
            raise EnvironmentNotReady(
                f"В пути {data_dir} есть знаки, которых не понимает PostgreSQL: укажите в DATA_DIR путь без"
                " кавычек, знака доллара и обратной черты."
            )
        data_dir.mkdir(parents=True, exist_ok=True)
        pointer = data_dir / POINTER
        if not pointer.exists():
            place = _choose(data_dir)
            if place.socket_dir.is_relative_to(data_dir):
                return place
            _record(pointer, place)
        return _recorded(pointer)


def is_claimed(home: Path) -> bool:
    """Whether the data directory that a cluster outside was made for still points at it."""
    try:
        pointer = Path((home / OWNER_NOTE).read_text()) / POINTER
        return Path(json.loads(pointer.read_text())["cluster"]).parent == home
    except (FileNotFoundError, NotADirectoryError):
        return False


def _choose(data_dir: Path) -> Place:
    key = secrets.token_hex(4)
    home = data_dir / "pg"
    account = server_account(home / "cluster")
    if account and not (home / "cluster").exists() and not account.can_enter(data_dir):
        home = system_folder("/var/lib") / key
    socket_dir = home / "run"
    longest = os.fsencode(socket_dir / f".s.PGSQL.{PORT}")
    if len(longest) > SOCKET_PATH_LIMIT or b"," in longest:  # a comma separates hosts in a connection string
        socket_dir = Path("/tmp") / f"asuso-{key}"
    return Place(data_dir, home / "cluster", socket_dir, PORT)


def _record(pointer: Path, place: Place) -> None:
    facts = {name: str(getattr(place, name)) for name in ("data_dir", "cluster", "socket_dir")}
    with tempfile.NamedTemporaryFile("w", dir=pointer.parent, prefix=POINTER) as draft:
        json.dump(facts, draft)
        draft.flush()
        os.fchmod(draft.fileno(), 0o644)
        try:
            os.link(draft.name, pointer)  # appears whole or not at all: of several processes the first one decides
        except FileExistsError:
            return


def _recorded(pointer: Path) -> Place:
    facts = json.loads(pointer.read_text())
    data_dir, written_for = pointer.parent, Path(facts["data_dir"])
    if data_dir != written_for and _same_text(pointer, written_for / POINTER):
        raise EnvironmentNotReady(
            f"{data_dir} — копия каталога {written_for}, а его база хранится отдельно: удалите {pointer},"
            " чтобы начать с пустой базы."
        )
    cluster = Path(facts["cluster"])
    if cluster.is_relative_to(written_for):  # only the socket lives elsewhere, the cluster moves with its directory
        cluster = data_dir / cluster.relative_to(written_for)
    return Place(data_dir, cluster, Path(facts["socket_dir"]), PORT)


def _same_text(one: Path, other: Path) -> bool:
    return other.exists() and one.read_text() == other.read_text()
