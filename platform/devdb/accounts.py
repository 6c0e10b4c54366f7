"""Who runs the server: PostgreSQL refuses root, so root hands it to an unprivileged user of the machine."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from devdb.errors import EnvironmentNotReady

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user of the operating system, known by the numbers that decide its rights."""

    uid: int
    gid: int

    def has(self, path: Path, right: int) -> bool:
        """Whether the mode bits give this user ``right`` (stat's bit for others: S_IROTH, S_IXOTH) on ``path``."""
        facts = path.stat()
        if facts.st_uid == self.uid:
            right <<= 6
        elif facts.st_gid == self.gid:
            right <<= 3
        return bool(facts.st_mode & right)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can pass every folder on the way to ``folder`` and ``folder`` itself."""
        return all(self.has(step, stat.S_IXOTH) for step in (folder, *folder.parents))


def server_account(cluster: Path) -> Account | None:
    """The user that root must become to run the server of ``cluster``; None for whoever is not root.

    An existing cluster stays with its owner, so `sudo` in a developer's folder takes nothing away from the developer.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EnvironmentNotReady(
        "Сервер базы данных нельзя запустить от имени root, а пользователей postgres и nobody в системе нет:"
        " повторите команду от имени обычного пользователя."
    )


def run(command: Sequence[str | Path], account: Account | None) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as ``account`` and return what it said.

    PG* variables of the caller are left out: they would point initdb and pg_ctl at somebody else's server.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    try:
        return subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env={**environment, "LC_ALL": "C"},
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,
            check=False,
        )
    except PermissionError as problem:
        raise EnvironmentNotReady(
            f"Программу {command[0]} нельзя запустить от имени пользователя с номером"
            f" {account.uid if account else os.geteuid()}: повторите команду от имени обычного пользователя"
            " или задайте внешнюю базу в DATABASE_URL."
        ) from problem


def system_folder(parent: str) -> Path:
    """A folder of ours that every user can enter and only root can change: ``parent`` or, if read-only, /var/tmp."""
    for place in (Path(parent), Path("/var/tmp")):
        folder = place / "asuso"
        try:
            folder.mkdir(mode=0o755)
            folder.chmod(0o755)
        except FileExistsError:
            facts = folder.lstat()
            # /var/tmp belongs to everybody: a folder prepared by somebody else must not receive our programs.
            if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != 0 or facts.st_mode & 0o022:
                continue
        except OSError:
            continue
        return folder
    raise EnvironmentNotReady(
        f"В {parent} нельзя создать каталог для базы данных:"
        " укажите в DATA_DIR каталог, доступный всем пользователям, или работайте не от имени root."
    )
