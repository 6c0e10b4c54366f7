"""Tables as XLSX files, with the imprint above the table; a row is written and forgotten, so size costs no memory."""

import datetime
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shared.kernel.cells import FORMULA_STARTS

from .columns import Column, Value
from .imprint import Imprint

_LONGEST = 32_767  # characters in a cell, a limit of the format
_SHEET_NAME_LENGTH = 31
_NOT_IN_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NUMBER_FORMATS = {"text": "@", "int": "# ##0", "date": "dd.mm.yyyy", "share": "0.0%"}


def write_workbook(
    stream: IO[bytes], *, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], imprint: Imprint
) -> int:
    """Write one sheet and return the number of rows under its header.

    Text is always written as text: «=1+1» from a name or an order number is shown, never computed, also after editing.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, {**options, "default_date_format": "dd.mm.yyyy"}) as book:
        properties = {"title": title, "author": imprint.executor, "company": imprint.organization}
        book.set_properties({**properties, "created": _plain(imprint.made_at)})
        sheet = book.add_worksheet(_sheet_name(title))
        head = _write_imprint(sheet, book, title, imprint)
        _write_header(sheet, book, head, columns)
        formats = [book.add_format({"num_format": _NUMBER_FORMATS[column.kind], "valign": "top"}) for column in columns]
        quoted = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
        count = 0
        for count, row in enumerate(rows, start=1):
            for index, (value, cell_format) in enumerate(zip(row, formats, strict=True)):
                _write_cell(sheet, head + count, index, value, cell_format, quoted)
        sheet.autofilter(head, 0, head + count, len(columns) - 1)
        _prepare_print(sheet, head)
    return count


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value, cell_format: Format, quoted: Format) -> None:
    match value:
        case None | "":
            return
        case str():
            text_format = quoted if value.startswith(FORMULA_STARTS) else cell_format
            sheet.write_string(row, column, value[:_LONGEST], text_format)
        case bool():
            sheet.write_string(row, column, "да" if value else "нет", cell_format)
        case datetime.date():
            sheet.write_datetime(row, column, _plain(value), cell_format)
        case int() | float():
            sheet.write_number(row, column, value, cell_format)


def _write_imprint(sheet: Worksheet, book: xlsxwriter.Workbook, title: str, imprint: Imprint) -> int:
    """Write the lines above the table and return the row of the table's header."""
    bold, quiet = book.add_format({"bold": True, "font_size": 14}), book.add_format({"font_color": "#444444"})
    lines = [(f"{imprint.system}. {imprint.organization}", quiet), (title, bold), (imprint.made_text, quiet)]
    if imprint.filters:
        lines.append((imprint.filters, quiet))
    for row, (text, line_format) in enumerate(lines):
        sheet.write_string(row, 0, text[:_LONGEST], line_format)
    return len(lines) + 1


def _write_header(sheet: Worksheet, book: xlsxwriter.Workbook, row: int, columns: Sequence[Column]) -> None:
    header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF2F6"})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        sheet.write_string(row, index, column.title, header)
    sheet.freeze_panes(row + 1, 0)


def _prepare_print(sheet: Worksheet, head: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer("&RСтр. &P из &N")


def _sheet_name(title: str) -> str:
    return title.translate(_NOT_IN_SHEET_NAME)[:_SHEET_NAME_LENGTH].strip() or "Лист1"


def _plain(moment: datetime.date) -> datetime.datetime:
    """A spreadsheet knows no time zones: the hour that the person sees is kept."""
    if isinstance(moment, datetime.datetime):
        return moment.replace(tzinfo=None)
    return datetime.datetime.combine(moment, datetime.time())
