"""Celery entry points of taking records back."""

from __future__ import annotations

import uuid

from celery import shared_task

from shared.tenancy.tasks import WorkspaceTask
from tenants.recovery.asking import TAKE_TASK, carry_out


@shared_task(name=TAKE_TASK, base=WorkspaceTask, is_global=True)
def take_back_records(approval_id: str) -> None:
    """Take back what a second person has allowed; wanted in role ``accounts``, so it opens its scopes itself."""
    carry_out(uuid.UUID(approval_id))
