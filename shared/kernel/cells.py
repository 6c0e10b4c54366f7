"""Texts that a spreadsheet would compute: shown by our files as text, and read back as they were. Source: CWE-1236."""

from __future__ import annotations

import re

# The wide forms are read as formulas by spreadsheets of some languages.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SIGNS = "".join(map(re.escape, FORMULA_STARTS))
_DANGEROUS = re.compile(f"'*[{_SIGNS}]")
_NEUTRALIZED = re.compile(f"'+[{_SIGNS}]")


def neutralized(text: str) -> str:
    """The text for a cell of a CSV file: with an apostrophe before it where a spreadsheet would compute.

    Apostrophes that already stand before such a sign get one more, so that ``original`` brings back exactly this text.
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def original(text: str) -> str:
    """The text of a cell of a CSV file without the apostrophe that keeps a spreadsheet from computing it."""
    return text[1:] if text.startswith("'") and _NEUTRALIZED.match(text) else text
