"""The task worker: Celery's consumer, and beside it the polls of the two outboxes and the sealing of the logs."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from celery.exceptions import SecurityWarning
from django.conf import settings
from django.db import close_old_connections, connections

from api.v1.repeats import forget_old
from config.celery import app
from fleet.backups.drill import POLL_SECONDS as DRILL_SECONDS
from fleet.backups.drill import drill_of_the_night
from fleet.subordination import POLL_SECONDS as SUBORDINATION_SECONDS
from fleet.subordination import carry_out_due
from region.training.claims import sweep_scans
from shared.accounts.cleaning import forget_stale
from shared.audit.sealing import seal_marked
from shared.classifiers.refreshing import CACHE_SECONDS, refresh_catalog
from shared.maintenance.current import outside_breaks
from shared.maintenance.faults import forget_faults
from shared.maintenance.watching import WORKER, beat, settle_closing
from shared.messaging import services as outbox
from shared.messaging.models import TaskOutbox
from tenants.cards.sweeping import sweep_drafts, sweep_files
from tenants.handup.projector import project_pending
from tenants.quality.handing_up import recount_marked, recount_old
from tenants.recovery.sweeping import sweep_comparisons
from tenants.security.refreshing import refresh_stale

logger = logging.getLogger(__name__)
LOCK = "worker.lock"
BEAT = "worker.beat"
BEAT_SECONDS = 15.0
POLL_SECONDS = 1.0
SEAL_SECONDS = 3.0
CLEANING_SECONDS = 3600.0
STATE_SECONDS = 60.0
COUNTING_SHARE = 0.2
LONGEST_REST = 30.0
CONCURRENCY = 2
FAREWELL_SECONDS = 8.0


def is_running(data_dir: Path) -> bool:
    """Whether any worker runs for this data directory; the kernel forgets those that were killed."""
    with (data_dir / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def announced(data_dir: Path) -> Iterator[None]:
    """Be known as a worker of this data directory."""
    with (data_dir / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


class Poll(threading.Thread):
    """Calls ``step`` every second or so until stopped; a fault of one round is logged and the next round comes.

    ``share`` is the greatest part of the time the rounds may take: what only counts waits longer in a rush of writes,
    and one round then serves many of them, instead of taking the processor from those who write.
    """

    def __init__(self, name: str, step: Callable[[], None], pause: float = POLL_SECONDS, *, share: float = 1.0) -> None:
        super().__init__(name=name, daemon=True)
        self._step = step
        self._pause = pause
        self._share = share
        self._stopping = threading.Event()

    def run(self) -> None:
        taken = 0.0
        while not self._stopping.wait(self._rest_after(taken)):
            started = time.monotonic()
            close_old_connections()
            try:
                self._step()
            except Exception as fault:  # noqa: BLE001 - the poll must outlive a database that is away for a while
                logger.error("poll failed", extra={"poll": self.name, "fault": type(fault).__name__})
                connections.close_all()
            taken = time.monotonic() - started
        connections.close_all()

    def stop(self) -> None:
        self._stopping.set()

    def _rest_after(self, taken: float) -> float:
        return max(self._pause, min(taken * (1 / self._share - 1), LONGEST_REST))


class TaskPoll:
    """Takes wanted tasks and runs them in threads, keeping the leases of those that take long."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="task")
        self._running: dict[uuid.UUID, Future[bool]] = {}
        self._renewed = 0.0

    def step(self) -> None:
        self._running = {key: future for key, future in self._running.items() if not future.done()}
        if self._running and time.monotonic() - self._renewed > outbox.LEASE.total_seconds() / 3:
            outbox.renew_leases(self._running)
            self._renewed = time.monotonic()
        free = CONCURRENCY - len(self._running)
        if free:
            for wish in outbox.take_wanted(free):
                self._running[wish.pk] = self._pool.submit(_run, wish)

    def stop(self) -> None:
        """Give running tasks a moment; what does not end is run again by the next worker."""
        deadline = time.monotonic() + FAREWELL_SECONDS
        while time.monotonic() < deadline and not all(future.done() for future in self._running.values()):
            time.sleep(0.05)
        self._pool.shutdown(wait=False, cancel_futures=True)


def beating(step: Callable[[], None], beat: Path) -> Callable[[], None]:
    """``step``, touching a file before each round: who looks from outside sees that the loop turns.

    Not after it: a round that fails while the database is away is no reason to restart the worker.
    """

    def noted() -> None:
        beat.touch()
        step()

    return noted


class Heart:
    """Tells the database now and then that this worker's loop turns: who looks from another machine sees it."""

    def __init__(self) -> None:
        self._next = 0.0

    def beat(self) -> None:
        if self._next <= time.monotonic():
            beat(WORKER)
            self._next = time.monotonic() + BEAT_SECONDS


def _run(wish: TaskOutbox) -> bool:
    close_old_connections()
    try:
        return outbox.run_wanted(wish)
    finally:
        close_old_connections()


def _seal() -> None:
    seal_marked()


def _drill() -> None:
    drill_of_the_night()


def _carry_out_due() -> None:
    carry_out_due()


# What these do waits while a maintenance break holds everything.
WRITING: Final[tuple[tuple[str, Callable[[], object], float, float], ...]] = (  # name, step, pause, share
    ("registry", project_pending, POLL_SECONDS, 1.0),
    ("stale", forget_stale, CLEANING_SECONDS, 1.0),
    ("keys of requests", forget_old, CLEANING_SECONDS, 1.0),
    ("security", refresh_stale, STATE_SECONDS, 1.0),
    ("quality", recount_marked, POLL_SECONDS, COUNTING_SHARE),
    ("quality of the day", recount_old, STATE_SECONDS, 1.0),
    ("faults", forget_faults, 6 * CLEANING_SECONDS, 1.0),
    ("scans", sweep_scans, CLEANING_SECONDS, 1.0),
    ("drafts", sweep_drafts, 6 * CLEANING_SECONDS, 1.0),
    ("files of cards", sweep_files, 6 * CLEANING_SECONDS, 1.0),
    ("comparisons", sweep_comparisons, 6 * CLEANING_SECONDS, 1.0),
)


def run(*, parent: int | None = None) -> None:
    """Work until a signal comes or, for the child of ``serve``, until process ``parent`` is gone."""
    # Celery warns of root because of pickled messages; ours are JSON.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    consumer = app.Worker(
        pool="threads",
        concurrency=CONCURRENCY,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )

    def leave_with_parent() -> None:
        if parent is not None and os.getppid() != parent:
            consumer.stop()

    tasks, heart = TaskPoll(), Heart()

    def turn() -> None:
        tasks.step()
        heart.beat()

    polls = [Poll("tasks", beating(turn, Path(settings.DATA_DIR) / BEAT)), Poll("parent", leave_with_parent)]
    polls.append(Poll("classifiers", refresh_catalog, pause=CACHE_SECONDS))
    polls.append(Poll("breaks", settle_closing))
    polls += [Poll(name, outside_breaks(step), pause, share=share) for name, step, pause, share in WRITING]
    if "owner" in connections.settings:  # else the chains are sealed where the owner's address is known
        polls.append(Poll("log", _seal, pause=SEAL_SECONDS))
        polls.append(Poll("drill", _drill, pause=DRILL_SECONDS))
        polls.append(Poll("subordination", _carry_out_due, pause=SUBORDINATION_SECONDS))
    with announced(Path(settings.DATA_DIR)):
        for poll in polls:
            poll.start()
        try:
            consumer.start()
        finally:
            for poll in polls:
                poll.stop()
            tasks.stop()
