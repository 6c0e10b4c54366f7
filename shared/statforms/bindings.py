"""Bindings: which measure and which filters stand behind a cell, as data (``data/bindings/*.yaml``), never as code.

A section gives a base filter, every row and every column adds its own, and a cell holds all of them together. Cells
that no row × column pair reaches are entered by people.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from shared.statforms.catalog import CellAddress, FormLayout
from shared.statforms.conditions import Condition, Filters, merge_filters, parse_filters
from shared.statforms.controls import sums_of
from shared.statforms.cube import GROUP_DIMENSIONS, LEARNER_DIMENSIONS, PERSON_DIMENSIONS, age_reference
from shared.statforms.errors import BindingInvalid
from shared.statforms.parsing import DATA, load_yaml

FORM_KEYS = frozenset(("form", "edition", "sections"))
SECTION_KEYS = frozenset(("source", "note", "measure", "age_on", "where", "rows", "columns", "copies"))
PART_KEYS = frozenset(("measure", "where"))
AGE_RULES = frozenset(("as_of", "next_january_first"))

Raw = Mapping[str, Any]  # Any: decoded YAML, checked key by key below


class Measure(StrEnum):
    """What is counted. Persons are distinct people and not additive; everything else is."""

    ENROLLMENTS = "enrollments"
    PERSONS = "persons"
    GROUPS = "groups"
    GROUP_UNITS = "group_units"
    CLASS_SETS = "class_sets"
    CLASSES_IN_SETS = "classes_in_sets"

    @property
    def counts_learners(self) -> bool:
        return self in (Measure.ENROLLMENTS, Measure.PERSONS)


@dataclass(frozen=True, slots=True)
class Binding:
    """How one cell is counted; ``age_rule`` is ``as_of`` or ``next_january_first``."""

    measure: Measure
    filters: Filters
    age_rule: str


@dataclass(frozen=True, slots=True)
class CellFilter:
    """What stands behind a cell on a day, for the list of learners or classes a person opens from it."""

    measure: Measure
    filters: Mapping[str, Condition]
    age_on: datetime.date


@dataclass(frozen=True, slots=True)
class FormBindings:
    form: str
    edition: str
    cells: Mapping[CellAddress, Binding]
    notes: Mapping[str, str]


def parse_bindings(raw: Raw, layout: FormLayout) -> FormBindings:
    """Resolve the bindings of a form against its layout.

    Raises: BindingInvalid.
    """
    _only(raw, FORM_KEYS, where="bindings")
    if (raw["form"], raw["edition"]) != (layout.code, layout.edition):
        raise BindingInvalid(f"Bindings of {raw['form']} {raw['edition']} do not fit {layout.code} {layout.edition}")
    cells: dict[CellAddress, Binding] = {}
    notes: dict[str, str] = {}
    for code, section in raw["sections"].items():
        where = f"{layout.code}, section {code}"
        _only(section, SECTION_KEYS, where=where)
        notes[code] = str(section.get("note", ""))
        base = parse_filters(section.get("where", {}), where=where)
        cells.update(_section_cells(layout, code, section, base, where=where))
        for copy, replaced in section.get("copies", {}).items():
            own = base | parse_filters(replaced, where=where)
            cells.update(_section_cells(layout, copy, section, own, where=f"{layout.code}, section {copy}"))
    return FormBindings(layout.code, layout.edition, cells, notes)


def load_bindings(layout: FormLayout) -> FormBindings:
    """The bindings shipped for this edition; a form without any is filled by people alone."""
    raw = _binding_files().get((layout.code, layout.edition))
    return parse_bindings(raw, layout) if raw else FormBindings(layout.code, layout.edition, {}, {})


@cache
def _binding_files() -> dict[tuple[str, str], Raw]:
    files = (load_yaml(path) for path in sorted((DATA / "bindings").glob("*.yaml")))
    return {(raw["form"], raw["edition"]): raw for raw in files}


def drill(layout: FormLayout, bindings: FormBindings, cell: CellAddress, *, as_of: datetime.date) -> CellFilter | None:
    """The filter behind a computed cell, or behind a sum whose parts differ in one dimension only; else None."""
    binding = bindings.cells.get(cell) or _joined(layout, bindings, cell)
    if binding is None:
        return None
    return CellFilter(binding.measure, dict(binding.filters), age_reference(binding.age_rule, as_of))


def _joined(layout: FormLayout, bindings: FormBindings, cell: CellAddress) -> Binding | None:
    for addends in sums_of(layout, cell):
        parts = [bindings.cells.get(addend) for addend in addends]
        known = [part for part in parts if part is not None]
        if known and len(known) == len(parts):
            return _union(known)
    return None


def _union(parts: list[Binding]) -> Binding | None:
    first = parts[0]
    dimensions = {name for part in parts for name in part.filters}
    differing = {
        name for name in dimensions if any(part.filters.get(name) != first.filters.get(name) for part in parts)
    }
    if len(differing) != 1 or any((part.measure, part.age_rule) != (first.measure, first.age_rule) for part in parts):
        return None
    (name,) = differing
    listed = [part.filters[name].listed if name in part.filters else None for part in parts]
    if any(values is None for values in listed):
        return None
    values = frozenset(value for values in listed for value in values or ())
    return Binding(first.measure, {**first.filters, name: Condition(values=values)}, first.age_rule)


def _section_cells(
    layout: FormLayout, code: str, raw: Raw, base: Filters, *, where: str
) -> Iterator[tuple[CellAddress, Binding]]:
    section = layout.section_by_code.get(code)
    age_rule = raw.get("age_on", "as_of")
    if section is None or age_rule not in AGE_RULES:
        raise BindingInvalid(f"{where}: no such section, or an unknown age_on {age_rule!r}")
    rows = _parts(raw["rows"], section.row_codes, where=f"{where}, rows")
    columns = _parts(raw["columns"], section.column_codes, where=f"{where}, columns")
    for row, (row_measure, row_filters) in rows.items():
        for column, (column_measure, column_filters) in columns.items():
            address = CellAddress(code, row, column)
            if address not in layout.open_cells:
                continue
            named = [name for name in (row_measure, column_measure) if name] or [raw.get("measure", "")]
            if len(named) != 1 or named[0] not in list(Measure):
                raise BindingInvalid(f"{where}: cell {row}/{column} has no single known measure: {named}")
            filters = merge_filters(base, row_filters, column_filters)
            binding = Binding(Measure(named[0]), filters, age_rule)
            _sound(binding, where=f"{where}, cell {row}/{column}")
            yield address, binding


def _parts(raw: Raw, known: tuple[str, ...], *, where: str) -> dict[str, tuple[str, Filters]]:
    if unknown := set(raw) - set(known):
        raise BindingInvalid(f"{where}: not in the layout: {sorted(unknown)}")
    for code, part in raw.items():
        _only(part, PART_KEYS, where=f"{where} {code}")
    return {
        code: (part.get("measure", ""), parse_filters(part.get("where", {}), where=f"{where} {code}"))
        for code, part in raw.items()
    }


def _sound(binding: Binding, *, where: str) -> None:
    allowed = LEARNER_DIMENSIONS if binding.measure.counts_learners else GROUP_DIMENSIONS
    if unknown := set(binding.filters) - allowed:
        raise BindingInvalid(f"{where}: {binding.measure} knows no {sorted(unknown)}")
    if any(condition.is_contradiction for condition in binding.filters.values()):
        raise BindingInvalid(f"{where}: the filters of row and column exclude each other")
    if binding.measure is Measure.PERSONS:
        loose = {
            name
            for name, condition in binding.filters.items()
            if name not in PERSON_DIMENSIONS and len(condition.listed or ()) != 1
        }
        if loose:
            raise BindingInvalid(f"{where}: distinct people cannot be added up over {sorted(loose)}")


def _only(raw: Raw, allowed: frozenset[str], *, where: str) -> None:
    if unknown := set(raw) - allowed:
        raise BindingInvalid(f"{where}: unknown keys {sorted(unknown)}")
