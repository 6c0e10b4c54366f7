"""Reads of orders, places and movement, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

if TYPE_CHECKING:
    from tenants.orders.models import Enrollment, Order, Placement  # noqa: F401


class OrderQuerySet(QuerySet["Order"]):
    def in_force(self) -> OrderQuerySet:
        return self.filter(status="signed")

    def drafts(self) -> OrderQuerySet:
        return self.filter(status="draft")

    def awaiting_signature(self) -> OrderQuerySet:
        """Drafts that the secretary has finished."""
        return self.filter(status="draft", sent_at__isnull=False)

    def with_row_count(self) -> OrderQuerySet:
        return self.annotate(row_count=Count("rows"))


class EnrollmentQuerySet(QuerySet["Enrollment"]):
    def on(self, day: datetime.date) -> EnrollmentQuerySet:
        """Places that are counted on ``day``: the day of departure is the first day not counted."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), enrolled_on__lte=day, is_annulled=False)


class PlacementQuerySet(QuerySet["Placement"]):
    def on(self, day: datetime.date) -> PlacementQuerySet:
        """Who is in a group at the end of ``day``."""
        held = Q(placed_to=None) | Q(placed_to__gt=day)
        still_here = Q(enrollment__left_on=None) | Q(enrollment__left_on__gt=day)
        return self.filter(held, still_here, placed_from__lte=day, enrollment__is_annulled=False)
