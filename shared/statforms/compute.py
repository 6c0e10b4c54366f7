"""Computing a form: facts of a scope and a day in, cells and findings out, entirely in memory.

Queries: one of learners for each reference date of ages, one more where distinct people are counted (they cannot be
added up from places), one of classes and groups.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.statforms.bindings import Binding, FormBindings, Measure
from shared.statforms.catalog import CellAddress, Confidence, FormLayout
from shared.statforms.conditions import Filters, unmet
from shared.statforms.controls import Finding, broken_checks, fill_sums, filled_where_closed
from shared.statforms.cube import (
    GROUP_DIMENSIONS,
    PERSON_DIMENSIONS,
    FactSource,
    GroupFact,
    LearnerRow,
    Unit,
    UnitIndex,
    age_reference,
    as_units,
    collapse,
)
from shared.statforms.gaps import Gap, gap_findings


class Source(StrEnum):
    COMPUTED = "computed"
    ENTERED = "entered"
    SUMMED = "summed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One open cell of the sheet; a None value means that nobody could compute or enter it yet."""

    address: CellAddress
    value: int | None
    source: Source
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ComputedForm:
    form: str
    edition: str
    as_of: datetime.date
    scope: str
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]

    @property
    def values(self) -> dict[CellAddress, int | None]:
        return {cell.address: cell.value for cell in self.cells}


@dataclass(frozen=True, slots=True)
class _Count:
    """What counting one cell gave: a number, or the dimensions that kept it open."""

    value: int = 0
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Facts:
    """Everything fetched for a form, ready for counting."""

    units: UnitIndex
    places: Mapping[datetime.date, list[LearnerRow]]
    people: Mapping[tuple[datetime.date, frozenset[str]], list[LearnerRow]]
    collapsed: dict[tuple[datetime.date, tuple[str, ...]], Counter[tuple[str, ...]]] = field(default_factory=dict)

    def places_by(self, day: datetime.date, dims: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        if (day, dims) not in self.collapsed:
            self.collapsed[(day, dims)] = collapse(self.places[day], dims)
        return self.collapsed[(day, dims)]


def compute(
    layout: FormLayout, bindings: FormBindings, source: FactSource, *, as_of: datetime.date, scope_label: str
) -> ComputedForm:
    """Compute every cell of the form that has a binding or follows from a stated sum, and check the sheet."""
    days = _reference_days(bindings, as_of)
    facts = _fetch(bindings, source, days)
    counts = {
        address: _count(binding, facts, days)
        for address, binding in bindings.cells.items()
        if address in layout.open_cells
    }
    values: dict[CellAddress, int | None] = dict.fromkeys(layout.open_cells)
    values.update({address: None if count.missing else count.value for address, count in counts.items()})
    summed = fill_sums(layout, values, fixed=frozenset(counts))
    values.update(summed)
    sources = dict.fromkeys(counts, Source.COMPUTED) | dict.fromkeys(summed, Source.SUMMED)
    gaps = [
        Gap(address, count.missing, bindings.cells[address].filters)
        for address, count in counts.items()
        if count.missing
    ]
    return ComputedForm(
        form=layout.code,
        edition=layout.edition,
        as_of=as_of,
        scope=scope_label,
        cells=tuple(
            Cell(address, values[address], sources.get(address, Source.ENTERED), confidence)
            for address, confidence in layout.open_cells.items()
        ),
        findings=(
            *gap_findings(gaps, facts.units),
            *broken_checks(layout, values),
            *filled_where_closed(layout, values),
        ),
    )


def groups_behind(filters: Filters, facts: Iterable[GroupFact]) -> tuple[GroupFact, ...]:
    """The classes or groups counted in a cell of a group measure, for the list that opens from it."""
    own = {name: condition for name, condition in filters.items() if name in GROUP_DIMENSIONS}
    return tuple(unit.fact for unit in as_units(facts) if unmet(own, unit.key) == frozenset())


def _reference_days(bindings: FormBindings, as_of: datetime.date) -> dict[str, datetime.date]:
    """The reference day of each age rule. A cell without ages may use any query, so it joins the day others need."""
    rules = {b.age_rule for b in bindings.cells.values() if b.measure.counts_learners and "age" in b.filters}
    days = {rule: age_reference(rule, as_of) for rule in rules}
    return days | {"": min(days.values(), default=as_of)}


def _day(binding: Binding, days: Mapping[str, datetime.date]) -> datetime.date:
    return days[binding.age_rule if "age" in binding.filters else ""]


def _fetch(bindings: FormBindings, source: FactSource, days: Mapping[str, datetime.date]) -> _Facts:
    dims: defaultdict[datetime.date, set[str]] = defaultdict(set)
    people: dict[tuple[datetime.date, frozenset[str]], list[LearnerRow]] = {}
    for binding in bindings.cells.values():
        if binding.measure is Measure.ENROLLMENTS:
            dims[_day(binding, days)] |= set(binding.filters)
        elif binding.measure is Measure.PERSONS:
            people[_people_query(binding, days)] = []
    kinds = _program_kinds(bindings)
    for day, grouped in people:
        people[(day, grouped)] = list(source.learners(grouped, age_on=day, with_people=True, program_kinds=kinds))
    places = {
        day: list(source.learners(frozenset(names), age_on=day, program_kinds=kinds)) for day, names in dims.items()
    }
    units = as_units(source.groups()) if bindings.cells else ()
    return _Facts(UnitIndex(units), places, people)


def _program_kinds(bindings: FormBindings) -> frozenset[str] | None:
    """The kinds of programs the form is about, where every cell of learners names them; else None."""
    learners = [binding for binding in bindings.cells.values() if binding.measure.counts_learners]
    listed = [b.filters["program_kind"].listed if "program_kind" in b.filters else None for b in learners]
    if any(kinds is None for kinds in listed):
        return None
    return frozenset(kind for kinds in listed for kind in kinds or ())


def _people_query(binding: Binding, days: Mapping[str, datetime.date]) -> tuple[datetime.date, frozenset[str]]:
    """Distinct people are exact only in a grouping by what the cell fixes and by what a person has one of."""
    return _day(binding, days), frozenset(binding.filters) | PERSON_DIMENSIONS


def _count(binding: Binding, facts: _Facts, days: Mapping[str, datetime.date]) -> _Count:
    if binding.measure is Measure.ENROLLMENTS:
        dims = tuple(sorted(binding.filters))
        cube = facts.places_by(_day(binding, days), dims)
        return _tally(binding.filters, ((dict(zip(dims, key, strict=True)), number) for key, number in cube.items()))
    if binding.measure is Measure.PERSONS:
        rows = facts.people[_people_query(binding, days)]
        return _tally(binding.filters, ((key, persons) for key, _enrollments, persons in rows))
    return _count_units(binding, facts.units)


def _tally(filters: Filters, counted: Iterable[tuple[Mapping[str, str], int]]) -> _Count:
    total, missing = 0, frozenset[str]()
    for key, number in counted:
        open_dimensions = unmet(filters, key) if number else None
        if open_dimensions is None:
            continue
        if open_dimensions:
            missing |= open_dimensions
        else:
            total += number
    return _Count(total, missing)


def _count_units(binding: Binding, units: UnitIndex) -> _Count:
    matching: list[Unit] = []
    missing = frozenset[str]()
    for key, alike in units.by(frozenset(binding.filters)):
        open_dimensions = unmet(binding.filters, key)
        if open_dimensions is not None:
            missing |= open_dimensions
            matching += alike
    in_sets = [unit for unit in matching if unit.fact.class_set]
    numbers = {
        Measure.GROUPS: len(matching),
        Measure.GROUP_UNITS: len({unit.unit_id for unit in matching}),
        Measure.CLASS_SETS: len({unit.unit_id for unit in in_sets}),
        Measure.CLASSES_IN_SETS: len(in_sets),
    }
    return _Count(numbers[binding.measure], missing)
