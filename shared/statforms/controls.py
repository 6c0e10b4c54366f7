"""Checks at work on the values of a sheet: sums that fill empty totals, and findings where a check is broken.

Both are pure functions over ``{address: value}``, so computed and entered sheets go through the same controls. A closed
cell is absent and counts as nothing; an empty cell (None) makes a sum unknown and a check silent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.statforms.catalog import CellAddress, FormLayout, Section
from shared.statforms.checks import Check, Span, Term

Values = Mapping[CellAddress, int | None]
Weighted = tuple[tuple[int, CellAddress], ...]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a control has to say, with the cells it is about. ``control`` is stable and names the control."""

    severity: Severity
    control: str
    cells: tuple[CellAddress, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Instance:
    """A check on concrete open cells."""

    section: str
    check: Check
    left: Weighted
    right: Weighted

    @property
    def cells(self) -> tuple[CellAddress, ...]:
        return tuple(address for _factor, address in self.left + self.right)


def instances(layout: FormLayout) -> Iterator[Instance]:
    """Every check of the layout on every row or column it holds for; an instance without open cells is dropped."""
    for section in layout.sections:
        for check in section.checks:
            for step in range(_length(layout, section, check)):
                yield from _spread(layout, section, check, step)


def sums_of(layout: FormLayout, cell: CellAddress) -> tuple[tuple[CellAddress, ...], ...]:
    """The stated sums of the form for a total: one tuple of addends for each."""
    return tuple(addends for total, addends in _sums(layout) if total == cell)


def fill_sums(layout: FormLayout, values: Values, *, fixed: frozenset[CellAddress]) -> dict[CellAddress, int]:
    """Totals that follow from stated sums whose addends are all known, for empty cells outside ``fixed``."""
    found: dict[CellAddress, int] = {}
    sums = [(total, addends) for total, addends in _sums(layout) if total not in fixed and values.get(total) is None]
    is_growing = True
    while is_growing:
        is_growing = False
        for total, addends in sums:
            parts = [found.get(addend, values.get(addend)) for addend in addends]
            known = [part for part in parts if part is not None]
            if total not in found and len(known) == len(parts):
                found[total] = sum(known)
                is_growing = True
    return found


def broken_checks(layout: FormLayout, values: Values) -> Iterator[Finding]:
    """Stated checks that do not hold are errors, assumed ones warnings."""
    for instance in instances(layout):
        left, right = _total(instance.left, values), _total(instance.right, values)
        if left is None or right is None or instance.check.holds(left, right):
            continue
        check = instance.check
        yield Finding(
            severity=Severity.ERROR if check.is_stated else Severity.WARNING,
            control=f"{instance.section}: {check.text}",
            cells=instance.cells,
            message=(
                f"Раздел {instance.section}: не выполняется контроль «{_in_russian(instance)}»: слева {left},"
                f" справа {right}. Проверьте значения и данные, из которых они сложились."
            ),
        )


def filled_where_closed(layout: FormLayout, values: Values) -> Iterator[Finding]:
    """A value in a cell that is probably closed (х) in the official form."""
    for cell in sorted(layout.assumed_closed):
        if values.get(cell):
            yield Finding(
                severity=Severity.WARNING,
                control=f"{cell.section}: closed_assumed",
                cells=(cell,),
                message=(
                    f"Раздел {cell.section}, строка {cell.row}, графа {cell.column}: в официальной форме клетка,"
                    f" скорее всего, закрыта, а значение равно {values[cell]}. Проверьте срок освоения программы"
                    " у этих классов."
                ),
            )


def _sums(layout: FormLayout) -> Iterator[tuple[CellAddress, tuple[CellAddress, ...]]]:
    """Stated equalities of one total with plain addends inside one section."""
    for instance in instances(layout):
        check = instance.check
        is_local = all(address.section == instance.section for address in instance.cells)
        factors = {factor for factor, _address in instance.left + instance.right}
        if check.is_stated and check.relation == "=" and is_local and len(instance.left) == 1 and factors == {1}:
            yield instance.left[0][1], tuple(address for _factor, address in instance.right)


def _total(side: Weighted, values: Values) -> int | None:
    total = 0
    for factor, address in side:
        value = values.get(address)
        if value is None:
            return None
        total += factor * value
    return total


def _spread(layout: FormLayout, section: Section, check: Check, step: int) -> Iterator[Instance]:
    """One step of the series over the rows and columns the check leaves open."""
    references = [term.reference for term in check.terms]
    rows = section.row_codes if any(reference.rows is None for reference in references) else ("",)
    columns = section.column_codes if any(reference.columns is None for reference in references) else ("",)
    for row in rows:
        for column in columns:
            sides = [_side(layout, section, terms, step, row, column) for terms in (check.left, check.right)]
            if all(sides):
                yield Instance(section.code, check, *sides)


def _side(layout: FormLayout, section: Section, terms: tuple[Term, ...], step: int, row: str, column: str) -> Weighted:
    """The open cells of one side; empty when the side reaches nothing that exists."""
    found: list[tuple[int, CellAddress]] = []
    for term in terms:
        home = layout.section_by_code.get(term.reference.section, section if not term.reference.section else None)
        if home is None:
            return ()
        rows = _codes(home.row_codes, term.reference.rows, row, step, is_total=term.is_total)
        columns = _codes(home.column_codes, term.reference.columns, column, step, is_total=term.is_total)
        cells = [CellAddress(home.code, r, c) for r in rows for c in columns]
        found += [(term.factor, cell) for cell in cells if cell in layout.open_cells]
    return tuple(found)


def _codes(known: tuple[str, ...], span: Span | None, current: str, step: int, *, is_total: bool) -> tuple[str, ...]:
    if span is None:
        return (current,)
    codes = between(known, span)
    return codes if is_total or span.is_single else codes[step : step + 1]


def between(known: tuple[str, ...], span: Span) -> tuple[str, ...]:
    """All codes of the span in the order of the form; nothing when an end of it does not exist."""
    if span.first not in known or span.last not in known:
        return ()
    return known[known.index(span.first) : known.index(span.last) + 1]


def _length(layout: FormLayout, section: Section, check: Check) -> int:
    """How many parallel steps a series has; a check without a series has one."""
    lengths = {1}
    for term in check.terms:
        home = layout.section_by_code.get(term.reference.section, section)
        for span, known in ((term.reference.rows, home.row_codes), (term.reference.columns, home.column_codes)):
            if span is not None and not span.is_single and not term.is_total:
                lengths.add(len(between(known, span)))
    return max(lengths)


def _in_russian(instance: Instance) -> str:
    """The check in words: «стр. 01 гр. 3 = стр. 02 гр. 3 + стр. 03 гр. 3»."""
    sides = (_side_in_russian(instance.left, instance.section), _side_in_russian(instance.right, instance.section))
    return f" {instance.check.relation} ".join(sides)


def _side_in_russian(side: Weighted, home: str) -> str:
    text = ""
    for factor, address in side:
        sign = " - " if factor < 0 else " + "
        times = f"{abs(factor)} × " if abs(factor) != 1 else ""
        section = "" if address.section == home else f"разд. {address.section} "
        text += f"{sign if text else ''}{times}{section}стр. {address.row} гр. {address.column}"
    return text
