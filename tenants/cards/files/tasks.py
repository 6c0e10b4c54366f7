"""Celery entry points of files of cards."""

from __future__ import annotations

from celery import shared_task

from shared.kernel.rules import RuleViolation
from shared.tenancy.tasks import WorkspaceTask
from tenants.cards.files import services
from tenants.cards.files.models import CardFile


@shared_task(name=services.CHECK_TASK, base=WorkspaceTask)
def check_cards(run_id: str) -> None:
    """The next few seconds of a check; each step commits, so the page sees how far it is."""
    run = CardFile.objects.filter(pk=run_id, status=CardFile.Status.CHECKING).first()
    if run is not None:
        services.check_step(run)


@shared_task(name=services.APPLY_TASK, base=WorkspaceTask)
def apply_cards(run_id: str, all_or_nothing: bool, skip_moved: bool, by: str) -> None:
    """Apply a long file in its organization; a second run finds it applied and does nothing."""
    run = CardFile.objects.filter(pk=run_id, status=CardFile.Status.QUEUED).first()
    if run is None:
        return
    try:
        services.apply_or_mark(run, all_or_nothing=all_or_nothing, skip_moved=skip_moved, by=by)
    except RuleViolation as violation:
        CardFile.objects.filter(pk=run_id).update(status=CardFile.Status.STAGED, refusal=str(violation))
