"""Celery entry points of imports."""

from __future__ import annotations

from celery import shared_task

from shared.kernel.rules import RuleViolation
from shared.tenancy.tasks import WorkspaceTask
from tenants.intake import services
from tenants.intake.models import ImportRun


@shared_task(name=services.APPLY_TASK, base=WorkspaceTask)
def apply_import(run_id: str, update: bool, all_or_nothing: bool, made_by: str) -> None:
    """Apply a long import in its organization; a second run finds it applied and does nothing."""
    run = ImportRun.objects.filter(pk=run_id, status=ImportRun.Status.QUEUED).first()
    if run is None:
        return
    try:
        services.apply(run, update=update, all_or_nothing=all_or_nothing, made_by=made_by)
    except RuleViolation as violation:
        ImportRun.objects.filter(pk=run_id).update(status=ImportRun.Status.STAGED, refusal=str(violation))
