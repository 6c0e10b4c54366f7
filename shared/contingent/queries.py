"""Reads of the registry, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from shared.contingent.models import RegistryEnrollment  # noqa: F401


class RegistryEnrollmentQuerySet(QuerySet["RegistryEnrollment"]):
    def on(self, day: datetime.date) -> RegistryEnrollmentQuerySet:
        """The rows counted on ``day``: one for every place. Source: INTERFACES 6."""
        return self.filter(Q(days_to=None) | Q(days_to__gt=day), days_from__lte=day)
