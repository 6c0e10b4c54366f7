"""Tasks of this app, where the worker looks for them."""

from __future__ import annotations

from celery import shared_task

from shared.kernel.rules import RuleViolation
from shared.tenancy.tasks import WorkspaceTask
from tenants.cards import group_edit
from tenants.cards.files.tasks import apply_cards as apply_cards
from tenants.cards.files.tasks import check_cards as check_cards
from tenants.cards.hands import hand_of_worker
from tenants.cards.kinds import KINDS
from tenants.cards.models import SectionDraft


@shared_task(name=group_edit.APPLY_TASK, base=WorkspaceTask)
def apply_group_edit(plan_id: str, kind: str, by: str) -> None:
    """Apply a long group change in its organization; a second run finds it applied and does nothing."""
    plan = SectionDraft.objects.filter(pk=plan_id).first()
    if plan is None or plan.base.get("state") != "queued":
        return
    try:
        group_edit.apply_plan(KINDS[kind], plan, hand=hand_of_worker(KINDS[kind], by=by))
    except RuleViolation as violation:
        SectionDraft.objects.filter(pk=plan_id).update(base={"refusal": str(violation)})
