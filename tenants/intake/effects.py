"""What an import did, remembered for its undo."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.db.models import F, Func, Model, QuerySet
from django.utils import timezone

from shared.kernel.ids import new_id
from shared.tenancy.bulk import copy_rows, plain, update_changed
from tenants.intake.models import ImportChange, ImportEffect, ImportRun
from tenants.intake.plan import Plan
from tenants.intake.writing import TABLES
from tenants.orders.models import Order, OrderRow

MOVED_REASON: Final = "Все строки перенесены в другой приказ"


def remember(run: ImportRun, plan: Plan) -> None:
    """Write down the keys of what was made and the values of what was changed."""
    for model in TABLES:
        keys = [*plan.created[model], *plan.restored[model]]
        if keys:
            ImportEffect.objects.create(run=run, subject=model._meta.label, keys=keys)
    copy_rows(
        ImportChange,
        [
            {
                "id": new_id(),
                "run_id": run.pk,
                "subject": model._meta.label,
                "key": key,
                "old": plain(change.old),
                "new": plain(change.new),
            }
            for model in TABLES
            for key, change in plan.changed[model].items()
        ],
    )


def made_by_run(run: ImportRun, model: type[Model]) -> QuerySet[ImportEffect, uuid.UUID]:
    """Keys of the rows of a table that an import made or brought back, as a subquery: they may be many thousands."""
    effects = ImportEffect.objects.filter(run=run, subject=model._meta.label)
    return effects.annotate(key=Func(F("keys"), function="unnest")).values_list("key", flat=True)


def annul_emptied_orders(plan: Plan, *, made_by: str) -> None:
    """An order that lost its last row to another one is annulled; the plan remembers it."""
    struck = [key for key, change in plan.changed[OrderRow].items() if change.new.get("is_annulled")]
    if not struck:
        return
    orders = OrderRow.objects.filter(pk__in=struck).values("order_id")
    emptied = Order.objects.in_force().filter(pk__in=orders).exclude(rows__is_annulled=False)
    new = annulment(made_by, MOVED_REASON)
    for key in emptied.values_list("pk", flat=True):
        old = {"status": "signed", "annulled_by": "", "annulled_on": None, "annulled_reason": ""}
        plan.set(Order, key, **{column: (old[column], new[column]) for column in old})
        update_changed(Order, {key: new})


def annulment(made_by: str, reason: str) -> dict[str, Any]:
    """Columns of an annulled order."""
    return {
        "status": Order.Status.ANNULLED.value,
        "annulled_by": made_by,
        "annulled_on": timezone.localdate(),
        "annulled_reason": reason,
    }
