"""Tell a live server from what a killed one left behind. Linux: everything is read from /proc.

Processes are known by their command lines, which every user may read; working folders would be more direct, but root
inside a container may not read those of other users.
"""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path

from devdb.errors import EnvironmentNotReady
from devdb.place import Place

ANSWER_SECONDS = 5
ENCRYPTION_REQUEST = struct.pack("!ii", 8, 80877103)  # SSLRequest of PostgreSQL's protocol
PATIENCE = 10.0  # seconds given to the children of a killed server


def cluster_name(cluster: Path) -> str:
    """The name in the title of every process of this cluster's server."""
    return "asuso-" + hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]


def is_ready(place: Place) -> bool:
    """Whether the server takes connections, wherever it runs: another container may not be visible in /proc."""
    return _answers(place.socket) and _state(place.cluster) in ("ready", "standby")


def server_pid(cluster: Path) -> int | None:
    """Process of the running server; a zombie and a foreign process with the same number do not count."""
    lines = _lock_lines(cluster)
    if not lines or not lines[0].isdecimal():
        return None
    return int(lines[0]) if _is_server(int(lines[0]), cluster) else None


def is_lost(place: Place) -> bool:
    """Whether the server runs but nobody can reach it any more, since its socket was swept away."""
    return _state(place.cluster) == "ready" and not _listens(place.socket)


def clear_leftovers(place: Place) -> None:
    """After a kill: let the server's orphans end, then remove the locks that would refuse the next start.

    PostgreSQL removes them itself unless the process number is taken, by a zombie or by somebody new. An orphan that
    still wrote to the files beside a new server would corrupt them, so none may be left.
    """
    began = time.monotonic()
    while orphans := _processes(place.cluster):
        waited = (time.monotonic() - began) / PATIENCE
        if waited > 1:
            raise EnvironmentNotReady(
                f"Процессы прежнего сервера базы данных не завершаются ({', '.join(map(str, orphans))}):"
                " завершите их и повторите команду."
            )
        if waited > 0.1:  # idle ones notice the death of their server at once by themselves
            for pid in orphans:
                send(pid, signal.SIGKILL if waited > 0.5 else signal.SIGQUIT)
        time.sleep(0.05)
    for leftover in (place.cluster / "postmaster.pid", place.socket, Path(f"{place.socket}.lock")):
        leftover.unlink(missing_ok=True)


def end_creation(draft: Path) -> None:
    """End an initdb that outlived its command: it would go on writing into a folder that is being deleted.

    It leads a session of its own (`accounts.run`), by which the servers it has started are known too.
    """
    leaders = {pid for pid in _all_processes() if _is_server(pid, draft)}
    deadline = time.monotonic() + PATIENCE
    while pids := [pid for pid in _all_processes() if _session(pid) in leaders and _command_line(pid)]:
        if time.monotonic() > deadline:
            raise EnvironmentNotReady(
                f"Прежнее создание базы данных не завершается ({', '.join(map(str, pids))}):"
                " завершите эти процессы и повторите команду."
            )
        for pid in pids:
            send(pid, signal.SIGKILL)
        time.sleep(0.02)


def send(pid: int, request: signal.Signals) -> None:
    """Signal a process that may have ended meanwhile."""
    with suppress(ProcessLookupError):
        os.kill(pid, request)


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(ANSWER_SECONDS)
        try:
            probe.connect(os.fsencode(path))
        except BlockingIOError:
            return True  # it listens and its queue is full
        except OSError:
            return False
        return True


def _answers(path: Path) -> bool:
    """Ask for encryption, which every server answers with one byte, and hang up.

    Connecting alone proves nothing: a child just forked holds a killed server's listening socket open.
    """
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(ANSWER_SECONDS)
        try:
            probe.connect(os.fsencode(path))
            probe.sendall(ENCRYPTION_REQUEST)
            return probe.recv(1) != b""
        except OSError:
            return False


def _lock_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _state(cluster: Path) -> str:
    """Last line of the lock file: starting, ready, standby, stopping."""
    lines = _lock_lines(cluster)
    return lines[7].strip() if len(lines) > 7 else ""


def _is_server(pid: int, cluster: Path) -> bool:
    return b"\0-D\0%b\0" % os.fsencode(cluster) in _command_line(pid)


def _processes(cluster: Path) -> list[int]:
    title = b"postgres: %b:" % cluster_name(cluster).encode()
    return [pid for pid in _all_processes() if _command_line(pid).startswith(title) or _is_server(pid, cluster)]


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _session(pid: int) -> int:
    with suppress(ProcessLookupError):
        return os.getsid(pid)
    return 0


def _command_line(pid: int) -> bytes:
    """Command line or title of a process; empty for a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
