"""Geometry of a column chart by days: numbers in, places out; the template draws them as SVG with a table twin."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HEIGHT: Final = 96
_SHARE_OF_STEP: Final = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class DayColumn:
    """A day with its column; places are ready for SVG attributes."""

    day: datetime.date
    value: int
    x: str
    width: str
    y: int
    height: int


def draw_days(rows: Sequence[tuple[datetime.date, int]]) -> list[DayColumn]:
    """Equal columns over the width of the figure; the greatest is as high as it."""
    greatest = max((value for _, value in rows), default=0)
    step = Decimal(100) / len(rows) if rows else Decimal(0)
    columns = []
    for place, (day, value) in enumerate(rows):
        height = max(round(HEIGHT * value / greatest), 2) if value else 0
        columns.append(
            DayColumn(day, value, f"{step * place:.2f}%", f"{step * _SHARE_OF_STEP:.2f}%", HEIGHT - height, height)
        )
    return columns
