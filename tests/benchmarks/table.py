"""A measured row and the table of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import tabulate


@dataclass(frozen=True)
class Row:
    """Seconds of what is measured and of its baseline, per the same unit of work."""

    name: str
    seconds: float
    baseline: str
    baseline_seconds: float
    note: str = ""


def print_table(rows: list[Row]) -> None:
    """One table: value, baseline, ratio (how many times faster than the baseline)."""
    cells = [
        [row.name, _text(row.seconds), row.baseline, _text(row.baseline_seconds), _ratio(row), row.note] for row in rows
    ]
    headers = ["measured", "time", "baseline", "time", "baseline / measured", "note"]
    print(tabulate.tabulate(cells, headers=headers, tablefmt="github"))


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], *, times: int = 15) -> float:
    """Median seconds of a repeated call, the first one (cold) left out."""
    work()
    return statistics.median(timed(work) for _ in range(times))


def _text(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _ratio(row: Row) -> str:
    return f"{row.baseline_seconds / row.seconds:.2f}×"
