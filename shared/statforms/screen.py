"""A computed form as the screen draws it: sections to go to, one sheet, its cells and its findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from shared.kernel.text import thousands
from shared.statforms.addresses import latin
from shared.statforms.asking import Asked
from shared.statforms.catalog import CellAddress, Section
from shared.statforms.compute import Cell, ComputedForm, Source
from shared.statforms.controls import Finding, Severity
from shared.statforms.sheets import CLOSED, Sheet, SheetRow, basis_of, sheets

OKEI = {"чел": "человек — 792", "ед": "единица — 642"}


@dataclass(frozen=True, slots=True)
class SectionLink:
    code: str
    title: str
    url: str
    address: str
    errors: int
    warnings: int
    is_computed: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    """``text`` of a button, or the sign of a closed cell; a cell people enter has neither."""

    text: str
    url: str
    look: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    title: str
    code: str
    look: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    severity: str
    where: str
    section: str
    message: str


@dataclass(frozen=True, slots=True)
class ShownSheet:
    code: str
    title: str
    address: str
    basis: str
    mark: str
    units: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    sections: tuple[SectionLink, ...]
    sheet: ShownSheet | None
    findings: tuple[ShownFinding, ...]
    errors: int
    warnings: int


def draw(asked: Asked, computed: ComputedForm, address: str) -> Screen:
    """The form with the section at ``address`` open: by default the first one the registry computes."""
    drawn = list(sheets(asked.layout, computed))
    computed_in = {cell.section for cell in asked.bindings.cells}
    chosen = next((sheet for sheet in drawn if latin(sheet.section.code) == address), None)
    chosen = chosen or next((sheet for sheet in drawn if sheet.section.code in computed_in), None) or _first(drawn)
    severities = Counter(finding.severity for finding in computed.findings)
    findings = tuple(map(_finding, computed.findings))
    return Screen(
        sections=tuple(_link(asked, sheet.section, computed, computed_in) for sheet in drawn),
        sheet=_sheet(asked, computed, chosen) if chosen else None,
        findings=tuple(finding for finding in findings if chosen and finding.section == chosen.section.code),
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
    )


def _first(drawn: list[Sheet]) -> Sheet | None:
    return drawn[0] if drawn else None


def _link(asked: Asked, section: Section, computed: ComputedForm, computed_in: set[str]) -> SectionLink:
    own = [finding for finding in computed.findings if _section_of(finding) == section.code]
    errors = sum(finding.severity is Severity.ERROR for finding in own)
    query = asked.query_for(asked.reach.chosen.code, section=latin(section.code))
    return SectionLink(
        code=section.code,
        title=section.title,
        url=f"{reverse('statforms:form', args=[asked.address])}?{query}",
        address=latin(section.code),
        errors=errors,
        warnings=len(own) - errors,
        is_computed=section.code in computed_in,
    )


def _sheet(asked: Asked, computed: ComputedForm, sheet: Sheet) -> ShownSheet:
    section = sheet.section
    looks = _looks(computed.findings)
    units = dict.fromkeys(OKEI[row.unit] for row in section.rows if row.unit in OKEI)
    return ShownSheet(
        code=section.code,
        title=section.title,
        address=latin(section.code),
        basis=basis_of(section),
        mark=sheet.mark,
        units="; ".join(units),
        columns=tuple((title, column.code) for title, column in sheet.columns),
        rows=tuple(_row(asked, row, looks) for row in sheet.rows),
    )


def _row(asked: Asked, row: SheetRow, looks: dict[CellAddress, str]) -> ShownRow:
    known = [cell for cell in row.cells if cell is not None and cell.source is not Source.ENTERED]
    is_sum = bool(known) and all(cell.source is Source.SUMMED for cell in known)
    return ShownRow(row.title, row.row.code, "is-sum" if is_sum else "", tuple(_cells(asked, row, looks)))


def _cells(asked: Asked, row: SheetRow, looks: dict[CellAddress, str]) -> Iterable[ShownCell]:
    for cell in row.cells:
        if cell is None:
            yield ShownCell(CLOSED, "", "x", "")
        elif cell.source is Source.ENTERED:
            yield ShownCell("", "", "", "")
        else:
            look = looks.get(cell.address, "zero" if cell.value == 0 else "")
            yield ShownCell(_text(cell), f"{cell_url(asked, cell.address)}?{asked.query}", look, _label(cell))


def cell_url(asked: Asked, cell: CellAddress, name: str = "statforms:cell") -> str:
    return reverse(name, args=[asked.address, *map(latin, cell)])


def _text(cell: Cell) -> str:
    return "—" if cell.value is None else thousands(cell.value)


def _label(cell: Cell) -> str:
    value = "не посчитано" if cell.value is None else thousands(cell.value)
    return f"Строка {cell.address.row}, графа {cell.address.column}: {value}"


def _looks(findings: Iterable[Finding]) -> dict[CellAddress, str]:
    looks: dict[CellAddress, str] = {}
    for finding in sorted(findings, key=lambda found: found.severity is Severity.ERROR):
        look = "is-bad" if finding.severity is Severity.ERROR else "is-warn"
        looks.update(dict.fromkeys(finding.cells, look))
    return looks


def _section_of(finding: Finding) -> str:
    return finding.cells[0].section if finding.cells else ""


def _finding(finding: Finding) -> ShownFinding:
    first = finding.cells[0] if finding.cells else None
    where = f"стр. {first.row}, гр. {first.column}" if first and len(finding.cells) <= 2 else ""
    return ShownFinding(finding.severity.value, where, _section_of(finding), finding.message)
