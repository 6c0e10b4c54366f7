"""Celery entry points of kept files."""

from __future__ import annotations

from celery import shared_task

from shared.tenancy.tasks import WorkspaceTask
from tenants.files import services


@shared_task(name=services.SWEEP_TASK, base=WorkspaceTask)
def sweep_files() -> None:
    """Remove contents that no row of this organization names; run nightly, and twice without harm."""
    services.sweep()
