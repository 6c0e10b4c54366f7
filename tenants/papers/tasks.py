"""Celery entry points of papers."""

from __future__ import annotations

from celery import shared_task

from shared.kernel.rules import RuleViolation
from shared.tenancy.tasks import WorkspaceTask
from tenants.papers import batches
from tenants.papers.models import PrintJob


@shared_task(name=batches.PRINT_TASK, base=WorkspaceTask)
def print_batch(job_id: str) -> None:
    """The next step of a long order in its organization; of one that is over, nothing."""
    job = PrintJob.objects.filter(pk=job_id).first()
    if job is None or job.is_over:
        return
    try:
        batches.go_on(job)
    except RuleViolation as violation:
        PrintJob.objects.filter(pk=job_id).update(status=PrintJob.Status.REFUSED, refusal=str(violation)[:300])
