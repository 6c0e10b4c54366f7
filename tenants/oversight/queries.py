"""Reads of the limited views."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from tenants.oversight.models import OversightLearner  # noqa: F401


class LearnerPlaceQuerySet(QuerySet["OversightLearner"]):
    def on(self, day: datetime.date) -> LearnerPlaceQuerySet:
        """Places of ``day``, each with its class of that day, or without one where no class covers the day."""
        held = Q(left_on=None) | Q(left_on__gt=day)
        placed = Q(placed_from=None) | Q(placed_from__lte=day) & (Q(placed_to=None) | Q(placed_to__gt=day))
        return self.filter(held & placed, enrolled_on__lte=day)
