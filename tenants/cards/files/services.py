"""Files of cards: stage, choose columns, check, apply, undo. Source: ORGANIZATION 2.3 (R-121, R-164, R-207).

Files of one organization are written one after another. What is applied is what was shown: every row is checked again
under the lock, and a row that would do something else by now is refused as «изменена после проверки».
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shared.imports.headers import header_key
from shared.imports.tables import Table
from shared.messaging.services import want_task
from tenants.cards.files import staging
from tenants.cards.files.applying import Applied, carry_out, take_back
from tenants.cards.files.errors import (
    CardsMoved,
    ColumnTwice,
    FileBringsNothing,
    FileClashes,
    FileElsewhere,
    FileHasErrors,
    NoColumnsChosen,
)
from tenants.cards.files.kinds import ERRORS_HEADER, FileKind, file_kinds
from tenants.cards.files.models import CardFile, Verdict
from tenants.cards.files.repeats import repeats
from tenants.cards.files.workbook import SHEET
from tenants.cards.hands import Hand

AT_ONCE: Final = 1000  # a longer file is checked and applied by the worker
LANES: Final = 2  # so many steps of one check go on at a time
STEP_SECONDS: Final = 5.0  # so often the worker shows how far it is
CHECK_TASK: Final = "tenants.cards.files.tasks.check_cards"
APPLY_TASK: Final = "tenants.cards.files.tasks.apply_cards"
_OUR_SHEET: Final = f"Прочитан первый лист «{SHEET}»"
Status = CardFile.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringer:
    """Who brings a file, and which columns he may write."""

    account_id: uuid.UUID
    signature: str
    may_write: frozenset[str]


@transaction.atomic
def stage(table: Table, *, kind: FileKind, file_name: str, checksum: str, bringer: Bringer) -> CardFile:
    """Keep a file and check it when every column is known; otherwise it waits for the columns to be chosen."""
    key = staging.headers_key(table.headers)
    remembered = staging.remembered_mapping(kind, key)
    found = recognized(kind, table.headers) if remembered is None else remembered
    notes = [note for note in table.notes if not note.startswith(_OUR_SHEET)]
    run = CardFile(
        kind=kind.code,
        file_name=file_name[:255],
        checksum=checksum,
        headers=table.headers,
        headers_key=key,
        notes=notes,
        row_count=len(table.rows),
        account_id=bringer.account_id,
        made_by=bringer.signature,
    )
    _set_mapping(run, kind, found, bringer.may_write)
    run.save()
    staging.bring_rows(run, table)
    is_clear = remembered is not None or not unknown_columns(run, found)
    if is_clear and run.mapping:
        _start_check(run)
    return run


def recognized(kind: FileKind, headers: Sequence[str]) -> dict[str, str]:
    """Index of a column → code of its field, by its header alone; of two columns of one field the first."""
    found: dict[str, str] = {}
    for index, header in enumerate(headers):
        code = kind.by_header.get(header_key(header))
        if code is not None and code not in found.values():
            found[str(index)] = code
    return found


def unknown_columns(run: CardFile, mapping: Mapping[str, str]) -> list[int]:
    """Columns with a name that mean nothing yet."""
    ours = header_key(ERRORS_HEADER)
    named = [(index, header_key(header)) for index, header in enumerate(run.headers)]
    return [index for index, key in named if key and key != ours and str(index) not in mapping]


@transaction.atomic
def choose_columns(run: CardFile, mapping: Mapping[str, str], *, may_write: frozenset[str]) -> CardFile:
    """Take the person's choice of columns and check the file by it.

    Raises: FileElsewhere, NoColumnsChosen, ColumnTwice.
    """
    run = _locked(run, Status.MAPPING, Status.STAGED)
    kind = file_kinds()[run.kind]
    chosen = list(mapping.values())
    if not chosen:
        raise NoColumnsChosen
    if twice := next((code for code in chosen if chosen.count(code) > 1), None):
        raise ColumnTwice(field=kind.columns[twice].header)
    run.refusal = ""
    _set_mapping(run, kind, mapping, may_write)
    staging.forget_verdicts(run)
    _start_check(run)
    return run


@transaction.atomic
def check_again(run: CardFile) -> CardFile:
    """Forget what the check has said and look at the cards of now. Raises: FileElsewhere."""
    run = _locked(run, Status.STAGED)
    run.refusal = ""
    staging.forget_verdicts(run)
    _start_check(run)
    return run


def check_step(run: CardFile) -> None:
    """A few seconds of the check of a long file; the worker takes the next step as another task.

    The rows of a step stay taken until it commits, so who finds no more of them asks again whether the file is over.
    """
    with transaction.atomic():
        is_over = staging.check_for(run, STEP_SECONDS)
        if not is_over:
            want_task(CHECK_TASK, run_id=str(run.pk))
    if is_over:
        _conclude_check(run)


@transaction.atomic
def apply(run: CardFile, *, all_or_nothing: bool, skip_moved: bool, by: str) -> CardFile:
    """Write what a checked file brings, all of it in one transaction.

    Raises: FileElsewhere, FileHasErrors, CardsMoved (unless ``skip_moved``), FileBringsNothing, FileClashes.
    """
    _take_turn()
    run = _locked(run, Status.STAGED, Status.QUEUED)
    if all_or_nothing and run.summary[Verdict.REFUSED]:
        raise FileHasErrors(file=run.file_name, count=run.summary[Verdict.REFUSED])
    try:
        with transaction.atomic():
            applied = carry_out(run, by=by)
            if applied.refused and not skip_moved:
                raise _Moved(applied.refused)
            if applied.batch is None:
                raise FileBringsNothing(file=run.file_name)
            _conclude(run, applied, by)
    except IntegrityError as error:
        raise FileClashes(file=run.file_name) from error
    return run


def apply_or_mark(run: CardFile, *, all_or_nothing: bool, skip_moved: bool, by: str) -> CardFile:
    """``apply``; when cards have moved the rows are marked, which must outlive the refusal. Raises as ``apply``."""
    try:
        return apply(run, all_or_nothing=all_or_nothing, skip_moved=skip_moved, by=by)
    except _Moved as moved:
        refusal = CardsMoved(file=run.file_name, count=len(moved.rows))
        with transaction.atomic():
            run = _locked(run, Status.STAGED, Status.QUEUED)
            staging.refuse_rows(run, moved.rows)
            run.summary = staging.summary_of(run)
            run.status, run.refusal = Status.STAGED, str(refusal)
            run.save(update_fields=["status", "refusal", "summary"])
        raise refusal from None


@transaction.atomic
def apply_later(run: CardFile, *, all_or_nothing: bool, skip_moved: bool, by: str) -> None:
    """Have the worker apply a long file. Raises: FileElsewhere, FileHasErrors."""
    run = _locked(run, Status.STAGED)
    if all_or_nothing and run.summary[Verdict.REFUSED]:
        raise FileHasErrors(file=run.file_name, count=run.summary[Verdict.REFUSED])
    run.status, run.refusal = Status.QUEUED, ""
    run.save(update_fields=["status", "refusal"])
    want_task(APPLY_TASK, run_id=str(run.pk), all_or_nothing=all_or_nothing, skip_moved=skip_moved, by=by)


@transaction.atomic
def discard(run: CardFile) -> None:
    """Forget a file that was not applied, with the personal data in it. Raises: FileElsewhere."""
    run = _locked(run, Status.MAPPING, Status.CHECKING, Status.STAGED)
    run.delete()


@transaction.atomic
def undo(run: CardFile, *, hand: Hand, reason: str = "") -> CardFile:
    """Take an applied file back: what somebody has changed since stays, and is named.

    Raises: FileElsewhere, BatchAlreadyUndone, ClosedToHand.
    """
    _take_turn()
    run = _locked(run, Status.APPLIED)
    run.summary["undone"] = take_back(run, hand=hand, reason=reason)
    run.status, run.undone_by, run.undone_at = Status.UNDONE, hand.by, timezone.now()
    run.save(update_fields=["status", "summary", "undone_by", "undone_at"])
    run.rows.all().delete()  # type: ignore[attr-defined]  # the related name
    return run


class _Moved(Exception):
    """Rows that would do something else by now, by their numbers; whatever was written is rolled back."""

    def __init__(self, rows: Mapping[int, Sequence[Sequence[str]]]) -> None:
        super().__init__(len(rows))
        self.rows = rows


def _conclude(run: CardFile, applied: Applied, by: str) -> None:
    staging.refuse_rows(run, applied.refused)
    run.summary = staging.summary_of(run)
    staging.forget_values(run)
    run.batch, run.refusal = applied.batch, ""
    run.summary |= applied.facts
    run.status, run.applied_by, run.applied_at = Status.APPLIED, by, timezone.now()
    run.save()


def _set_mapping(run: CardFile, kind: FileKind, mapping: Mapping[str, str], may_write: frozenset[str]) -> None:
    """Keep the columns that the person may write; the others are named."""
    run.mapping = {index: code for index, code in mapping.items() if code in may_write}
    others = [code for code in mapping.values() if code not in may_write and code in kind.columns]
    notes = [note for note in run.notes if not note.startswith(_NOT_WRITTEN)]
    if others:
        names = ", ".join(f"«{kind.columns[code].header}»" for code in others)
        notes.append(f"{_NOT_WRITTEN}: {names}. Их меняет тот, кому открыты документы и номера.")
    run.notes = notes


_NOT_WRITTEN: Final = "Колонки не читались, у вас нет права на эти поля"


def _start_check(run: CardFile) -> None:
    run.status = Status.CHECKING
    run.save()
    if run.row_count <= AT_ONCE:
        staging.check_for(run, None)
        _conclude_check(run)
    else:
        for _ in range(LANES):
            want_task(CHECK_TASK, run_id=str(run.pk))


@transaction.atomic
def _conclude_check(run: CardFile) -> None:
    """What only the whole file tells: rows that repeat each other, and the figures. The last step's business."""
    found = CardFile.objects.select_for_update(of=("self",)).filter(pk=run.pk, status=Status.CHECKING).first()
    if found is None or found.rows.filter(verdict=Verdict.WAITING).exists():  # type: ignore[attr-defined]
        return
    staging.refuse_rows(run, repeats(run))
    run.status, run.summary = Status.STAGED, staging.summary_of(run)
    run.save(update_fields=["status", "summary"])


def _locked(run: CardFile, *statuses: str) -> CardFile:
    """Raises: FileElsewhere."""
    found = CardFile.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if found.status not in statuses:
        raise FileElsewhere(file=found.file_name, state=found.get_status_display().lower())
    return found


def _take_turn() -> None:
    """Wait until no other file of cards of this organization is being written."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('tenants.cards.files'), hashtext(current_schema()))")
