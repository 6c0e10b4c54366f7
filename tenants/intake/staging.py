"""A file on its way: rows read and checked, kept with their verdicts, read back when they are applied."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from shared.imports.headers import match_headers
from shared.imports.tables import Table
from shared.kernel.days import written
from shared.kernel.ids import new_id
from shared.tenancy.bulk import copy_rows
from tenants.intake import fields as f
from tenants.intake.fields import Problem
from tenants.intake.models import ImportRun, StagedRow, Verdict
from tenants.intake.packing import pack, unpack
from tenants.intake.plan import Read
from tenants.intake.rows import RowReader

LISTED_WARNINGS: Final = 1000
COUNTED: Final = {
    Verdict.ACCEPTED: "accepted",
    Verdict.DRAFT: "drafts",
    Verdict.ALREADY: "already",
    Verdict.DIFFERENT: "different",
    Verdict.REFUSED: "refused",
}
_SHOWN: Final = ((f.SURNAME, f.NAME, f.PATRONYMIC), (f.BIRTH_DATE,), (f.CLASS,))


def read_rows(
    table: Table, *, file_name: str, org_type: str, year: int | None, today: datetime.date
) -> tuple[list[Read], list[str]]:
    """Every row of the table checked by itself, and what is to be said of the file as a whole.

    Raises: ColumnsMissing.
    """
    reader = RowReader(org_type, year=year, today=today)
    report = reader.headers(table.headers)
    report.refuse_if_missing(file_name)
    notes = list(table.notes)
    if report.unknown:
        names = ", ".join(f"«{header}»" for header in report.unknown)
        notes.append(f"Колонки не известны и не читались: {names}.")
    reads = []
    for number, cells in table.numbered():
        parsed = reader.read(cells, number)
        reads.append(Read(number, cells, parsed.row, list(parsed.errors), list(parsed.warnings)))
    return reads, notes


def save_staged(run: ImportRun, reads: Sequence[Read], remarks: Sequence[list[Problem]]) -> None:
    """Keep the rows with their verdicts until the import is applied; ``remarks`` are the rows' own warnings."""
    shown = _shown_cells(run.headers)
    _save(
        run,
        reads,
        [
            (read.cells, {"row": pack(read.row), "remarks": _packed(own)} if read.row else None)
            for read, own in zip(reads, remarks, strict=True)
        ],
        shown,
    )


def save_final(run: ImportRun, reads: Sequence[Read]) -> None:
    """Replace the staged rows by what became of them; only a refused row keeps its cells.

    The warnings of a sealed row may quote what it keeps sealed, so they are not kept.
    """
    for read in reads:
        if read.verdict == Verdict.DRAFT:
            read.warnings.clear()
    forget_staged(run)
    kept = [(read.cells if read.verdict == Verdict.REFUSED else None, None) for read in reads]
    _save(run, reads, kept, _shown_cells(run.headers))


def forget_staged(run: ImportRun) -> None:
    """Delete the staged rows without reading them first."""
    with connection.cursor() as cursor:
        cursor.execute("delete from intake_stagedrow where run_id = %s", [run.pk])


def load_staged(run: ImportRun) -> list[Read]:
    """The rows as they were before any verdict."""
    reads = []
    rows = StagedRow.objects.filter(run=run).order_by("number")
    for number, cells, values, problems in rows.values_list("number", "cells", "values", "problems"):
        if values is None:
            reads.append(Read(number, cells or [], None, _unpacked(problems), []))
        else:
            reads.append(Read(number, cells or [], unpack(values["row"]), [], _unpacked(values["remarks"])))
    return reads


def fresh(reads: Sequence[Read]) -> list[Read]:
    """Copies to decide on; the originals stay as the file brought them."""
    return [Read(read.number, read.cells, read.row, list(read.problems), list(read.warnings)) for read in reads]


def summary_of(reads: Sequence[Read], notes: Sequence[str]) -> dict[str, Any]:
    """The counts and warnings of INTERFACES 3."""
    counts = Counter(read.verdict for read in reads)
    warnings = list(notes)
    if note := _early_note(reads):
        warnings.append(note)
    listed = [
        f"Строка {read.number}, «{problem.field}»: {problem.reason}"
        if problem.field != "Строка"
        else f"Строка {read.number}: {problem.reason}"
        for read in reads
        for problem in read.warnings
    ]
    warnings += listed[:LISTED_WARNINGS]
    if len(listed) > LISTED_WARNINGS:
        warnings.append(f"Показаны первые {LISTED_WARNINGS} предупреждений о строках из {len(listed)}.")
    return {
        "rows": len(reads),
        **{name: counts[verdict] for verdict, name in COUNTED.items()},
        "warnings": warnings,
    }


def _early_note(reads: Sequence[Read]) -> str:
    """Source: INTERFACES 5 «Year»: for days before its 1 September the class is not known, the report says so."""
    early = [
        read.row
        for read in reads
        if read.verdict in (Verdict.ACCEPTED, Verdict.DRAFT) and read.row and read.row.enrolled_on < read.row.class_from
    ]
    if not early:
        return ""
    first = min(row.class_from for row in early)
    return (
        f"Строк с зачислением раньше учебного года класса: {len(early)}. За дни до 1 сентября "
        f"(самое раннее — {written(first)}) параллель и класс у них не указаны."
    )


def _save(
    run: ImportRun,
    reads: Sequence[Read],
    kept: Sequence[tuple[Sequence[str] | None, dict[str, Any] | None]],
    shown: tuple[tuple[int, ...], ...],
) -> None:
    copy_rows(
        StagedRow,
        [
            {
                "id": new_id(),
                "run_id": run.pk,
                "number": read.number,
                **_shown_of(read, shown),
                "verdict": read.verdict.value,
                "problems": _packed(read.problems),
                "warnings": _packed(read.warnings),
                "cells": None if cells is None else list(cells),
                "values": values,
            }
            for read, (cells, values) in zip(reads, kept, strict=True)
        ],
    )


def _shown_of(read: Read, shown: tuple[tuple[int, ...], ...]) -> dict[str, str]:
    """Name, birth date and class: as understood, or as written when the row was not understood."""
    row = read.row
    if row is not None:
        name = " ".join(part for part in (row.surname, row.name, row.patronymic) if part)
        return {"name": name, "born": written(row.birth_date), "group_name": row.group_name}
    name, born, group_name = (" ".join(filter(None, (read.cells[index].strip() for index in part))) for part in shown)
    return {"name": name[:310], "born": born[:40], "group_name": group_name[:120]}


def _shown_cells(headers: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    positions = match_headers(headers, f.HEADERS).positions
    return tuple(tuple(positions[header] for header in part if header in positions) for part in _SHOWN)


def _packed(problems: Sequence[Problem]) -> list[list[str]]:
    return [[problem.field, problem.reason] for problem in problems]


def _unpacked(problems: Sequence[Sequence[str]]) -> list[Problem]:
    return [Problem(field, reason) for field, reason in problems]
