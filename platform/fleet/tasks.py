"""Celery entry points of the operator plane; they open their transactions themselves."""

from __future__ import annotations

import uuid

from celery import shared_task

from fleet import archive, provisioning, upgrading
from fleet.onboarding import runs
from shared.tenancy.tasks import WorkspaceTask


@shared_task(name=runs.TASK, base=WorkspaceTask, is_global=True)
def run_onboarding(run_id: str) -> None:
    """Connect the organizations of a checked file; running it twice changes nothing."""
    runs.execute(uuid.UUID(run_id))


@shared_task(name=archive.TASK, base=WorkspaceTask, is_global=True)
def carry_out_archive(approval_id: str) -> None:
    """Drop an organization whose archive a second person has approved."""
    archive.carry_out(uuid.UUID(approval_id))


@shared_task(name=upgrading.TASK, base=WorkspaceTask, is_global=True)
def carry_on_upgrade(by: str) -> None:
    """Bring the organizations that are behind to the template's version; a second run finds nothing to do."""
    upgrading.upgrade(provisioning.current_script().fingerprint, by=by)
