"""Celery entry points of the archive."""

from __future__ import annotations

import uuid

from celery import shared_task

from shared.tenancy.tasks import WorkspaceTask
from tenants.archive import making, services


@shared_task(name=services.TASK, base=WorkspaceTask)
def make_package(package_id: str) -> None:
    """Make an archive that was ordered; of one that is over, nothing."""
    making.make(uuid.UUID(package_id))
