"""The locust file of a school's day: ``LOAD_PROFILE=steady`` (a random walk) or ``september`` (the first day of school).

Run by ``make load``, which prepares the fleet; the folder of the run is ``LOAD_FOLDER``.
"""

from __future__ import annotations

import datetime
import json
import os
import random
from pathlib import Path
from typing import Any

import gevent
from locust import LoadTestShape, User, constant_throughput, task

from tests.load.ledger import Ledger
from tests.load.scenes import HOURS, SCENES
from tests.load.visiting import Journal, Visit

FOLDER = Path(os.environ["LOAD_FOLDER"])
RATE = int(os.environ.get("LOAD_RATE", "50"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "120"))
PROFILE = os.environ.get("LOAD_PROFILE", "steady")
PORT = int(os.environ["LOAD_PORT"])
# Of the greatest rate, at each hour of 1 September.
CURVE = {
    7: 0.4,
    8: 1.0,
    9: 0.9,
    10: 0.6,
    11: 0.5,
    12: 0.5,
    13: 0.4,
    14: 0.3,
    15: 0.3,
    16: 0.3,
    17: 0.4,
    18: 0.5,
    19: 0.3,
}
WARM_UP = 3.0

PLACES: list[dict[str, Any]] = json.loads((FOLDER / "fleet.json").read_text(encoding="utf-8"))
LEDGER, JOURNAL = Ledger(FOLDER / "ledger.jsonl"), Journal(FOLDER / "requests.jsonl")
TODAY = f"{datetime.date.today():%Y-%m-%d}"


class Day(LoadTestShape):  # type: ignore[misc]
    """One visitor makes a request a second, so visitors are the rate. Any day is pressed into the seconds of the run."""

    hour: int | None = None

    def tick(self) -> tuple[int, float] | None:
        passed = self.get_run_time()
        if passed > SECONDS:
            return None
        if PROFILE == "steady":
            return RATE, RATE / WARM_UP
        Day.hour = HOURS[min(int(passed / SECONDS * len(HOURS)), len(HOURS) - 1)]
        return max(1, round(RATE * CURVE[Day.hour])), float(RATE)


class Visitor(User):  # type: ignore[misc]
    """Now in one organization, now in another, so that no cache helps that a real fleet would not have."""

    wait_time = constant_throughput(1)

    @task
    def step(self) -> None:
        weights = [scene.at(Day.hour) for scene in SCENES]
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
