"""What a dimension must be for a fact to be counted, in three values: yes, no, and «the attribute is not filled in».

The third value is the reason a cell becomes empty instead of too small: a class without a kind may or may not belong
to the row of ordinary classes, and only its school can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.statforms.errors import BindingInvalid

SPEC_KEYS = frozenset(("in", "not", "from", "to", "undecided"))


@dataclass(frozen=True, slots=True)
class Condition:
    """Bounds are whole numbers, both included; ``undecided`` values leave the question as open as an empty one."""

    values: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    low: int | None = None
    high: int | None = None

    def admits(self, value: str) -> bool | None:
        """Whether a fact with this value counts; None when the value is missing or decides nothing."""
        if not value or value in self.undecided:
            return None
        if value in self.excluded or (self.values is not None and value not in self.values):
            return False
        return self._is_within(value)

    @property
    def listed(self) -> tuple[str, ...] | None:
        """All admitted values as ``registry count --where`` takes them; None when they cannot be listed."""
        if self.values is not None:
            return tuple(sorted(self.values, key=_natural))
        if self.low is not None and self.high is not None:
            return tuple(str(number) for number in range(self.low, self.high + 1) if str(number) not in self.excluded)
        return None

    @property
    def is_contradiction(self) -> bool:
        return self.listed == ()

    def __and__(self, other: Condition) -> Condition:
        low = max((bound for bound in (self.low, other.low) if bound is not None), default=None)
        high = min((bound for bound in (self.high, other.high) if bound is not None), default=None)
        merged = Condition(None, self.excluded | other.excluded, self.undecided | other.undecided, low, high)
        given = [condition.values for condition in (self, other) if condition.values is not None]
        if not given:
            return merged
        values = frozenset.intersection(*given) - merged.excluded
        within = frozenset(value for value in values if merged._is_within(value))
        return Condition(values=within, undecided=merged.undecided)

    def _is_within(self, value: str) -> bool:
        if self.low is None and self.high is None:
            return True
        if not value.isdecimal():
            return False
        number = int(value)
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


Filters = Mapping[str, Condition]


def parse_filters(raw: Mapping[str, Any], *, where: str) -> dict[str, Condition]:  # Any: decoded YAML
    """Read ``{direction: technical, age: {from: 7}, citizenship: {not: [RUS]}}``.

    Raises: BindingInvalid.
    """
    return {dimension: _condition(spec, where=f"{where}, {dimension}") for dimension, spec in raw.items()}


def merge_filters(*parts: Filters) -> dict[str, Condition]:
    """All filters at once; two on one dimension must hold both."""
    merged: dict[str, Condition] = {}
    for part in parts:
        for dimension, condition in part.items():
            merged[dimension] = merged[dimension] & condition if dimension in merged else condition
    return merged


def unmet(filters: Filters, key: Mapping[str, str]) -> frozenset[str] | None:
    """None: the fact does not count. Empty: it counts. Otherwise: the dimensions whose emptiness leaves it open."""
    open_dimensions: list[str] = []
    for dimension, condition in filters.items():
        verdict = condition.admits(key.get(dimension, ""))
        if verdict is False:
            return None
        if verdict is None:
            open_dimensions.append(dimension)
    return frozenset(open_dimensions)


def _condition(spec: Any, *, where: str) -> Condition:  # Any: decoded YAML
    if isinstance(spec, str):
        return Condition(values=frozenset((spec,)))
    if isinstance(spec, list):
        return Condition(values=_codes(spec, where=where))
    if not isinstance(spec, dict) or not spec or set(spec) - SPEC_KEYS:
        raise BindingInvalid(f"{where}: a filter is a code, a list or a mapping of {sorted(SPEC_KEYS)}, not {spec!r}")
    bounds = [spec.get(key) for key in ("from", "to")]
    if not all(bound is None or (isinstance(bound, int) and not isinstance(bound, bool)) for bound in bounds):
        raise BindingInvalid(f"{where}: bounds are whole numbers")
    return Condition(
        values=_codes(spec["in"], where=where) if "in" in spec else None,
        excluded=_codes(spec.get("not", []), where=where),
        undecided=_codes(spec.get("undecided", []), where=where),
        low=bounds[0],
        high=bounds[1],
    )


def _codes(spec: Any, *, where: str) -> frozenset[str]:  # Any: decoded YAML
    if not isinstance(spec, list) or not all(isinstance(code, str) and code for code in spec):
        raise BindingInvalid(f"{where}: codes are a list of quoted text, an unquoted yes or 5 is not a code")
    return frozenset(spec)


def _natural(value: str) -> tuple[int, str]:
    return (int(value), "") if value.isdecimal() else (-1, value)
