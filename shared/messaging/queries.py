"""Reads of the task outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

if TYPE_CHECKING:
    from shared.messaging.models import TaskOutbox  # noqa: F401


class TaskOutboxQuerySet(QuerySet["TaskOutbox"]):
    def due(self) -> TaskOutboxQuerySet:
        """Tasks that may run now, by the clock of the database: those of several machines differ."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=Now()))
