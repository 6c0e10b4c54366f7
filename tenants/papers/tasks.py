"""Celery entry points of papers."""

from __future__ import annotations

from celery import shared_task

from shared.kernel.rules import RuleViolation
from shared.tenancy.tasks import WorkspaceTask
from tenants.papers import batches
from tenants.papers.models import PrintJob


@shared_task(name=batches.PRINT_TASK, base=WorkspaceTask)
def print_batch(job_id: str) -> None:
    """Print a long order in its organization; a second run finds it done and does nothing."""
    job = PrintJob.objects.filter(pk=job_id, status=PrintJob.Status.QUEUED).first()
    if job is None:
        return
    try:
        batches.print_batch(job)
    except RuleViolation as violation:
        PrintJob.objects.filter(pk=job_id).update(status=PrintJob.Status.REFUSED, refusal=str(violation)[:300])
