"""The uploaded file with its errors marked in the cells: it is corrected and uploaded as it is."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shared.imports.headers import header_key
from shared.kernel.cells import FORMULA_STARTS
from tenants.cards.files.kinds import ERRORS_HEADER, file_kinds
from tenants.cards.files.models import CardFile, CardFileRow
from tenants.cards.files.quoted import told
from tenants.cards.files.workbook import SHEET, safe

_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST: Final = 32_767
_FIELD_WIDTH: Final = 18
_ERRORS_WIDTH: Final = 70
Problems = Sequence[tuple[str, str]]


def marked_workbook(run: CardFile, *, may_identify: bool) -> tuple[bytes, int]:
    """XLSX of every row that still has its cells, errors red with a note, and the number of rows.

    Values stand as they were brought, so it is for who brought them, or may see them on the cards (``may_identify``);
    the last column says the errors of the row in words and is never read back.
    """
    ours = header_key(ERRORS_HEADER)
    kept = [index for index, header in enumerate(run.headers) if header_key(header) != ours]
    rows = CardFileRow.objects.filter(run=run, cells__isnull=False).order_by("number")
    stream = io.BytesIO()
    count = 0
    with xlsxwriter.Workbook(stream, {**_OPTIONS, "default_date_format": "dd.mm.yyyy"}) as book:
        page = _Page(book, run, kept)
        for cells, problems in rows.values_list("cells", "problems").iterator(chunk_size=2000):
            count += 1
            page.add(count, cells or [], list(told(problems, may_identify=may_identify, is_mine=True)))
    return stream.getvalue(), count


class _Page:
    """The one sheet of the file."""

    def __init__(self, book: xlsxwriter.Workbook, run: CardFile, kept: Sequence[int]) -> None:
        self._sheet: Worksheet = book.add_worksheet(SHEET)
        self._kept = kept
        columns, fields = run.columns, file_kinds()[run.kind].columns
        self._labels = {code: fields[code].header for code in columns.values() if code in fields}
        self._place = {columns[index]: place for place, index in enumerate(kept) if index in columns}
        dated = {code for code, column in fields.items() if column.field.kind in ("date", "past_date")}
        self._dated = {place for code, place in self._place.items() if code in dated}
        self._formats = {
            (kind, is_wrong): book.add_format(
                {"num_format": shape, "valign": "top", "quote_prefix": kind == "quoted"}
                | ({"bg_color": "#F8C9C9"} if is_wrong else {})
            )
            for kind, shape in (("text", "@"), ("quoted", "@"), ("day", "dd.mm.yyyy"))
            for is_wrong in (False, True)
        }
        header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF2F6"})
        for place, index in enumerate(kept):
            self._sheet.set_column(place, place, _FIELD_WIDTH, self._formats["text", False])
            self._sheet.write_string(0, place, run.headers[index], header)
        self._words = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#9C1C1C"})
        self._sheet.set_column(len(kept), len(kept), _ERRORS_WIDTH)
        self._sheet.write_string(0, len(kept), ERRORS_HEADER, header)
        self._sheet.freeze_panes(1, 0)

    def add(self, row: int, cells: Sequence[str], problems: Problems) -> None:
        wrong = self._by_place(problems)
        for place, index in enumerate(self._kept):
            text = cells[index] if index < len(cells) else ""
            self._cell(row, place, text, is_wrong=place in wrong)
            if place in wrong:
                self._sheet.write_comment(row, place, wrong[place][:_LONGEST], {"x_scale": 2.5})
        if problems:
            said = [f"{self._labels[code]}: {why}" if code in self._labels else why for code, why in problems]
            self._sheet.write_string(row, len(self._kept), "\n".join(said)[:_LONGEST], self._words)

    def _by_place(self, problems: Problems) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for code, sentence in problems:
            if (place := self._place.get(code)) is not None:
                found[place] = f"{found[place]}\n{sentence}" if place in found else sentence
        return found

    def _cell(self, row: int, place: int, text: str, *, is_wrong: bool) -> None:
        if place in self._dated and _ISO.fullmatch(text):
            moment = datetime.datetime.fromisoformat(text)
            if moment.year >= 1901:
                self._sheet.write_datetime(row, place, moment, self._formats["day", is_wrong])
                return
        chosen: Format = self._formats["quoted" if text.startswith(FORMULA_STARTS) else "text", is_wrong]
        if text:
            self._sheet.write_string(row, place, safe(text), chosen)
        elif is_wrong:
            self._sheet.write_blank(row, place, None, chosen)
