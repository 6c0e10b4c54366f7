"""Geometry of server-drawn charts: numbers in, positions out; the templates draw them as SVG with a table twin."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from shared.kernel.text import thousands

ROW_HEIGHT: Final = 38
_LABEL_LENGTH: Final = 40


class Bar(NamedTuple):
    """One bar: what, how many and, where the person may open it, the list behind the number."""

    label: str
    value: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with its place in the drawing; ``width`` is a share of the figure, ready for an SVG attribute."""

    label: str
    short_label: str
    value_text: str
    width: str
    text_y: int
    bar_y: int
    url: str


def draw_bars(rows: Iterable[tuple[str, float] | tuple[str, float, str]]) -> list[DrawnBar]:
    """Lay bars one under another against the greatest; values below zero are drawn as zero."""
    bars = [Bar(*row) for row in rows]
    greatest = max((bar.value for bar in bars), default=0)
    return [_draw(bar, index, greatest) for index, bar in enumerate(bars)]


def _draw(bar: Bar, index: int, greatest: float) -> DrawnBar:
    share = Decimal(str(max(bar.value, 0))) / Decimal(str(greatest)) * 100 if greatest > 0 else Decimal(0)
    top = index * ROW_HEIGHT
    is_long = len(bar.label) > _LABEL_LENGTH
    return DrawnBar(
        label=bar.label,
        short_label=f"{bar.label[: _LABEL_LENGTH - 1].rstrip()}…" if is_long else bar.label,
        value_text=thousands(bar.value),
        width=f"{share:.2f}%",
        text_y=top + 13,
        bar_y=top + 19,
        url=bar.url,
    )
