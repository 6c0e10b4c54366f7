"""Rows of the first sheet of a spreadsheet file (XLSX, XLSB, old XLS, ODS) as text."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from shared.documents.archives import ZIP as ZIP
from shared.documents.archives import members
from shared.documents.errors import ArchiveRefused, UploadDamaged

from .errors import (
    FileEmpty,
    FileEncrypted,
    FileUnreadable,
    NotATable,
    TooManyColumns,
    TooManyRows,
    UnpacksTooLarge,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_COLUMNS = 702  # up to column ZZ

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FAR_CELL = re.compile(rb'\br="(?:(?P<column>[A-Z]{3,})\d+|[A-Z]{1,2}(?P<row>\d{6,}))"')
_CHUNK = 1024 * 1024
_LONGEST_MATCH = 32

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def read_workbook(content: bytes, filename: str, max_rows: int) -> tuple[Iterator[list[str]], list[str]]:
    """Rows of the first sheet, blank ones above the table included, and what the person should know.

    Raises: FileEncrypted, FileEmpty, FileUnreadable, NotATable, TooManyColumns, TooManyRows, UnpacksTooLarge.
    """
    if content.startswith(ZIP):
        _refuse_giants(content, filename, max_rows)
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise FileEncrypted(filename=filename)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if not names:
            raise FileEmpty(filename=filename)
        rows = workbook.get_sheet_by_index(0).iter_rows()
    except PasswordError:
        raise FileEncrypted(filename=filename) from None
    except (ZipError, XmlError):
        raise FileUnreadable(filename=filename) from None
    except CalamineError:
        raise NotATable(filename=filename, kind="документ другого вида или повреждённый файл") from None
    notes = [f"Прочитан первый лист «{names[0]}», остальные листы не читались."] if len(names) > 1 else []
    # Most cells are texts, and a file has a million of them.
    return ([cell if type(cell) is str else cell_text(cell) for cell in row] for row in rows), notes


def cell_text(cell: Cell) -> str:
    """A cell as a person would type it: days as ISO dates, whole numbers without «.0», truth as «да» and «нет»."""
    match cell:
        case bool():
            return "да" if cell else "нет"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case _:
            return str(cell)  # a moment is written ISO with a space, a text as it is


def _refuse_giants(content: bytes, filename: str, max_rows: int) -> None:
    """Stop an archive that unpacks into gigabytes and a sheet with a cell far away from its table.

    The reader keeps a sheet as one rectangle, so a single stray cell in the last row and column would take all memory.
    """
    try:
        members(content, filename)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if _SHEET.fullmatch(entry.filename):
                    with archive.open(entry) as sheet:
                        _refuse_far_cells(sheet, filename, max_rows)
    except ArchiveRefused:
        raise UnpacksTooLarge(filename=filename) from None
    except (UploadDamaged, zipfile.BadZipFile, NotImplementedError):
        raise FileUnreadable(filename=filename) from None
    except RuntimeError:  # the archive itself asks for a password
        raise FileEncrypted(filename=filename) from None


def _refuse_far_cells(sheet: IO[bytes], filename: str, max_rows: int) -> None:
    tail = b""
    while chunk := sheet.read(_CHUNK):
        for cell in _FAR_CELL.finditer(tail + chunk):
            if cell["column"]:
                raise TooManyColumns(filename=filename, limit=MAX_COLUMNS)
            if int(cell["row"]) > max_rows + 1:
                raise TooManyRows(filename=filename, limit=max_rows)
        tail = chunk[-_LONGEST_MATCH:]
