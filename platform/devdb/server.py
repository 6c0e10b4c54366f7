"""Start and stop the server of one data directory, by any number of processes at once.

Every process that uses the server holds a shared flock on ``server.lease``; whoever gets the exclusive one stops the
server. Starting and stopping happen under the exclusive ``server.lock``. The kernel drops the locks of a killed
process, so whatever it left behind, the next command finds out and cleans up.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from devdb.accounts import Account, run, server_account
from devdb.binaries import Binaries, find_binaries
from devdb.errors import EnvironmentNotReady, explained
from devdb.place import OWNER_NOTE, Place, is_claimed, locate
from devdb.processes import clear_leftovers, cluster_name, end_creation, is_lost, is_ready, send, server_pid

LEASE, LOCK, KEEP = "server.lease", "server.lock", "server.keep"
FAST_NOTE = "fast"
SUPERUSER = "postgres"
START_SECONDS = 300  # a large cluster may need minutes of recovery after a power cut
STOP_SECONDS = 60
FREE_BYTES = 200 * 1024 * 1024  # a fresh cluster takes 40 MB, its first write-ahead logs more
LOG_BYTES = 16 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",  # the lanes of the web processes take 160 at most
    "max_locks_per_transaction": "512",
    # Each round of autovacuum reads the catalogs of all organizations (1.3 s of CPU at 3,000 schemas).
    "autovacuum_naptime": "5min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "256MB"}


class Server:
    """The embedded server of a data directory.

    ``fast`` gives up durability and is for tests only; a server that already runs keeps the settings it began with.
    """

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self.place: Place = locate(data_dir)
        self._fast = fast

    @contextmanager
    def lease(self) -> Iterator[Place]:
        """Use the server: it runs as long as anybody is inside, the last one out stops it.

        May be nested. A forked child shares its parent's lease until it exits; a program started by ``exec`` needs
        a lease of its own. Raises: EnvironmentNotReady.
        """
        with explained(), self._locked():
            lease = self._open(LEASE)
            try:
                fcntl.flock(lease, fcntl.LOCK_SH)
                self._ensure_running()
            except BaseException:
                os.close(lease)
                raise
        try:
            yield self.place
        finally:
            # Closed, not unlocked: unlocking would take the lease away from forked children too.
            with suppress(OSError):
                os.close(lease)
            with explained(), self._locked():
                if not self._kept() and self._is_free():
                    self._stop()

    def start(self, *, keep: bool = True) -> Place:
        """Start the server; with ``keep`` it stays up until `stop`, even when the last lease goes."""
        with explained(), self._locked():
            self._ensure_running()
            if keep:
                os.close(self._open(KEEP))
        return self.place

    def stop(self) -> None:
        """Stop the server, also under those who use it: their connections break."""
        with explained(), self._locked():
            (self.place.data_dir / KEEP).unlink(missing_ok=True)
            self._stop()

    def destroy(self) -> None:
        """Stop the server and delete the cluster, wherever it lives. Refuses while anybody uses it."""
        with explained(), self._locked():
            if not self._is_free():
                raise EnvironmentNotReady(
                    f"База данных в {self.place.data_dir} занята другой командой: завершите её и повторите удаление."
                )
            self._stop()
            for folder in (self.place.socket_dir, self.place.home):
                if folder.exists():
                    shutil.rmtree(folder)
            (self.place.data_dir / KEEP).unlink(missing_ok=True)

    def status(self) -> dict[str, object]:
        """What `database status` shows; starts nothing and needs no programs."""
        with explained():
            return {
                "running": is_ready(self.place),
                "version": self._version(),
                "port": self.place.port,
                "socket": str(self.place.socket_dir),
                "cluster": str(self.place.cluster),
                "kept": self._kept(),
                "pid": server_pid(self.place.cluster),
                "log": str(self.place.log),
            }

    def program(self, name: str) -> Path:
        """Path of a client program of the same version as the server, for example pg_dump."""
        return self._binaries(None).folder / name

    def psql_command(self, *, user: str, dbname: str) -> list[str]:
        """Command line that opens psql on this server."""
        place = self.place
        address = ["-h", str(place.socket_dir), "-p", str(place.port)]
        return [str(self.program("psql")), *address, "-U", user, "-d", dbname]

    # Locks

    def _open(self, name: str) -> int:
        """Open a file of ours in the data directory; one made by root belongs to the directory's owner."""
        folder = self.place.data_dir
        handle = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        if os.geteuid() == 0:
            os.fchown(handle, folder.stat().st_uid, folder.stat().st_gid)
        return handle

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = self._open(LOCK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            # Unlocked by name: a child that another thread forked meanwhile keeps the file open.
            fcntl.flock(lock, fcntl.LOCK_UN)
            os.close(lock)

    def _is_free(self) -> bool:
        """Whether nobody holds a lease; asked under the lock."""
        lease = self._open(LEASE)
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            fcntl.flock(lease, fcntl.LOCK_UN)
            return True
        finally:
            os.close(lease)

    def _kept(self) -> bool:
        return (self.place.data_dir / KEEP).exists()

    # Start and stop, under the lock

    def _ensure_running(self) -> None:
        place = self.place
        deadline = time.monotonic() + START_SECONDS
        # Whoever held the lock before may have been killed while the server was starting or stopping.
        while not is_ready(place) and server_pid(place.cluster) and not is_lost(place):
            if time.monotonic() > deadline:
                raise EnvironmentNotReady(
                    f"Сервер базы данных не отвечает: выполните «asuso database stop» и посмотрите {place.log}."
                )
            time.sleep(0.02)
        if is_ready(place):
            return
        self._stop()
        account = server_account(place.cluster)
        binaries = self._binaries(account)
        self._prepare_folders(account)
        if not place.cluster.exists():
            self._create_cluster(binaries, account)
        clear_leftovers(place)
        self._start(binaries, account)

    def _start(self, binaries: Binaries, account: Account | None) -> None:
        place = self.place
        if place.log.exists() and place.log.stat().st_size > LOG_BYTES:
            place.log.replace(place.log.with_suffix(".old.log"))
        settings = SETTINGS | (FAST if self._fast else {"shared_buffers": f"{_buffers()}MB"})
        settings |= {"port": str(place.port), "cluster_name": cluster_name(place.cluster)}
        settings |= {"unix_socket_directories": str(place.socket_dir)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        log_end = place.log.stat().st_size if place.log.exists() else 0
        pg_ctl = f"{binaries.folder}/pg_ctl"
        waiting = ["-w", "-t", str(START_SECONDS)]
        result = run([pg_ctl, "start", *waiting, "-D", place.cluster, "-l", place.log, "-o", options], account)
        if result.returncode != 0:
            said = result.stderr
            if place.log.exists():
                said += place.log.read_bytes()[log_end:].decode(errors="replace")
            raise EnvironmentNotReady(
                f"Сервер базы данных не запустился ({_reason(said)}): посмотрите {place.log},"
                " устраните причину и повторите команду."
            )

    def _stop(self) -> None:
        """Ask the server to end, by signals: this works even when its programs have been replaced meanwhile."""
        for request in (signal.SIGINT, signal.SIGQUIT):  # in order, all written; at once, with recovery at next start
            pid = server_pid(self.place.cluster)
            if pid is None:
                return
            send(pid, request)
            deadline = time.monotonic() + STOP_SECONDS
            while server_pid(self.place.cluster) and time.monotonic() < deadline:
                time.sleep(0.01)
        if server_pid(self.place.cluster):
            raise EnvironmentNotReady(
                f"Сервер базы данных не останавливается: завершите процесс {pid} и повторите команду."
            )

    # The cluster

    def _prepare_folders(self, account: Account | None) -> None:
        place = self.place
        if place.is_outside and not place.home.exists():
            _sweep(place.home.parent)
        for folder in (place.home, place.socket_dir):
            try:
                folder.mkdir(mode=0o700, parents=True)
            except FileExistsError:
                # /tmp belongs to everybody: without this check somebody else could listen in our stead.
                facts = folder.lstat()
                if facts.st_uid != (account.uid if account else os.geteuid()) or facts.st_mode & 0o077:
                    raise EnvironmentNotReady(
                        f"Каталог {folder} принадлежит другому пользователю или открыт для других:"
                        " повторите команду от имени его владельца или укажите другой каталог в DATA_DIR."
                    ) from None
            else:
                if account:
                    os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        if place.is_outside:
            (place.home / OWNER_NOTE).write_text(str(place.data_dir))
            if self._fast:
                (place.home / FAST_NOTE).touch()

    def _create_cluster(self, binaries: Binaries, account: Account | None) -> None:
        """Make the cluster under another name first: initdb cut short leaves a folder that looks finished."""
        place = self.place
        for unfinished in place.home.glob("cluster-*"):
            end_creation(unfinished)
            shutil.rmtree(unfinished)
        if shutil.disk_usage(place.home).free < FREE_BYTES:
            raise EnvironmentNotReady(
                f"Для базы данных в {place.home} нужно хотя бы 200 МБ свободного места:"
                " освободите диск и повторите команду."
            )
        draft = Path(tempfile.mkdtemp(prefix="cluster-", dir=place.home))
        if account:
            os.chown(draft, account.uid, account.gid)
        # Trigrams follow LC_CTYPE even under the builtin provider: with locale C they find nothing in Cyrillic.
        options = ["-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
        options += ["--auth-local=trust", "--auth-host=scram-sha-256"]
        if binaries.major >= 17:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self._fast:
            options.append("--no-sync")
        result = run([binaries.folder / "initdb", "-D", draft, *options], account)
        if result.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise EnvironmentNotReady(
                f"База данных в {place.home} не создана ({_reason(result.stderr)}):"
                " устраните причину или укажите другой каталог в DATA_DIR."
            )
        draft.rename(place.cluster)

    def _binaries(self, account: Account | None) -> Binaries:
        version = self._version()
        return find_binaries(account, major=int(version) if version else None)

    def _version(self) -> str | None:
        """Major version that the cluster was created with."""
        try:
            return (self.place.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return None


def _sweep(clusters: Path) -> None:
    """Clear what deleted data directories left outside: their servers stop, clusters of tests are deleted.

    A durable cluster is kept on disk: its directory may be on a volume that is not mounted at the moment.
    """
    for home in clusters.iterdir():
        if not (home / OWNER_NOTE).exists() or is_claimed(home):
            continue
        if pid := server_pid(home / "cluster"):
            send(pid, signal.SIGQUIT)
        if (home / FAST_NOTE).exists():
            shutil.rmtree(home, ignore_errors=True)


def _reason(said: str) -> str:
    """The telling line of what a program said."""
    if telling := re.search(r"(?:FATAL|PANIC|error): +(.+)", said):
        return telling[1].rstrip(".")
    return said.strip().splitlines()[-1] if said.strip() else "причина не названа"


def _buffers() -> int:
    """Megabytes of shared buffers: every organization adds to the catalogs, and small buffers read them anew."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024**2
    return min(max(memory // 16, 128), 1024)
