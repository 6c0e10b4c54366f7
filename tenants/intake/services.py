"""Imports of the contingent: stage a file, apply it, undo it, and record a consent. Source: INTERFACES 5.

Imports of one organization go one after another; each decides on what the one before it has left.
"""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from shared.imports.rejected import RejectedRow
from shared.imports.tables import Table
from shared.kernel.days import written
from shared.messaging.services import want_task
from tenants.handup.services import hand_up, hand_up_everything
from tenants.intake.deciding import decide
from tenants.intake.effects import annul_emptied_orders, remember
from tenants.intake.errors import (
    ConsentDayImpossible,
    DraftAlreadyOpened,
    DraftCannotTakeEffect,
    ImportDisturbed,
    ImportNotStaged,
)
from tenants.intake.loading import load_known
from tenants.intake.models import ImportRun, SealedDraft, StagedRow, Verdict
from tenants.intake.packing import unpack
from tenants.intake.plan import Plan, Read
from tenants.intake.staging import forget_staged, fresh, load_staged, read_rows, save_final, save_staged, summary_of
from tenants.intake.undoing import undo
from tenants.intake.writing import take_turn, write
from tenants.orders.copies import refused_in_copy
from tenants.orders.models import Enrollment

__all__ = ["Source", "apply", "apply_later", "bring_in", "discard", "record_consent", "reject_rows", "stage", "undo"]

ATTEMPTS: Final = 3
APPLY_TASK: Final = "tenants.intake.tasks.apply_import"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as it was brought: what it is called, and how its classes are to be read."""

    table: Table
    file_name: str
    checksum: str
    org_type: str
    year: int | None
    today: datetime.date

    def read(self, made_by: str) -> tuple[ImportRun, list[Read]]:
        """Raises: ColumnsMissing."""
        reads, notes = read_rows(
            self.table, file_name=self.file_name, org_type=self.org_type, year=self.year, today=self.today
        )
        run = ImportRun(
            file_name=self.file_name[:255],
            checksum=self.checksum,
            year=self.year,
            headers=self.table.headers,
            notes=notes,
            made_by=made_by,
        )
        return run, reads


@transaction.atomic
def stage(
    table: Table,
    *,
    file_name: str,
    checksum: str,
    org_type: str,
    year: int | None,
    today: datetime.date,
    made_by: str,
) -> ImportRun:
    """Read a file and say what would become of each row; nothing but the staging is written.

    Raises: ColumnsMissing.
    """
    source = Source(table=table, file_name=file_name, checksum=checksum, org_type=org_type, year=year, today=today)
    run, reads = source.read(made_by)
    return _stage(run, reads)


@refused_in_copy()
@transaction.atomic
def bring_in(source: Source, *, update: bool, all_or_nothing: bool, made_by: str) -> ImportRun:
    """Stage and apply at once, for callers that need no look between. Raises: ColumnsMissing, ImportDisturbed."""
    take_turn()
    run, reads = source.read(made_by)
    run.save(force_insert=True)
    applied = _apply(run, reads, update=update, all_or_nothing=all_or_nothing, made_by=made_by)
    return run if applied else _stage(run, reads)


@refused_in_copy()
@transaction.atomic
def apply(run: ImportRun, *, update: bool, all_or_nothing: bool, made_by: str) -> ImportRun:
    """Write what a staged import brings, all of it in one transaction, and hand it up.

    With ``all_or_nothing`` a refused row stops everything: the import stays staged and its summary accepts nothing.
    Raises: ImportNotStaged, ImportDisturbed.
    """
    take_turn()
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.status not in (ImportRun.Status.STAGED, ImportRun.Status.QUEUED):
        raise ImportNotStaged(file=run.file_name, state=run.get_status_display().lower())
    _apply(run, load_staged(run), update=update, all_or_nothing=all_or_nothing, made_by=made_by)
    return run


@transaction.atomic
def apply_later(run: ImportRun, *, update: bool, all_or_nothing: bool, made_by: str) -> None:
    """Have the worker apply a long import. Raises: ImportNotStaged."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.status != ImportRun.Status.STAGED:
        raise ImportNotStaged(file=run.file_name, state=run.get_status_display().lower())
    run.status, run.refusal = ImportRun.Status.QUEUED, ""
    run.save(update_fields=["status", "refusal"])
    want_task(APPLY_TASK, run_id=str(run.pk), update=update, all_or_nothing=all_or_nothing, made_by=made_by)


@transaction.atomic
def discard(run: ImportRun) -> None:
    """Forget a file that was only looked at, with the personal data in it. Raises: ImportNotStaged."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.status != ImportRun.Status.STAGED:
        raise ImportNotStaged(file=run.file_name, state=run.get_status_display().lower())
    forget_staged(run)
    run.delete()


@refused_in_copy()
@transaction.atomic
def record_consent(draft: SealedDraft, *, consent_on: datetime.date, made_by: str, today: datetime.date) -> uuid.UUID:
    """Open a sealed draft: the place takes effect from its order. Returns the place.

    Raises: ConsentDayImpossible, DraftAlreadyOpened, DraftCannotTakeEffect.
    """
    take_turn()
    draft = SealedDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.opened_on is not None:
        raise DraftAlreadyOpened(name=draft)
    if consent_on > today:
        raise ConsentDayImpossible(day=written(consent_on), why="этот день ещё не наступил")
    if consent_on < draft.birth_date:
        raise ConsentDayImpossible(day=written(consent_on), why="она раньше даты рождения")
    row = dataclasses.replace(unpack(draft.values), consent_on=consent_on)
    read = Read(row.number, [], row, [], [])
    with transaction.atomic():
        plan = _decide([read], draft.run_id, update=False)
        if read.verdict != Verdict.ACCEPTED:
            reasons = [problem.reason for problem in (*read.problems, *read.warnings)]
            raise DraftCannotTakeEffect(name=draft, reason=" ".join(reasons) or "Такое место уже есть.")
        write(plan, made_by=made_by)
    places = list(plan.created[Enrollment])
    hand_up(places)
    return places[0]


def reject_rows(run: ImportRun) -> list[RejectedRow]:
    """The refused rows as the file of refused rows wants them."""
    rows = StagedRow.objects.filter(run=run, verdict=Verdict.REFUSED).order_by("number")
    return [
        RejectedRow(
            cells or [],
            number,
            ", ".join(dict.fromkeys(field for field, _ in problems)),
            " ".join(reason for _, reason in problems),
        )
        for number, cells, problems in rows.values_list("number", "cells", "problems")
    ]


def _stage(run: ImportRun, reads: Sequence[Read]) -> ImportRun:
    decided = fresh(reads)
    _decide(decided, run.pk, update=False)
    run.summary = run.summary or summary_of(decided, run.notes)
    run.save()
    save_staged(run, decided, [read.warnings for read in reads])
    return run


def _apply(run: ImportRun, staged: Sequence[Read], *, update: bool, all_or_nothing: bool, made_by: str) -> bool:
    """Whether the import was applied; if not, it says why and stays staged."""
    run.update_known, run.all_or_nothing = update, all_or_nothing
    reads, plan = _carry_out(staged, run, made_by=made_by)
    run.summary = summary_of(reads, run.notes)
    if plan is None:
        held = run.summary["accepted"] + run.summary["drafts"] + run.summary["different"]
        run.summary.update(accepted=0, drafts=0, different=0, held=held)
        run.status = ImportRun.Status.STAGED
        run.refusal = (
            f"Отклонено строк: {run.summary['refused']}. Ничего не загружено, потому что выбрано «всё или ничего». "
            "Исправьте отклонённые строки и загрузите файл снова."
        )
        run.save()
        return False
    run.status, run.applied_at, run.refusal = ImportRun.Status.APPLIED, timezone.now(), ""
    run.save()
    save_final(run, reads)
    if not plan.is_empty:
        hand_up_everything()
    return True


def _carry_out(staged: Sequence[Read], run: ImportRun, *, made_by: str) -> tuple[list[Read], Plan | None]:
    """Decide and write; a clerk who was quicker makes the database refuse, and then it is decided again.

    No plan when a refused row stops everything. Raises: ImportDisturbed.
    """
    for _ in range(ATTEMPTS):
        reads = fresh(staged)
        try:
            with transaction.atomic():
                plan = _decide(reads, run.pk, update=run.update_known)
                if run.all_or_nothing and any(read.verdict == Verdict.REFUSED for read in reads):
                    return reads, None
                write(plan, made_by=made_by)
                annul_emptied_orders(plan, made_by=made_by)
                remember(run, plan)
        except IntegrityError:
            continue
        return reads, plan
    raise ImportDisturbed(file=run.file_name)


def _decide(reads: Sequence[Read], run_id: uuid.UUID, *, update: bool) -> Plan:
    rows = [read.row for read in reads if read.row is not None]
    return decide(reads, load_known(rows), update=update, run_id=run_id)
