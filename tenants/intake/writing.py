"""Writes a plan: rows by COPY, changed values by one UPDATE a table. Every table is named by its model."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from shared.tenancy.bulk import copy_rows, update_changed, update_rows
from tenants.consents.models import Consent
from tenants.consents.terms import terms_in_force
from tenants.groups.models import Group
from tenants.intake.models import SealedDraft
from tenants.intake.plan import Plan
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.people.models import Guardian, GuardianLink, Student

# Each table after those it refers to.
TABLES: Final[tuple[type[Model], ...]] = (
    *(Group, Student, Guardian, GuardianLink, Consent, Order, Enrollment, Placement, OrderRow, SealedDraft),
)
BY_LABEL: Final = {model._meta.label: model for model in TABLES}


def take_turn() -> None:
    """Wait until no other import of this organization is being written."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('tenants.intake'), hashtext(current_schema()))")


def write(plan: Plan, *, made_by: str) -> None:
    """Carry out a plan in the caller's transaction. Raises: IntegrityError when somebody else was quicker."""
    _sign(plan, made_by)
    # Within a table changes come first: places close before others open, a class ends before the next begins.
    for model in TABLES:
        update_rows(model, plan.restored[model].values())
        update_changed(model, {key: change.new for key, change in plan.changed[model].items()})
        copy_rows(model, list(plan.created[model].values()))


def _sign(plan: Plan, made_by: str) -> None:
    """Who entered what, and when: the same for every row of an import."""
    now = timezone.now()
    for record in plan.created[Student].values():
        record.update(created_at=now, updated_at=now)
    for record in plan.restored[Student].values():
        record.update(updated_at=now)
    _sign_consents(plan, made_by, now)
    for record in plan.created[Order].values():
        record.update(status="signed", is_on_paper=True, drafted_by=made_by, drafted_at=now, signed_by=made_by)
        record.update(basis="", annulled_by="", annulled_on=None, annulled_reason="")


def _sign_consents(plan: Plan, made_by: str, now: datetime.datetime) -> None:
    """Papers of a file have no numbers; all of a kind are given to the organization's present text."""
    records = plan.created[Consent].values()
    terms = {kind: terms_in_force(kind).pk for kind in {record["kind"] for record in records}}
    for record in records:
        record.update(terms_id=terms[record["kind"]], signer="", number="", is_current=True, withdrawn_on=None)
        record.update(withdrawal_reason="", withdrawn_by="", recorded_by=made_by, recorded_at=now)
