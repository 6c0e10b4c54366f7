"""Findings about cells that stay empty because an attribute is not filled in, with the classes and groups to blame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.statforms.catalog import CellAddress
from shared.statforms.conditions import Filters, unmet
from shared.statforms.controls import Finding, Severity
from shared.statforms.cube import GROUP_DIMENSIONS, Unit, UnitIndex

NAMED_GROUPS = 10
"""How many groups a finding names before it only counts them."""

DIMENSION_LABELS = {
    "age_band": "возрастная категория группы",
    "citizenship": "гражданство",
    "class_type": "вид класса",
    "direction": "направленность программы",
    "financing": "источник финансирования",
    "first_grade_year": "год обучения в первом классе",
    "form_of_education": "форма получения образования",
    "form_of_study": "форма обучения",
    "grade": "параллель",
    "group_orientation": "направленность группы",
    "is_small": "тип местности (городская, сельская)",
    "program_kind": "вид программы",
    "program_years": "срок освоения программы",
    "shift": "смена",
    "stay_regime": "режим пребывания",
    "supplementary_kind": "вид дополнительной программы",
    "unit_grade": "параллель",
    "urban_rural": "тип местности (городская, сельская)",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A bound cell without a value, the dimensions that kept it open and its filters."""

    cell: CellAddress
    missing: frozenset[str]
    filters: Filters


def gap_findings(gaps: Sequence[Gap], units: UnitIndex) -> Iterator[Finding]:
    """One warning for a section and an attribute: its empty cells and the groups that lack the attribute."""
    by_attribute: defaultdict[tuple[str, str], list[Gap]] = defaultdict(list)
    for gap in gaps:
        for dimension in sorted(gap.missing):
            by_attribute[(gap.cell.section, dimension)].append(gap)
    for (section, dimension), affected in by_attribute.items():
        label = DIMENSION_LABELS.get(dimension, dimension)
        lacking = _lacking(affected, dimension, units)
        yield Finding(
            severity=Severity.WARNING,
            control=f"{section}: {dimension}",
            cells=tuple(gap.cell for gap in affected),
            message=(
                f"Раздел {section}: часть клеток не посчитана, не хватает сведений «{label}»{_named(lacking)}."
                " Заполните сведения и посчитайте форму заново."
            ),
        )


def _lacking(gaps: Iterable[Gap], dimension: str, units: UnitIndex) -> list[Unit]:
    """Groups that may belong to one of the cells and lack the attribute.

    Filters about learners (sex, age) say nothing about a group, so they are left out of the question.
    """
    questions = {
        frozenset((name, condition) for name, condition in gap.filters.items() if name in GROUP_DIMENSIONS)
        for gap in gaps
    }
    lacking: dict[str, Unit] = {}
    for question in questions:
        filters = dict(question)
        for key, alike in units.by(frozenset(filters)):
            if dimension in (unmet(filters, key) or ()):
                lacking.update((unit.fact.group_id, unit) for unit in alike)
    return sorted(lacking.values(), key=_label)


def _named(units: Sequence[Unit]) -> str:
    if not units:
        return " у отдельных мест"
    names = [_label(unit) for unit in units[:NAMED_GROUPS]]
    rest = f" и ещё {len(units) - NAMED_GROUPS}" if len(units) > NAMED_GROUPS else ""
    return f" у классов и групп ({len(units)}): {', '.join(names)}{rest}"


def _label(unit: Unit) -> str:
    fact = unit.fact
    return f"{fact.name} ({fact.organization_name or fact.organization_id})"
