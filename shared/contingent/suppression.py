"""Hiding small cells from roles that may not open the persons behind them. Source: INTERFACES 6."""

from __future__ import annotations

from dataclasses import replace

from shared.contingent.counts import Count, Counted

SMALLEST_SHOWN = 5


def suppress(counted: Counted) -> Counted:
    """Cells of 1–4 become empty, and so does one more, so that they cannot be found by subtraction from the total.

    The complementary cell is the smallest one shown; where all others are empty or zero, the total is hidden instead.
    """
    small = {index for index, row in enumerate(counted.rows) if _is_small(row)}
    if not small and not _is_small(counted.total):
        return counted
    total = counted.total
    others = [index for index, row in enumerate(counted.rows) if index not in small and row.persons]
    if len(small) == 1:
        if others:
            small.add(min(others, key=lambda index: counted.rows[index].persons or 0))
        else:
            total = _hidden(total)
    if _is_small(total):
        total = _hidden(total)
    rows = [_hidden(row) if index in small else row for index, row in enumerate(counted.rows)]
    return replace(counted, rows=rows, total=total)


def _is_small(row: Count) -> bool:
    return any(0 < (number or 0) < SMALLEST_SHOWN for number in (row.persons, row.enrollments))


def _hidden(row: Count) -> Count:
    return replace(row, persons=None, enrollments=None)
