"""Handing the figures up: a change leaves a mark (a trigger, ``quality_mark``), the worker counts the marked anew.

Counting inside every save would cost the clerk half a second each time, so the mark alone is of his transaction and
the count follows within the second, in a rush of writes within a minute: whatever was committed before the count began
is in it, whatever comes later has a mark of its own. Days change figures too (a card grows old, a document ends), so
each organization is also counted once a day. The municipality, the region and the head then read the same rows.
Source: ARCHITECTURE 5, R-151, R-159.

What lacks and what is stale is one query a kind. The checks are functions in Python over whole cards, about a second
for a large school, so they run with the first change and then at most every ``CHECK_EVERY`` while changes go on.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterable
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from shared.cards.kinds import CardKind
from shared.organizations.models import Organization
from shared.quality.models import Mark, QualitySummary
from shared.tenancy import scopes
from shared.tenancy.connection import tenant_connection
from shared.tenancy.gate import HeldByBreak
from tenants.cards.kinds import KINDS
from tenants.quality.cards import counted, sealed
from tenants.quality.counting import Filling, counted_states
from tenants.quality.reliability import tally

logger = logging.getLogger(__name__)
CHECK_EVERY: Final = datetime.timedelta(minutes=10)
_FIGURES: Final = ("cards", "sealed", "whole", "due", "filled", "explained", "stale", "counted_at")
_CHECKS: Final = ("broken", "doubtful", "checked_at")


def recount_marked() -> int:
    """Count where cards have changed; returns for how many organizations. For the worker's poll."""
    with transaction.atomic():
        marked = Mark.objects.order_by().values("schema_name").distinct()
        schemas = list(_working().filter(schema_name__in=marked).values_list("schema_name", flat=True))
    return _recount(schemas, only_marked=True)


def recount_old() -> int:
    """Count where nothing was counted today or the checks lag; returns for how many organizations. For the poll."""
    now = timezone.now()
    midnight = timezone.make_aware(datetime.datetime.combine(timezone.localdate(), datetime.time.min))
    checked = Q(checked_at__gte=F("counted_at")) | Q(checked_at__gt=now - CHECK_EVERY)
    with transaction.atomic():
        fresh = QualitySummary.objects.filter(checked, counted_at__gte=midnight).order_by()
        whole = fresh.values("organization_id").annotate(kinds=Count("kind")).filter(kinds=len(KINDS))
        waiting = _working().exclude(pk__in=whole.values("organization_id"))
        schemas = list(waiting.values_list("schema_name", flat=True))
    return _recount(schemas, only_marked=False)


def hand_up_quality(*, only_marked: bool = False) -> bool:
    """Count this organization's cards and tell the levels above; says whether there was anything to count.

    Runs in the organization's scope. The marks go first: two counts of one organization wait for each other there, and
    the second finds nothing left to do.
    """
    taken, _ = Mark.objects.all().delete()
    if only_marked and not taken:
        return False
    schema = tenant_connection().scope.schema
    organization_id = Organization.objects.values_list("pk", flat=True).get(schema_name=schema)
    with_checks = not only_marked or _are_checks_due(organization_id)
    QualitySummary.objects.bulk_create(
        [summary_of(kind, organization_id, with_checks=with_checks) for kind in KINDS.values()],
        update_conflicts=True,
        unique_fields=["organization_id", "kind"],
        update_fields=[*_FIGURES, *(_CHECKS if with_checks else ())],
    )
    return True


def summary_of(kind: CardKind, organization_id: uuid.UUID, *, with_checks: bool) -> QualitySummary:
    """The figures of one kind of cards as they are now."""
    now, today = timezone.now(), timezone.localdate()
    found = Filling.of(kind, counted_states(kind, today))
    summary = QualitySummary(
        organization_id=organization_id,
        kind=kind.code,
        cards=found.cards,
        sealed=sealed(kind, today).count(),
        whole=found.whole,
        due=found.due,
        filled=found.filled,
        explained=found.explained,
        stale=found.stale,
        counted_at=now,
    )
    if with_checks:
        doubts = tally(kind, counted(kind, today), today)
        summary.broken, summary.doubtful = doubts.of_level("hard"), doubts.of_level("soft")
        summary.checked_at = now
    return summary


def _are_checks_due(organization_id: uuid.UUID) -> bool:
    recent = QualitySummary.objects.filter(organization_id=organization_id, checked_at__gt=timezone.now() - CHECK_EVERY)
    return recent.count() < len(KINDS)


def _working() -> QuerySet[Organization]:
    return Organization.objects.exclude(status=Organization.Status.ARCHIVED)


def _recount(schemas: Iterable[str], *, only_marked: bool) -> int:
    counted_now = 0
    for schema in schemas:
        try:
            with scopes.enter(scopes.of_organization(schema).by("worker")):
                counted_now += hand_up_quality(only_marked=only_marked)
        except HeldByBreak:
            continue
        except DatabaseError:
            # Counted in the next round; one organization must not hold up the others.
            logger.exception("quality of data not counted", extra={"schema": schema})
    return counted_now
