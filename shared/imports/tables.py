"""A staged spreadsheet: one file read into headers and rows of text, whatever program saved it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from shared.kernel.cells import original

from .csv_text import decode, find_delimiter, read_csv
from .errors import (
    FileEmpty,
    FileTooLarge,
    FileWithoutRows,
    HeaderMissing,
    HeadersRepeated,
    NotATable,
    TooManyRows,
)
from .headers import repeated_headers
from .workbooks import OLE, ZIP, read_workbook

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000

_VALUE = re.compile(r"[\d\s.,:/+()-]+")  # a date, a number, a phone: never a header
_FOREIGN = ((b"%PDF", "документ PDF"), (b"\x89PNG", "картинка"), (b"\xff\xd8\xff", "картинка"), (b"Rar!", "архив"))


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they stand in the file; blank rows are left out, ``numbers`` keeps the rows' own numbers.

    The one thing taken away is the apostrophe that marks «=…», «+7…» as text: our own files of refused rows carry it.
    A row is never shorter than the headers. It is longer only when there are values to the right of the last header.
    """

    headers: list[str]
    rows: list[list[str]]
    numbers: list[int]
    notes: list[str] = field(default_factory=list)

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with their numbers in the file; the first row of a sheet is 1."""
        return zip(self.numbers, self.rows, strict=True)


def read_table(source: Path | str | bytes, filename: str | None = None) -> Table:
    """Read CSV (UTF-8, cp1251, UTF-16; «;», «,» or tab) or the first sheet of a spreadsheet file.

    The kind of the file is told by its content, not by its name. ``filename`` is only for the sentences.
    Raises: FileUnreadable and its subclasses, each with one sentence.
    """
    name = filename or ("файл" if isinstance(source, bytes) else Path(source).name)
    content = _content(source, name)
    if content.startswith((ZIP, OLE)):
        records, notes = read_workbook(content, name, MAX_ROWS)
    else:
        text, encoding = decode(content, name)
        records = read_csv(text, find_delimiter(text), name)
        notes = [] if encoding == "UTF-8" else [f"Файл прочитан в кодировке {encoding}."]
    return _table(records, notes, name)


def _content(source: Path | str | bytes, filename: str) -> bytes:
    if not isinstance(source, bytes):
        with Path(source).open("rb") as file:
            source = file.read(MAX_BYTES + 1)
    if len(source) > MAX_BYTES:
        raise FileTooLarge(filename=filename, limit=MAX_BYTES // 1024 // 1024)
    if not source.strip():
        raise FileEmpty(filename=filename)
    for start, kind in _FOREIGN:
        if source.startswith(start):
            raise NotATable(filename=filename, kind=kind)
    return source


def _table(records: Iterable[list[str]], notes: list[str], filename: str) -> Table:
    written = (list(map(original, row)) for row in records)
    filled = ((number, row) for number, row in enumerate(written, start=1) if any(cell.strip() for cell in row))
    header_row, headers = next(filled, (0, []))
    if not headers:
        raise FileEmpty(filename=filename)
    _check_headers(headers, header_row, filename)
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, row in islice(filled, MAX_ROWS + 1):
        numbers.append(number)
        rows.append(_fitted(row, len(headers)))
    if not rows:
        raise FileWithoutRows(filename=filename)
    if len(rows) > MAX_ROWS:
        raise TooManyRows(filename=filename, limit=MAX_ROWS)
    return Table(headers, rows, numbers, [*notes, *_unnamed_columns(headers, rows)])


def _check_headers(headers: list[str], row: int, filename: str) -> None:
    for header in headers:
        if header.strip() and _VALUE.fullmatch(header):
            raise HeaderMissing(filename=filename, row=row, cell=header.strip())
    if repeated := repeated_headers(headers):
        raise HeadersRepeated(filename=filename, headers=", ".join(f"«{header}»" for header in repeated))


def _fitted(row: list[str], width: int) -> list[str]:
    if len(row) < width:
        return row + [""] * (width - len(row))
    while len(row) > width and not row[-1].strip():
        row.pop()
    return row


def _unnamed_columns(headers: list[str], rows: list[list[str]]) -> list[str]:
    return [
        f"У колонки {index + 1} нет заголовка, её значения не читались."
        for index, header in enumerate(headers)
        if not header.strip() and any(row[index].strip() for row in rows)
    ]
