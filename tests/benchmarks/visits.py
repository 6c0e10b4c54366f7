"""Visitors over a fleet at a steady rate, then the same while processes are killed: ``make load`` with few words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.fleet import ORGANIZATIONS
from tests.benchmarks.table import Row
from tests.running import ROOT

RATES = (15, 50)  # what this system is made for is the second; the first is easy
CALM_RATE = 2
SECONDS, CALM_SECONDS, KILL_SECONDS = 90, 40, 150
KILL_EVERY = 20


def visits(folder: Path) -> Iterator[Row]:
    """A random walk of visitors over a fleet: the 95th percentile of their waiting, and what kills cost."""
    kept = folder / "visits"
    calm = _run(kept, "calm", rate=CALM_RATE, seconds=CALM_SECONDS)["all"]
    found = {rate: _run(kept, f"steady-{rate}", rate=rate, seconds=SECONDS)["all"] for rate in RATES}
    baseline = f"at {CALM_RATE} requests/s"
    for rate, steady in found.items():
        name = f"visits to {ORGANIZATIONS:,} organizations at random, {rate} requests/s asked, p95"
        note = f"{steady['rate']:.0f} answered, {steady['errors']:.0f} errors"
        yield Row(name, steady["p95"] / 1000, baseline, calm["p95"] / 1000, note)
    easy = RATES[0]
    killed = _run(kept, "killed", rate=easy, seconds=KILL_SECONDS, kill_every=KILL_EVERY)
    ledger, faults = killed["ledger"], sum(map(len, killed["faults"].values()))
    note = f"{ledger['accepted']} writes accepted, {faults} lost or doubled; {len(killed['kills'])} kills"
    name = f"{easy} requests/s, something killed every {KILL_EVERY} s, p95"
    yield Row(name, killed["all"]["p95"] / 1000, "without kills", found[easy]["p95"] / 1000, note)


def _run(kept: Path, name: str, *, rate: int, seconds: int, kill_every: int = 0) -> dict[str, Any]:
    """A process of its own: its fleet, its server and its settings are not those of the other measures."""
    facts = kept.with_name(f"visits-{name}.json")
    options = {"organizations": ORGANIZATIONS, "rate": rate, "seconds": seconds, "kill-every": kill_every}
    options |= {"keep": kept, "facts": facts}
    command = [sys.executable, "-m", "tests.load", *(f"--{key}={value}" for key, value in options.items())]
    environment = {key: value for key, value in os.environ.items() if key not in ("DATA_DIR", "DJANGO_SETTINGS_MODULE")}
    environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'platform'}"
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
    if not facts.exists():
        raise RuntimeError(f"the visitors did not come to an end: code {done.returncode}")
    return dict(json.loads(facts.read_text(encoding="utf-8")))
