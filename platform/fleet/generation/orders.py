"""Orders of an invented organization: one order for everybody who came on one ground on one day."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

_STYLES: Final = (
    ("{n}-у", "{n}-у"),
    ("{n}-к/{year}", "{n}-к/{year}"),
    ("{n}-з", "{n}-о"),
    ("01-07-{n}", "01-08-{n}"),
    ("{n:03d}-Д", "{n:03d}-Д"),
)


@dataclass(slots=True)
class Order:
    """An order; ``number`` stands once the book is closed."""

    signed_on: date
    pattern: str
    number: str = ""


class OrderBook:
    """Orders of one organization, numbered in the order of their dates within a calendar year."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._in, self._out = rng.choice(_STYLES)
        self._orders: dict[tuple[str, date], Order] = {}

    def enrollment(self, ground: str, enrolled_on: date) -> Order:
        """The order that enrolls on a day: those to the first grade and transfers stand in different ones."""
        return self._order(f"enroll {ground}", enrolled_on, self._in)

    def departure(self, left_on: date) -> Order:
        """The order by which people leave on a day."""
        return self._order("leave", left_on, self._out)

    def close(self) -> None:
        """Give every order its number."""
        year, number = 0, 0
        for order in sorted(self._orders.values(), key=lambda order: order.signed_on):
            if order.signed_on.year != year:
                year, number = order.signed_on.year, self._rng.randint(2, 20)
            number += self._rng.randint(1, 4)
            order.number = order.pattern.format(n=number, year=year)

    def _order(self, ground: str, effective_on: date, pattern: str) -> Order:
        if (ground, effective_on) not in self._orders:
            signed_on = effective_on - timedelta(days=self._rng.choice((0, 0, 1, 1, 2, 3, 4)))
            self._orders[ground, effective_on] = Order(signed_on, pattern)
        return self._orders[ground, effective_on]
