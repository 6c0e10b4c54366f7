"""The workbook of a form: one sheet a section as the form is drawn, and a last sheet with the findings.

The generic table writer of :mod:`shared.documents.xlsx` knows one flat table; a form has numbered rows, a row of column
codes and closed cells, so its sheets are drawn here with the same imprint above them.
"""

from __future__ import annotations

from typing import IO, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shared.documents.imprint import Imprint
from shared.statforms.catalog import FormLayout
from shared.statforms.compute import Cell, ComputedForm
from shared.statforms.controls import Severity
from shared.statforms.sheets import CLOSED, Sheet, SheetRow, basis_of, sheets

SEVERITY_LABELS = {Severity.ERROR: "Ошибка", Severity.WARNING: "Предупреждение"}
NOT_IN_PAGE_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
FIRST_VALUE = 2
"""Values begin after the row title and the row code."""


class Formats(NamedTuple):
    bold: Format
    quiet: Format
    mark: Format
    head: Format
    text: Format
    code: Format
    number: Format
    closed: Format


def write_form_workbook(stream: IO[bytes], layout: FormLayout, computed: ComputedForm, *, imprint: Imprint) -> None:
    """Write the whole form; sections without cells are left out."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(
            {
                "title": f"Форма № {layout.code}",
                "author": imprint.executor,
                "company": imprint.organization,
                "created": imprint.made_at.replace(tzinfo=None),
            }
        )
        formats = _formats(book)
        for sheet in sheets(layout, computed):
            page = book.add_worksheet(_page_name(sheet.section.code))
            _write_section(page, sheet, layout, computed, imprint, formats)
        _write_findings(book.add_worksheet("Замечания"), computed, formats)


def _page_name(section: str) -> str:
    """A sheet is called after its section without the signs that the format forbids."""
    return f"Раздел {section}".translate(NOT_IN_PAGE_NAME)[:31]


def _write_section(
    page: Worksheet, sheet: Sheet, layout: FormLayout, computed: ComputedForm, imprint: Imprint, formats: Formats
) -> None:
    top = _write_head(page, sheet, layout, computed, imprint, formats)
    page.set_column(0, 0, 44)
    page.set_column(1, 1, 9)
    page.set_column(FIRST_VALUE, FIRST_VALUE + len(sheet.columns) - 1, 13)
    page.write_string(top, 0, "Наименование", formats.head)
    page.write_string(top, 1, "№ строки", formats.head)
    page.write_string(top + 1, 0, "1", formats.code)
    page.write_string(top + 1, 1, "2", formats.code)
    for index, (title, column) in enumerate(sheet.columns, start=FIRST_VALUE):
        page.write_string(top, index, title, formats.head)
        page.write_string(top + 1, index, column.code, formats.code)
    for line, row in enumerate(sheet.rows, start=top + 2):
        _write_row(page, line, row, formats)
    page.freeze_panes(top + 2, FIRST_VALUE)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(top, top + 1)
    page.set_footer("&RСтр. &P из &N")


def _write_head(
    page: Worksheet, sheet: Sheet, layout: FormLayout, computed: ComputedForm, imprint: Imprint, formats: Formats
) -> int:
    """Write the imprint and the heading; returns the row where the table begins."""
    lines = [
        (f"{imprint.system}. {imprint.organization}", formats.quiet),
        (f"Форма № {layout.code}, редакция {layout.edition}, состояние на {computed.as_of:%d.%m.%Y}", formats.quiet),
        (f"Раздел {sheet.section.code}. {sheet.section.title}", formats.bold),
        (basis_of(sheet.section), formats.quiet),
        (sheet.mark, formats.mark),
        (layout.warning, formats.mark),
        (imprint.made_text, formats.quiet),
        (imprint.filters, formats.quiet),
    ]
    shown = [(text, line_format) for text, line_format in lines if text]
    for line, (text, line_format) in enumerate(shown):
        page.write_string(line, 0, text, line_format)
    return len(shown) + 1


def _write_row(page: Worksheet, line: int, row: SheetRow, formats: Formats) -> None:
    page.write_string(line, 0, row.title, formats.text)
    page.write_string(line, 1, row.row.code, formats.code)
    for index, cell in enumerate(row.cells, start=FIRST_VALUE):
        _write_cell(page, line, index, cell, formats)


def _write_cell(page: Worksheet, line: int, index: int, cell: Cell | None, formats: Formats) -> None:
    if cell is None:
        page.write_string(line, index, CLOSED, formats.closed)
    elif cell.value is None:
        page.write_blank(line, index, None, formats.number)
    else:
        page.write_number(line, index, cell.value, formats.number)


def _write_findings(page: Worksheet, computed: ComputedForm, formats: Formats) -> None:
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 40)
    page.set_column(2, 2, 100)
    for index, title in enumerate(("Важность", "Контроль", "Замечание")):
        page.write_string(0, index, title, formats.head)
    if not computed.findings:
        page.write_string(1, 0, "Замечаний нет.", formats.text)
    for line, finding in enumerate(computed.findings, start=1):
        page.write_string(line, 0, SEVERITY_LABELS[finding.severity], formats.text)
        page.write_string(line, 1, finding.control, formats.text)
        page.write_string(line, 2, finding.message, formats.text)


def _formats(book: xlsxwriter.Workbook) -> Formats:
    table = {"border": 1, "valign": "top"}
    return Formats(
        bold=book.add_format({"bold": True, "font_size": 13}),
        quiet=book.add_format({"font_color": "#444444"}),
        mark=book.add_format({"bold": True, "font_color": "#8A4B00"}),
        head=book.add_format({**table, "bold": True, "text_wrap": True, "bg_color": "#EEF2F6"}),
        text=book.add_format({**table, "text_wrap": True}),
        code=book.add_format({**table, "align": "center", "num_format": "@"}),
        number=book.add_format({**table, "num_format": "# ##0"}),
        closed=book.add_format({**table, "align": "center", "font_color": "#777777"}),
    )
