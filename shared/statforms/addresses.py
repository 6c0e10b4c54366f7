"""Latin addresses of forms, sections, rows and columns: codes are Russian, URLs are not.

The address is made from the code and found by comparing, so nothing is stored and no code is listed twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from slugify import slugify

from shared.statforms.catalog import CellAddress, FormLayout, Section


@cache
def latin(code: str) -> str:
    """«ОО-1» → ``oo-1``, «2.1.1 (заочная)» → ``2-1-1-zaochnaia``."""
    return str(slugify(code))


def code_of(address: str, codes: Iterable[str]) -> str | None:
    """The code whose address this is; the code itself is understood as well."""
    return next((code for code in codes if address in (code, latin(code))), None)


def section_at(layout: FormLayout, address: str) -> Section | None:
    code = code_of(address, layout.section_by_code)
    return layout.section_by_code[code] if code is not None else None


def cell_at(layout: FormLayout, section: str, row: str, column: str) -> CellAddress | None:
    """An open cell of the form by the addresses of its three codes."""
    found = section_at(layout, section)
    if found is None:
        return None
    row_code, column_code = code_of(row, found.row_codes), code_of(column, found.column_codes)
    if row_code is None or column_code is None:
        return None
    cell = CellAddress(found.code, row_code, column_code)
    return cell if cell in layout.open_cells else None
