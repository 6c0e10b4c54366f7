"""Reads of the register of breaks."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from shared.maintenance.models import MaintenanceBreak  # noqa: F401

SHOWN_DAYS: Final = 90


class MaintenanceBreakQuerySet(QuerySet["MaintenanceBreak"]):
    def open(self) -> MaintenanceBreakQuerySet:
        """Announced and not over."""
        return self.filter(ended_at=None, withdrawn_at=None)

    def holding(self) -> MaintenanceBreakQuerySet:
        """Those during which writes are refused now."""
        return self.filter(closing_at__isnull=False, ended_at=None)

    def of_whole(self) -> MaintenanceBreakQuerySet:
        return self.filter(organization=None)

    def recently_over(self, now: datetime.datetime | None = None) -> MaintenanceBreakQuerySet:
        """What the public page tells of the past: breaks that took place in the last 90 days."""
        since = (now or timezone.now()) - datetime.timedelta(days=SHOWN_DAYS)
        return self.filter(Q(ended_at__gte=since)).order_by("-closing_at")
