"""Where a number comes from, in words: the binding of a cell as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping

from shared.contingent.words import dimension_label, value_label
from shared.statforms.bindings import CellFilter, Measure
from shared.statforms.conditions import Condition

MEASURE_WORDS = {
    Measure.ENROLLMENTS: "места обучающихся",
    Measure.PERSONS: "обучающиеся, каждый один раз",
    Measure.GROUPS: "классы и группы",
    Measure.GROUP_UNITS: "классы и классы-комплекты",
    Measure.CLASS_SETS: "классы-комплекты",
    Measure.CLASSES_IN_SETS: "классы в составе классов-комплектов",
}


def in_words(cell: CellFilter) -> list[tuple[str, str]]:
    """Pairs of what and which: measure first, then every filter, then the day of ages where they matter."""
    told = [("Что посчитано", MEASURE_WORDS[cell.measure])]
    told += _filters(cell.filters)
    if "age" in cell.filters:
        told.append(("Возраст на", f"{cell.age_on:%d.%m.%Y}"))
    return told


def _filters(filters: Mapping[str, Condition]) -> list[tuple[str, str]]:
    return [(dimension_label(name), _condition(name, condition)) for name, condition in filters.items()]


def _condition(name: str, condition: Condition) -> str:
    if condition.values is not None:
        return ", ".join(value_label(name, value) for value in condition.listed or ())
    said = []
    if condition.low is not None and condition.high is not None:
        said.append(f"от {condition.low} до {condition.high}")
    elif condition.low is not None:
        said.append(f"{condition.low} и больше")
    elif condition.high is not None:
        said.append(f"не больше {condition.high}")
    if condition.excluded:
        said.append(f"кроме: {', '.join(value_label(name, value) for value in sorted(condition.excluded))}")
    return ", ".join(said)
