"""Rows as JSON and back: staged rows wait for the decision, sealed ones for the consent."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Final

from tenants.intake.fields import PlaceRow

_NAMES: Final = tuple(field.name for field in dataclasses.fields(PlaceRow))
_DAYS: Final = (
    *("birth_date", "doc_issued_on", "enrolled_on", "order_date", "left_on", "departure_order_date"),
    "consent_on",
)


def pack(row: PlaceRow) -> dict[str, Any]:
    """Plain values; days as ISO texts."""
    values = {name: getattr(row, name) for name in _NAMES}
    for name in _DAYS:
        if values[name] is not None:
            values[name] = values[name].isoformat()
    return values


def unpack(values: dict[str, Any]) -> PlaceRow:
    days = {name: datetime.date.fromisoformat(values[name]) for name in _DAYS if values[name]}
    return PlaceRow(**{**values, **days})
