"""A measured row and the table of them."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import django
import psutil
import tabulate
from django.db import connection


@dataclass(frozen=True)
class Row:
    """What is measured and its baseline, per the same unit of work: seconds, or what ``unit`` says."""

    name: str
    value: float
    baseline: str
    baseline_value: float
    note: str = ""
    unit: str = "s"

    def text(self, value: float) -> str:
        """A value of this row with its unit."""
        if self.unit == "s" and value < 1:
            return f"{value * 1000:.2f} ms"
        return f"{value:.2f} {self.unit}"


def print_table(rows: list[Row]) -> None:
    """One table: value, baseline, ratio (how many times faster than the baseline)."""
    cells = [
        [row.name, row.text(row.value), row.baseline, row.text(row.baseline_value), _ratio(row), row.note]
        for row in rows
    ]
    headers = ["measured", "time", "baseline", "time", "baseline / measured", "note"]
    print(tabulate.tabulate(cells, headers=headers, tablefmt="github"))


def print_machine() -> None:
    """What the figures were measured on."""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        server = cursor.fetchone()[0]
    memory = psutil.virtual_memory().total / 1024**3
    versions = f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL {server}"
    print(f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}; {versions}\n")


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], *, times: int = 15) -> float:
    """Median seconds of a repeated call, the first one (cold) left out."""
    work()
    return statistics.median(timed(work) for _ in range(times))


def _ratio(row: Row) -> str:
    return f"{row.baseline_value / row.value:.2f}×"
