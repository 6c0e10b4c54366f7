"""Every file for a spreadsheet is written where formulas are known to be shown and not computed."""

from __future__ import annotations

import ast
import re

from tests.architecture.files import ROOT, product_files

WRITERS = {
    "shared/imports/rejected.py": "every cell goes through neutralized",
    "shared/documents/xlsx.py": "strings are written as strings",
    "shared/statforms/workbook.py": "strings are written as strings",
    "shared/archive/writing.py": "every cell goes through neutralized",
    "tenants/cards/files/workbook.py": "strings are written as strings, cells of a CSV go through neutralized",
    "tenants/cards/files/marked.py": "strings are written as strings",
    "platform/config/cli/context.py": "--format csv is read by programs (INTERFACES 3)",
    "platform/fleet/generation/files.py": "files of INTERFACES 4 and 5 for the importer, of invented people",
    "platform/fleet/onboarding/credentials.py": "letters, digits and dots of our own making, read back by the product",
}
SHEETS = [name for name, why in WRITERS.items() if why.startswith("strings are written as strings")]
_WRITES = re.compile(r"csv\.(?:writer|DictWriter)\(|xlsxwriter\.Workbook\(|openpyxl")
_ASKS_TO_COMPUTE = {"write_formula", "write_array_formula", "write_dynamic_array_formula", "write_url", "write_row"}
_GUESSES = {"write", "write_column", "write_rich_string"}


def test_every_writer_of_tables_is_known():
    found = {path.relative_to(ROOT).as_posix() for path in product_files(".py") if _WRITES.search(path.read_text())}
    assert found == set(WRITERS)


def test_sheets_are_written_by_calls_that_cannot_make_a_formula():
    for name in SHEETS:
        text = (ROOT / name).read_text()
        assert '"strings_to_formulas": False' in text
        assert '"strings_to_urls": False' in text
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert called & (_ASKS_TO_COMPUTE | _GUESSES) == set(), name


def test_the_file_of_refused_rows_neutralizes_every_row_it_writes():
    text = (ROOT / "shared/imports/rejected.py").read_text()
    assert text.count("writerow(") == text.count("writerow(map(neutralized,")
