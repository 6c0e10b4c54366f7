"""The web server of every host: gunicorn's arbiter, which also keeps one task worker beside it."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger as GunicornLogger

from config import worker

THREADS = 4
LANES = 40  # over the embedded server, of all web processes together; ADR 0023
YOUNG_OBJECTS = 50_000  # a page makes tens of thousands; Python's own 700 is for small programs
STATIC_STAMP = "collected"
REST_SECONDS = 5.0
STOP_SECONDS = 10.0


def collect_static() -> bool:
    """Copy static files to ``STATIC_ROOT`` when any of them changed since the last time; says whether it did."""
    stamp, root = _stamp(), Path(settings.STATIC_ROOT)
    note = root / STATIC_STAMP
    if note.exists() and note.read_text() == stamp:
        return False
    note.unlink(missing_ok=True)  # cut short, it must be collected again
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(stamp)
    return True


def _stamp() -> str:
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class WorkerKeeper:
    """Keeps one ``asuso worker`` alive while none runs for this data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._child: subprocess.Popen[bytes] | None = None
        self._started = -REST_SECONDS
        self._is_dismissed = False

    def look(self) -> None:
        """Start a worker if there is none; one that dies at once is not started again in the same seconds."""
        if self._is_dismissed or (self._child is not None and self._child.poll() is None):
            return
        if time.monotonic() - self._started < REST_SECONDS or worker.is_running(self._data_dir):
            return
        command = [sys.executable, "-m", "config", "worker", "--parent", str(os.getpid())]
        # A session of its own: Ctrl-C reaches the whole terminal, and the worker is stopped by us, once.
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        self._started = time.monotonic()

    def dismiss(self) -> None:
        """Ask the worker to end, once and without waiting: a second signal would make it drop its tasks."""
        if self._child is not None and not self._is_dismissed and self._child.poll() is None:
            self._is_dismissed = True
            self._child.terminate()

    def stop(self) -> None:
        """Return when the worker has ended."""
        self.dismiss()
        if self._child is None:
            return
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


class ServerLogger(GunicornLogger):  # type: ignore[misc]
    """The server's own lines go the way of all others; requests are logged by ``config.surface``, without addresses."""

    def setup(self, cfg: Any) -> None:  # Any: gunicorn's configuration has no types
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Nothing: gunicorn's access line holds the whole address, with what was searched for."""


class _Arbiter(Arbiter):  # type: ignore[misc]
    """Looks after the task worker at every turn of its loop, which is once a second."""

    keeper: WorkerKeeper | None = None

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.keeper is not None and self.pid == os.getpid():
            self.keeper.look()

    def handle_term(self) -> None:
        """The worker ends while the web processes answer what they have begun."""
        if self.keeper is not None:
            self.keeper.dismiss()
        super().handle_term()

    def handle_hup(self) -> None:
        """The terminal was closed: end, instead of gunicorn's reload."""
        self.handle_term()

    def handle_int(self) -> None:
        """Ctrl-C ends as gently as ``kill``: running requests are answered."""
        self.handle_term()


class _Web(BaseApplication):  # type: ignore[misc]
    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return get_wsgi_application()


def serve(*, host: str, port: int, workers: int, with_worker: bool, ready: Callable[[], None]) -> None:
    """Answer on ``host:port`` until a signal comes; ends through SystemExit, with everything it started stopped."""
    connections.close_all()  # nothing open may be shared with the forked processes
    if not settings.IS_DEVELOPMENT:
        connections.settings.pop("owner", None)  # DDL and roles are never reached from the web
    keeper = WorkerKeeper(Path(settings.DATA_DIR)) if with_worker else None
    lanes = settings.ENVIRONMENT.database_lanes or (max(1, LANES // workers) if settings.IS_DEVELOPMENT else 1)
    if lanes > 1:
        _lay_lanes(lanes)
    web = _Web(_options(host, port, workers, keeper, ready))
    web.wsgi()  # loaded once, before the fork
    _settle_memory()
    arbiter = _Arbiter(web)
    arbiter.keeper = keeper
    arbiter.run()


def _lay_lanes(lanes: int) -> None:
    """A pool of connections for every lane of a web process. Source: ADR 0023."""
    default = connections.settings["default"]
    # As many in a lane as there are threads: nobody waits for a connection; what a rush has opened ends in minutes.
    # None beforehand: the first request would not wait for it but open a second one, and the two would take turns.
    pool = {"min_size": 0, "max_size": THREADS, "max_idle": 300, "num_workers": 1, "timeout": 10}
    default |= {"LANES": lanes, "CONN_MAX_AGE": 0, "OPTIONS": default.get("OPTIONS", {}) | {"pool": pool}}


def _settle_memory() -> None:
    """What is loaded stays for good: the collector need not walk through it in the middle of an answer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


def _options(
    host: str, port: int, workers: int, keeper: WorkerKeeper | None, ready: Callable[[], None]
) -> dict[str, Any]:
    memory = Path("/dev/shm")
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 120,
        "graceful_timeout": 10,
        # Against what may grow in a process unseen. Rarely: its connections know their organizations, and the server's
        # processes have a bound of their own (``SCHEMAS_PER_CONNECTION``).
        "max_requests": 50_000,
        "max_requests_jitter": 5_000,
        "worker_tmp_dir": str(memory) if os.access(memory, os.W_OK) else None,
        "loglevel": "warning",
        "logger_class": ServerLogger,
        "control_socket_disable": True,
        "when_ready": lambda arbiter: ready(),
        "on_exit": lambda arbiter: keeper.stop() if keeper else None,
        "post_fork": lambda arbiter, process: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    }
