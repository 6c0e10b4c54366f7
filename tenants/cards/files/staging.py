"""Rows of a file in its table: kept as they stand, checked by portions, forgotten when they are applied."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import Count, Q

from shared.imports.headers import header_key
from shared.imports.tables import Table
from shared.kernel.ids import new_id
from shared.tenancy.bulk import copy_rows, update_rows
from tenants.cards.files.checking import Checker, Row
from tenants.cards.files.kinds import FileKind, file_kinds
from tenants.cards.files.models import CardFile, CardFileRow, Verdict

PORTION: Final = 4000
_EMPTY: Final = {"verdict": Verdict.WAITING, "title": "", "changes": [], "problems": [], "warnings": [], "marks": []}


def headers_key(headers: Sequence[str]) -> str:
    """What makes two files have the same columns: their names in their order."""
    return hashlib.sha256("\n".join(map(header_key, headers)).encode()).hexdigest()


def bring_rows(run: CardFile, table: Table) -> None:
    """Keep the rows of a file as they stand."""
    copy_rows(
        CardFileRow,
        [{"id": new_id(), "run_id": run.pk, "number": number, "cells": cells} for number, cells in table.numbered()],
    )


def forget_verdicts(run: CardFile) -> None:
    """Every row waits for the check again."""
    CardFileRow.objects.filter(run=run).update(card_id=None, values=None, **_EMPTY)
    run.summary = {}


def checker_of(run: CardFile) -> Checker:
    return Checker(file_kinds()[run.kind], run.columns)


def check_for(run: CardFile, seconds: float | None) -> bool:
    """Check portions until none waits or the time is over; says whether none waits that nobody else is checking.

    Several workers may check one file: each takes rows that no other has taken.
    """
    checker = checker_of(run)
    until = None if seconds is None else time.monotonic() + seconds
    while rows := _take_waiting(run):
        checker.check(rows)
        _save(rows)
        if len(rows) < PORTION:
            break
        if until is not None and time.monotonic() > until:
            return False
    return True


def portions(run: CardFile, *verdicts: Verdict) -> Iterator[list[tuple[CardFileRow, Row]]]:
    """Checked rows of some verdicts, each with a fresh copy for another check."""
    last = 0
    columns = ("id", "number", "card_id", "verdict", "cells", "values", "changes")
    rows = CardFileRow.objects.filter(run=run, verdict__in=verdicts).order_by("number").only(*columns)
    while found := list(rows.filter(number__gt=last)[:PORTION]):
        yield [(one, Row(one.number, one.cells or [])) for one in found]
        last = found[-1].number


def refuse_rows(run: CardFile, refused: Mapping[int, Sequence[Sequence[str]]]) -> None:
    """Rows that bring nothing after all, by their numbers: why, beside what was wrong with them before."""
    known = CardFileRow.objects.filter(run=run, number__any_of=refused).values_list("number", "pk", "problems")
    update_rows(
        CardFileRow,
        [
            {"id": key, "verdict": Verdict.REFUSED.value, "values": None, "problems": [*problems, *refused[number]]}
            for number, key, problems in known
        ],
    )


def forget_values(run: CardFile) -> None:
    """What was applied stands on the cards; only refused rows keep their cells."""
    done = CardFileRow.objects.filter(run=run).exclude(verdict=Verdict.REFUSED)
    done.update(cells=None, values=None, changes=[], marks=[])
    CardFileRow.objects.filter(run=run, verdict=Verdict.REFUSED).update(values=None, changes=[], marks=[])


def summary_of(run: CardFile) -> dict[str, Any]:
    """Rows by verdict, and how many have warnings."""
    rows = CardFileRow.objects.filter(run=run).order_by()
    counts = dict(rows.values_list("verdict").annotate(Count("pk")))
    warned = rows.aggregate(warned=Count("pk", filter=~Q(warnings=[])))["warned"]
    return {"rows": run.row_count, "warned": warned, **{str(one.value): counts.get(one, 0) for one in Verdict}}


def remembered_mapping(kind: FileKind, key: str) -> dict[str, str] | None:
    """Which column was which field in the last applied file with the same columns."""
    known = CardFile.objects.filter(kind=kind.code, headers_key=key, status=CardFile.Status.APPLIED)
    found: dict[str, str] | None = known.order_by("-applied_at").values_list("mapping", flat=True).first()
    return found


def _take_waiting(run: CardFile) -> list[Row]:
    rows = CardFileRow.objects.filter(run=run, verdict=Verdict.WAITING).order_by("number")
    found = rows.select_for_update(skip_locked=True).values_list("number", "cells", "pk")[:PORTION]
    return [Row(number, cells or [], key=key) for number, cells, key in found]


def _save(rows: Sequence[Row]) -> None:
    update_rows(
        CardFileRow,
        [
            {
                "id": row.key,
                "card_id": row.card_id,
                "title": row.title,
                "verdict": row.verdict.value,
                "values": row.kept,
                "changes": row.changes,
                "problems": row.problems,
                "warnings": row.warnings,
                "marks": row.marks,
            }
            for row in rows
        ],
    )
