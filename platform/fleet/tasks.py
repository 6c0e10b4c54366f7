"""Celery entry points of the operator plane; they open their transactions themselves."""

from __future__ import annotations

import uuid

from celery import shared_task

from fleet import addresses, archive, provisioning, subordination, upgrading
from fleet.backups import comparing
from fleet.onboarding import runs
from shared.tenancy.tasks import WorkspaceTask
from tenants.recovery.asking import COMPARE_TASK


@shared_task(name=runs.TASK, base=WorkspaceTask, is_global=True)
def run_onboarding(run_id: str) -> None:
    """Connect the organizations of a checked file; running it twice changes nothing."""
    runs.execute(uuid.UUID(run_id))


@shared_task(name=archive.TASK, base=WorkspaceTask, is_global=True)
def carry_out_archive(approval_id: str) -> None:
    """Drop an organization whose archive a second person has approved."""
    archive.carry_out(uuid.UUID(approval_id))


@shared_task(name=addresses.TASK, base=WorkspaceTask, is_global=True)
def leave_hosts(organization: str, hosts: list[str]) -> None:
    """End what was open on the hosts that an organization has left."""
    addresses.leave_hosts(uuid.UUID(organization), hosts)


@shared_task(name=subordination.TASK, base=WorkspaceTask, is_global=True)
def carry_out_subordination(subordination_id: str) -> None:
    """Carry out a change of municipality or founder whose day has come; a second run finds nothing to do."""
    subordination.carry_out(uuid.UUID(subordination_id))


@shared_task(name=COMPARE_TASK, base=WorkspaceTask)
def compare_copy(offer_id: str) -> None:
    """Compare an offered copy with its organization, in whose scope it runs; a second run finds the same."""
    comparing.compare(uuid.UUID(offer_id))


@shared_task(name=upgrading.TASK, base=WorkspaceTask, is_global=True, is_exempt=True)
def carry_on_upgrade(by: str) -> None:
    """Bring the organizations that are behind to the template's version; a second run finds nothing to do."""
    upgrading.upgrade(provisioning.current_script().fingerprint, by=by)
