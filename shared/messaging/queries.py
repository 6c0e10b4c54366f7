"""Reads of the task outbox."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from shared.maintenance.models import MaintenanceBreak

if TYPE_CHECKING:
    from shared.messaging.models import TaskOutbox  # noqa: F401


class TaskOutboxQuerySet(QuerySet["TaskOutbox"]):
    def due(self) -> TaskOutboxQuerySet:
        """Tasks that may run now, by the clock of the database: those of several machines differ."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=Now()))

    def outside_breaks(self, exempt: Collection[str]) -> TaskOutboxQuerySet:
        """Without those that a maintenance break holds; tasks of the names in ``exempt`` it does not hold. R-279."""
        here = Q(organization=None) | Q(organization_id=OuterRef("organization_id"))
        return self.filter(Q(name__in=exempt) | ~Exists(MaintenanceBreak.objects.holding().filter(here)))
