"""An evaluator of bindings that shares no code with the product: it reads the YAML and goes through every child."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import shared.statforms
from shared.statforms.cube import GroupFact
from tests.shared.statforms.microdata import MemorySource

DATA = Path(shared.statforms.__file__).parent / "data"


def naive_cells(form: str, source: MemorySource, as_of: datetime.date) -> dict[tuple[str, str, str], int | None]:
    """Every bound cell of the form counted by brute force; None where a missing attribute leaves it open."""
    counted = {}
    for section, row, column, measure, wheres, age_on in _bound_cells(form, as_of):
        if measure in ("enrollments", "persons"):
            counted[(section, row, column)] = _count_children(source, measure, wheres, age_on)
        else:
            counted[(section, row, column)] = _count_groups(source, measure, wheres)
    return counted


def _bound_cells(form: str, as_of: datetime.date) -> Iterator[tuple[Any, ...]]:
    for path in (DATA / "bindings").glob("*.yaml"):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if raw["form"] != form:
            continue
        for code, section in raw["sections"].items():
            is_next_year = section.get("age_on") == "next_january_first"
            age_on = datetime.date(as_of.year + 1, 1, 1) if is_next_year else as_of
            base = section.get("where", {})
            bases = {code: base} | {copy: {**base, **other} for copy, other in section.get("copies", {}).items()}
            for name, where in bases.items():
                for row, r in section["rows"].items():
                    for column, c in section["columns"].items():
                        measure = r.get("measure") or c.get("measure") or section.get("measure")
                        yield name, row, column, measure, [where, r.get("where", {}), c.get("where", {})], age_on


def _count_children(source: MemorySource, measure: str, wheres: list[dict[str, Any]], day: datetime.date) -> int | None:
    found: list[str] = []
    for place in source.places:
        answer = _answer([(place.value(dim, day), spec) for where in wheres for dim, spec in where.items()])
        if answer is None:
            return None
        if answer:
            found.append(place.person)
    return len(set(found)) if measure == "persons" else len(found)


def _count_groups(source: MemorySource, measure: str, wheres: list[dict[str, Any]]) -> int | None:
    found: list[GroupFact] = []
    for fact in source.facts:
        answer = _answer([(_group_value(fact, dim, source), spec) for where in wheres for dim, spec in where.items()])
        if answer is None:
            return None
        if answer:
            found.append(fact)
    sets = {(fact.organization_id, fact.class_set) for fact in found if fact.class_set}
    singles = [fact for fact in found if not fact.class_set]
    return {
        "groups": len(found),
        "group_units": len(singles) + len(sets),
        "class_sets": len(sets),
        "classes_in_sets": len(found) - len(singles),
    }[measure]


def _group_value(fact: GroupFact, dim: str, source: MemorySource) -> str:
    together = [fact]
    if fact.class_set:
        together = [
            other
            for other in source.facts
            if (other.organization_id, other.class_set) == (fact.organization_id, fact.class_set)
        ]
    if dim == "in_class_set":
        return "yes" if fact.class_set else "no"
    if dim == "unit_grade":
        return str(min(int(other.grade) for other in together)) if all(other.grade for other in together) else ""
    if dim == "is_small":
        size = sum(other.learners for other in together)
        answers = {size < limit for place, limit in (("urban", 25), ("rural", 14)) if fact.urban_rural in ("", place)}
        return {(True,): "yes", (False,): "no"}.get(tuple(answers), "")
    return fact.orientation if dim == "group_orientation" else getattr(fact, dim)


def _answer(questions: list[tuple[str, Any]]) -> bool | None:
    answers = [_holds(value, spec) for value, spec in questions]
    if False in answers:
        return False
    return None if None in answers else True


def _holds(value: str, spec: Any) -> bool | None:
    if value == "":
        return None
    if isinstance(spec, str):
        return value == spec
    if isinstance(spec, list):
        return value in spec
    if value in spec.get("undecided", []):
        return None
    in_bounds = all(
        int(value) >= spec[k] if k == "from" else int(value) <= spec[k] for k in spec if k in ("from", "to")
    )
    return in_bounds and value in spec.get("in", [value]) and value not in spec.get("not", [])
