"""What a run of the load has shown: one table, and the same facts for a test."""

from __future__ import annotations

import json
import math
import os
import platform
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tabulate

GRACE = 10.0  # seconds after a kill in which a request may fail: the database recovers, its clients connect again


@dataclass(frozen=True)
class Request:
    name: str
    at: float
    ms: float
    status: int
    fault: str


def read_lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def requests_of(folder: Path, *, since: float) -> list[Request]:
    """Requests begun after the warm-up, in which processes and connections begin."""
    everything = [Request(**line) for line in read_lines(folder / "requests.jsonl")]
    first = min((one.at for one in everything), default=0.0)
    return [one for one in everything if one.at >= first + since]


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that ``part`` of them do not exceed; exact, nothing is put into buckets."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)] if ordered else 0.0


def unexplained(requests: Iterable[Request], kills: Sequence[dict[str, Any]]) -> list[Request]:
    """Failures that no kill explains: begun or ended outside the seconds after one, or answered with a refusal."""
    spans = [(kill["at"] - 0.1, kill["at"] + GRACE) for kill in kills]
    return [one for one in requests if one.fault and not _is_explained(one, spans)]


def _is_explained(one: Request, spans: Sequence[tuple[float, float]]) -> bool:
    ended = one.at + one.ms / 1000
    is_outage = one.status == 0 or one.status >= 500
    return is_outage and any(since <= ended and one.at <= until for since, until in spans)


def outages(requests: Sequence[Request], kills: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """For each kind of kill: requests that failed because of it, and how long after it the last one ended."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: {"kills": 0, "failed": 0, "longest": 0.0, "back": 0.0})
    ordered = sorted(kills, key=lambda kill: kill["at"])
    for number, kill in enumerate(ordered):
        until = ordered[number + 1]["at"] if number + 1 < len(ordered) else math.inf
        ends = [one.at + one.ms / 1000 for one in requests if one.fault]
        mine = [end for end in ends if kill["at"] - 0.1 <= end < until]
        facts = found[kill["what"]]
        facts["kills"] += 1
        facts["failed"] += len(mine)
        facts["longest"] = max([facts["longest"], *(end - kill["at"] for end in mine)])
        facts["back"] = max(facts["back"], kill["back_after"] or math.inf)
    return dict(found)


def summary(requests: Sequence[Request], seconds: float) -> dict[str, float]:
    times = [one.ms for one in requests]
    parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    figures = {name: round(percentile(times, part), 1) for name, part in parts.items()}
    rate = round(len(requests) / seconds, 1) if seconds else 0.0
    return figures | {"requests": len(requests), "errors": sum(1 for one in requests if one.fault), "rate": rate}


def print_report(facts: dict[str, Any], requests: Sequence[Request]) -> None:
    """Requests by name, then the whole, then kills, ledger, memory and the machine."""
    by_name: dict[str, list[Request]] = defaultdict(list)
    for one in requests:
        by_name[one.name].append(one)
    headers = ["requests", "count", "p50, ms", "p95, ms", "p99, ms", "max, ms", "errors", "requests/s"]
    order = ("requests", "p50", "p95", "p99", "max", "errors", "rate")
    rows = [(name, summary(some, facts["seconds"])) for name, some in by_name.items()]
    rows.sort(key=lambda row: -row[1]["p95"])
    rows.append(("all of them", facts["all"]))
    print(tabulate.tabulate([[name, *(row[key] for key in order)] for name, row in rows], headers, tablefmt="github"))
    print()
    print(tabulate.tabulate(_pairs(facts, requests), ["of the run", ""], tablefmt="github"))


def _pairs(facts: dict[str, Any], requests: Sequence[Request]) -> Iterable[tuple[str, object]]:
    yield "organizations", f"{facts['organizations']:,}, visited at random, profile «{facts['profile']}»"
    yield "asked for", f"{facts['asked']} requests/s for {facts['seconds']:.0f} s"
    for what, seen in facts["outages"].items():
        yield (
            f"killed: {what}",
            f"{seen['kills']:.0f} times, {seen['failed']:.0f} requests failed, "
            f"the last {seen['longest']:.1f} s after a kill; another one lived after {seen['back']:.1f} s",
        )
    if facts["unexplained"]:
        yield "errors that no kill explains", facts["unexplained"]
        yield "of them", dict(Counter(f"{one.name}: {one.fault}" for one in requests if one.fault).most_common(5))
    yield "ledger of writes", facts["ledger"]
    yield "lost, doubled, strayed writes", facts["faults"] or "none"
    yield "registry", facts["registry"] or "every place exactly once, handed up by the worker"
    for name, value in facts["cpu"].items():
        share = value / facts["seconds"] if facts["seconds"] else 0.0
        yield f"CPU: {name}", f"{value / facts['sent'] * 1000:.1f} ms a request, {share:.2f} cores"
    for name, value in facts["memory"].items():
        yield f"memory of a {name}", f"{value:.0f} MB at most"
    yield "machine", machine(facts)


def machine(facts: dict[str, Any]) -> str:
    load = ", ".join(f"{one:.1f}" for one in facts["load_average"])
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {versions}; load average before: {load}"
