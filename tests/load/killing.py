"""Kills, one after the other: a web process, the task worker, a server process of the database. What died is restarted
by what restarts it in an installation: gunicorn's arbiter, ``asuso serve`` that keeps the worker, the postmaster.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

WEB, WORKER, DATABASE = "web process", "task worker", "database process"
BACK_SECONDS = 30.0


class Cast:
    """The processes of one ``asuso serve`` with its embedded database."""

    def __init__(self, serve: int, postmaster: int) -> None:
        self.serve, self._postmaster = psutil.Process(serve), psutil.Process(postmaster)

    def web(self) -> list[psutil.Process]:
        return [one for one in _children(self.serve) if "worker" not in _command(one)]

    def worker(self) -> list[psutil.Process]:
        return [one for one in _children(self.serve) if "worker" in _command(one)]

    def database(self) -> list[psutil.Process]:
        """Server processes of the login that answers requests."""
        return [one for one in _children(self._postmaster) if any("asuso_app" in part for part in _command(one))]

    def seconds(self) -> dict[str, float]:
        """CPU used up to now; what has ended meanwhile is counted to the web, and to the database."""
        worker = sum(_seconds(one) for one in self.worker())
        web = _seconds(self.serve) - worker
        return {"web": web, "task worker": worker, "database": _seconds(self._postmaster)}


class Killer(threading.Thread):
    """``kill -9`` every ``pause`` seconds; ``kills.jsonl`` says what died when, and when it was back."""

    def __init__(self, cast: Cast, folder: Path, pause: float) -> None:
        super().__init__(name="killer", daemon=True)
        self._path, self._pause, self._stopping = folder / "kills.jsonl", pause, threading.Event()
        self._turns: list[tuple[str, Callable[[], list[psutil.Process]]]] = [
            (WEB, cast.web),
            (WORKER, cast.worker),
            (DATABASE, cast.database),
        ]

    def run(self) -> None:
        for what, living in itertools.cycle(self._turns):
            if self._stopping.wait(self._pause):
                return
            self._kill(what, living)

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _kill(self, what: str, living: Callable[[], list[psutil.Process]]) -> None:
        before = living()
        if not before:
            raise RuntimeError(f"no {what} to kill")
        victim, known = random.choice(before), {one.pid for one in before}
        at = time.time()
        os.kill(victim.pid, signal.SIGKILL)
        back = self._waited(lambda: any(one.pid not in known for one in living()))
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"at": at, "what": what, "pid": victim.pid, "back_after": back}) + "\n")

    def _waited(self, condition: Callable[[], bool]) -> float | None:
        """Seconds until another one of its kind lived; None if none came."""
        started = time.monotonic()
        while not condition():
            if time.monotonic() - started > BACK_SECONDS:
                return None
            time.sleep(0.05)
        return round(time.monotonic() - started, 2)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [one for one in process.children() if one.status() != psutil.STATUS_ZOMBIE]
    except psutil.NoSuchProcess:
        return []


def _seconds(process: psutil.Process) -> float:
    own = process.cpu_times()
    living = [one.cpu_times() for one in process.children(recursive=True)]
    ended = own.children_user + own.children_system
    return own.user + own.system + ended + sum(one.user + one.system for one in living)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
