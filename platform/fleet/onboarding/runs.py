"""A file's way through the console: checked in the page, carried out by the worker, its sheets kept on disk."""

from __future__ import annotations

import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from fleet.errors import NothingToConnect, RunNotReady
from fleet.models import OnboardingRun
from fleet.onboarding import services
from fleet.onboarding.credentials import Credentials, credentials_path, read_credentials
from fleet.onboarding.preview import Preview
from fleet.onboarding.rows import OrganizationRow, Outcome
from shared.documents import relay
from shared.imports.rejected import rejected_path
from shared.imports.tables import Table
from shared.messaging.services import want_task
from shared.organizations.models import OrgType

TASK = "fleet.onboarding.run"
SOURCE = "organizations.csv"  # on disk; a person gets the files under the name of his own
CONNECTED = "connected"


def upload(table: Table, *, file_name: str, actor: str) -> OnboardingRun:
    """Check a file and keep it; no organization is touched. Raises: ColumnsMissing."""
    preview = services.check(table)
    run = OnboardingRun(
        file_name=file_name,
        table=OnboardingRun.table_facts(table),
        rows=[_shown(row) for row in preview.rows],
        notes=preview.notes,
        counts=preview.counts,
        actor=actor,
    )
    run.save(force_insert=True)
    return run


def start(run_id: uuid.UUID) -> None:
    """Want the worker to carry out a checked file, in the caller's transaction.

    Raises: RunNotReady (pressed twice), NothingToConnect.
    """
    run = OnboardingRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.status != OnboardingRun.Status.CHECKED:
        raise RunNotReady(file=run.file_name)
    if not run.counts[Outcome.NEW]:
        raise NothingToConnect(file=run.file_name)
    run.status = OnboardingRun.Status.QUEUED
    run.save(update_fields=["status"])
    want_task(TASK, run_id=str(run.pk))


def execute(run_id: uuid.UUID) -> None:
    """Connect the organizations of a run through ``owner``, writing progress after each.

    An interrupted run is continued by calling this again; a finished one is left alone.
    """
    mine = OnboardingRun.objects.using("owner").filter(pk=run_id)
    run = mine.get()
    if run.status == OnboardingRun.Status.DONE:
        return
    mine.update(status=OnboardingRun.Status.RUNNING, started_at=Coalesce("started_at", Now()))
    if not _credentials_here(run_id).exists():
        credentials_file(run_id)  # begun by the worker of another machine

    def keep(report: services.RunReport, row: OrganizationRow) -> None:
        mine.update(done=report.done, current=row.values["short_name"])
        relay.hand_over(_credentials_here(run_id))

    try:
        preview = services.check(run.as_table(), using="owner")
        services.run(preview, source_name=SOURCE, output_dir=_folder(run_id), progress=keep)
    except Exception:
        mine.update(status=OnboardingRun.Status.FAILED)
        raise
    for path in (_credentials_here(run_id), _rejected_here(run_id)):
        relay.hand_over(path)
    rows = _final(preview, {line.slug for line in credentials(run_id)})
    outcomes = Counter(row["outcome"] for row in rows)
    counts = {"rows": len(rows), **{name: outcomes[name] for name in (CONNECTED, Outcome.KNOWN, Outcome.REFUSED)}}
    mine.update(
        status=OnboardingRun.Status.DONE,
        rows=rows,
        counts=counts,
        done=len(rows),
        current="",
        finished_at=timezone.now(),
    )


def credentials(run_id: uuid.UUID) -> list[Credentials]:
    """Lines of the run's sheet of first passwords."""
    return read_credentials(credentials_file(run_id))


def credentials_file(run_id: uuid.UUID) -> Path:
    return relay.fetch(_credentials_here(run_id))


def rejected_file(run_id: uuid.UUID) -> Path:
    return relay.fetch(_rejected_here(run_id))


def _credentials_here(run_id: uuid.UUID) -> Path:
    return credentials_path(SOURCE, _folder(run_id))


def _rejected_here(run_id: uuid.UUID) -> Path:
    return rejected_path(Path(SOURCE), _folder(run_id))


def _folder(run_id: uuid.UUID) -> Path:
    return Path(settings.FILES_ROOT) / "onboarding" / str(run_id)


def _final(preview: Preview, connected: set[str]) -> list[dict[str, Any]]:
    """Rows as shown after the run: connected by it, also in an earlier attempt, or known before it."""
    rows = []
    for row in preview.rows:
        shown = _shown(row)
        if row.outcome != Outcome.REFUSED and row.same_as is None and row.slug in connected:
            shown["outcome"] = CONNECTED
        rows.append(shown)
    return rows


def _shown(row: OrganizationRow) -> dict[str, Any]:
    """What the pages show of a row."""
    org_type = row.values["type"]
    return {
        "number": row.number,
        "short_name": row.values["short_name"],
        "full_name": row.values["full_name"],
        "type": OrgType(org_type).label if org_type in OrgType.values else org_type,
        "territory": row.values["municipality"] or row.values["oktmo"],
        "slug": row.slug,
        "outcome": str(row.outcome),
        "errors": [{"field": error.field, "text": error.text} for error in row.errors],
        "warnings": [{"field": warning.field, "text": warning.text} for warning in row.warnings],
    }
