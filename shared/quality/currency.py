"""When a card is stale, and which percent is good: data of ``data/currency.yaml``. Source: R-037, R-039, R-049."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.kernel.data import read_yaml
from shared.kernel.days import SEPTEMBER, academic_year_of


@dataclass(frozen=True, slots=True)
class Currency:
    """The set age of cards, the kinds that are confirmed every school year, the borders of the light."""

    stale_after: datetime.timedelta
    yearly: frozenset[str]
    ok: int
    warn: int
    remark_term: datetime.timedelta

    def fresh_since(self, kind: str, today: datetime.date) -> datetime.date:
        """A card changed or confirmed on this day or later is current; a yearly one has to be confirmed."""
        if kind in self.yearly:
            return datetime.date(academic_year_of(today), SEPTEMBER, 1)
        return today - self.stale_after

    def light(self, percent: int) -> str:
        """The kind of mark a percent gets: ok, warn, bad."""
        return "ok" if percent >= self.ok else "warn" if percent >= self.warn else "bad"


def _load() -> Currency:
    raw = read_yaml(Path(__file__).parent / "data/currency.yaml")
    return Currency(
        stale_after=datetime.timedelta(days=raw["stale_after_days"]),
        yearly=frozenset(raw["yearly"]),
        ok=raw["light"]["ok"],
        warn=raw["light"]["warn"],
        remark_term=datetime.timedelta(days=raw["remark_days"]),
    )


CURRENCY: Final = _load()
