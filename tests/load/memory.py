"""The greatest memory of each kind of process while the load runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psutil

from tests.load.killing import Cast

MEGABYTE = 1024 * 1024
EVERY = 1.0


class Memory(threading.Thread):
    """Looks once a second; of a server process of the database only what is its own counts, not the shared buffers."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(name="memory", daemon=True)
        self.greatest = {"database process, private": 0.0, "web process": 0.0, "task worker": 0.0}
        self._looks: dict[str, tuple[Callable[[], list[psutil.Process]], Callable[[psutil.Process], int]]] = {
            "database process, private": (cast.database, _private),
            "web process": (cast.web, lambda one: one.memory_info().rss),
            "task worker": (cast.worker, lambda one: one.memory_info().rss),
        }
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(EVERY):
            for name, (living, measured) in self._looks.items():
                for process in living():
                    self._note(name, process, measured)

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _note(self, name: str, process: psutil.Process, measured: Callable[[psutil.Process], int]) -> None:
        try:
            self.greatest[name] = max(self.greatest[name], measured(process) / MEGABYTE)
        except psutil.NoSuchProcess:
            return


def _private(process: psutil.Process) -> int:
    facts = process.memory_info()
    return int(facts.rss - facts.shared)
