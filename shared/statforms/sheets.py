"""A computed form as tables for people: the same view stands behind the screen, the workbook and the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.statforms.catalog import CellAddress, Column, Confidence, FormLayout, Row, Section
from shared.statforms.compute import Cell, ComputedForm

SECTION_MARK = "Макет раздела восстановлен, не официальный"
PARTS_MARK = "Строки и графы со знаком * восстановлены, в официальной форме они могут называться иначе"
PART_SIGN = "\u00a0*"
CLOSED = "х"
CONFIDENCE_LABELS = {
    Confidence.VERBATIM: "прочитан дословно",
    Confidence.PARTIAL: "прочитан частично",
    Confidence.RECONSTRUCTED: "восстановлен",
}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``cells`` follow the columns of the sheet; None stands for a closed cell."""

    row: Row
    title: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One section; ``mark`` says in words that the layout, or parts of it, are not official."""

    section: Section
    mark: str
    columns: tuple[tuple[str, Column], ...]
    rows: tuple[SheetRow, ...]

    @property
    def has_numbers(self) -> bool:
        return any(cell and cell.value for row in self.rows for cell in row.cells)


def sheets(layout: FormLayout, computed: ComputedForm) -> Iterator[Sheet]:
    """Every section that has cells; a copy for another form of study only when there is something in it."""
    cells = {cell.address: cell for cell in computed.cells}
    for section in layout.sections:
        rows = tuple(
            SheetRow(row, _marked(row.title, row.confidence, section), _row_cells(section, row, cells))
            for row in section.rows
        )
        columns = tuple((_marked(column.title, column.confidence, section), column) for column in section.columns)
        sheet = Sheet(section, mark_of(section), columns, rows)
        if rows and columns and (sheet.has_numbers or not section.is_copy):
            yield sheet


def basis_of(section: Section) -> str:
    """From which edition the section comes and how far its layout was read."""
    return f"Редакция раздела: {section.edition}. Макет {CONFIDENCE_LABELS[section.confidence]}."


def mark_of(section: Section) -> str:
    """What has to stand beside the section in every output; empty for a section that was read."""
    if section.confidence is Confidence.RECONSTRUCTED:
        return SECTION_MARK
    return PARTS_MARK if section.is_reconstructed else ""


def _marked(title: str, confidence: Confidence, section: Section) -> str:
    """A section reconstructed as a whole is marked once, in its heading."""
    is_part = confidence is Confidence.RECONSTRUCTED and section.confidence is not Confidence.RECONSTRUCTED
    return f"{title}{PART_SIGN}" if is_part else title


def _row_cells(section: Section, row: Row, cells: dict[CellAddress, Cell]) -> tuple[Cell | None, ...]:
    return tuple(cells.get(CellAddress(section.code, row.code, column.code)) for column in section.columns)
