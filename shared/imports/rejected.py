"""The file of refused rows: what was wrong stands beside the row, the row can be corrected and imported as it is."""

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shared.kernel.cells import neutralized

from .csv_text import DELIMITERS
from .headers import header_key


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One refused row: its cells as they were, its number in the file, the field and the sentence."""

    values: Sequence[str]
    number: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class RejectedFormat:
    """How the file is written: delimiter and the three columns added to the original ones."""

    delimiter: str
    row: str
    field: str
    reason: str

    @property
    def marks(self) -> tuple[str, str, str]:
        return self.row, self.field, self.reason


CONTINGENT = RejectedFormat(";", "Строка", "Поле", "Причина")  # Source: INTERFACES 5
ORGANIZATIONS = RejectedFormat(",", "row", "field", "reason")  # Source: INTERFACES 4


def rejected_path(source: Path, folder: Path | None = None) -> Path:
    """``FILE.rejected.csv`` beside the file or in another folder."""
    return (folder or source.parent) / f"{source.name}.rejected.csv"


def write_rejected(
    path: Path, headers: Sequence[str], rows: Iterable[RejectedRow], form: RejectedFormat = CONTINGENT
) -> int:
    """Write refused rows, UTF-8 with BOM, and return their number; with none an older file is removed.

    A value that a spreadsheet would compute («=1+1», also «+7 918…») gets an apostrophe, which ``read_table`` takes
    away again, so it comes back as it was. The three columns of an earlier refusal are replaced, not doubled. Cells to
    the right of the last header stay to the right of the added columns.
    """
    marks = {header_key(mark) for mark in form.marks}
    kept = [index for index, header in enumerate(headers) if header_key(header) not in marks]
    new_headers = [*(headers[index] for index in kept), *form.marks]
    part = path.with_name(f"{path.name}.part")
    count = 0
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        # The delimiter is found in the header line, so another delimiter inside a header must stand in quotes.
        ambiguous = any(sign in header for header in new_headers for sign in DELIMITERS)
        quoting: Literal[0, 1] = csv.QUOTE_ALL if ambiguous else csv.QUOTE_MINIMAL
        csv.writer(file, delimiter=form.delimiter, quoting=quoting).writerow(map(neutralized, new_headers))
        writer = csv.writer(file, delimiter=form.delimiter)
        for row in rows:
            count += 1
            extra = row.values[len(headers) :]
            cells = [*(row.values[index] for index in kept), str(row.number), row.field, row.reason, *extra]
            writer.writerow(map(neutralized, cells))
    if count:
        os.replace(part, path)
    else:
        part.unlink()
        path.unlink(missing_ok=True)
    return count
