"""The locust file of a day: ``LOAD_PROFILE=steady`` (a random walk), ``september`` (the first day of school) or
``writes`` (a random walk that writes much, for kills).

Run by ``make load``, which prepares the fleet; the folder of the run is ``LOAD_FOLDER``.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import time
from pathlib import Path
from typing import Any

import gevent
from locust import LoadTestShape, User, task

from tests.load.ledger import Ledger, read
from tests.load.scenes import HOURS, SCENES
from tests.load.visiting import Journal, Visit

FOLDER = Path(os.environ["LOAD_FOLDER"])
RATE = int(os.environ.get("LOAD_RATE", "50"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "120"))
PROFILE = os.environ.get("LOAD_PROFILE", "steady")
PORT = int(os.environ["LOAD_PORT"])
# Of the greatest rate, at each hour of 1 September.
CURVE = dict(zip(HOURS, (0.4, 1.0, 0.9, 0.6, 0.5, 0.5, 0.4, 0.3, 0.3, 0.3, 0.4, 0.5, 0.3), strict=True))
WRITING = 12.0  # every second request writes
WARM_UP = 3.0

PLACES: list[dict[str, Any]] = json.loads((FOLDER / "fleet.json").read_text(encoding="utf-8"))
if (FOLDER / "ledger.jsonl").exists():  # a fleet that was visited before: what was signed then is not signed again
    signed = {write.mark for write in read(FOLDER / "ledger.jsonl")}
    for place in PLACES:
        place["orders"] = [order for order in place["orders"] if order not in signed]
LEDGER, JOURNAL = Ledger(FOLDER / "ledger.jsonl"), Journal(FOLDER / "requests.jsonl")
TODAY = f"{datetime.date.today():%Y-%m-%d}"


class Day(LoadTestShape):  # type: ignore[misc]
    """A visitor makes a request a second, so visitors are the rate; a day is pressed into the seconds of the run."""

    hour: int | None = None

    def tick(self) -> tuple[int, float] | None:
        passed = self.get_run_time()
        if passed > SECONDS:
            return None
        if PROFILE != "september":
            return RATE, RATE / WARM_UP
        Day.hour = HOURS[min(int(passed / SECONDS * len(HOURS)), len(HOURS) - 1)]
        return max(1, round(RATE * CURVE[Day.hour])), float(RATE)


class Visitor(User):  # type: ignore[misc]
    """Now in one organization, now in another, so that no cache helps that a real fleet would not have."""

    def on_start(self) -> None:
        self._due = time.monotonic()

    def wait_time(self) -> float:
        """Until the next request: one a second on average, at moments that nobody shares with others.

        A fixed second would keep the steps of those who began together, and the server would see a crowd and a pause.
        A visitor whom an answer has kept makes up for it.
        """
        self._due += random.expovariate(1.0)
        return max(0.0, self._due - time.monotonic())

    @task
    def step(self) -> None:
        weights = [scene.at(Day.hour) * (WRITING if PROFILE == "writes" and scene.writes else 1) for scene in SCENES]
        (scene,) = random.choices(SCENES, weights)
        visit = Visit(
            place=random.choice(PLACES),
            day=TODAY,
            address=("127.0.0.1", PORT),
            ledger=LEDGER,
            journal=JOURNAL,
            told=self._told,
            wait=gevent.sleep,
        )
        scene.act(visit)

    def _told(self, name: str, milliseconds: float, length: int, fault: str) -> None:
        self.environment.events.request.fire(
            request_type="",
            name=name,
            response_time=milliseconds,
            response_length=length,
            exception=RuntimeError(fault) if fault else None,
            context={},
        )
