"""Reads of classes and groups, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

if TYPE_CHECKING:
    from tenants.groups.models import Group  # noqa: F401


class GroupQuerySet(QuerySet["Group"]):
    def known(self) -> GroupQuerySet:
        """Everything that an undone import did not take back."""
        return self.filter(is_annulled=False)

    def of_year(self, year: int) -> GroupQuerySet:
        return self.known().filter(academic_year=year)

    def with_headcount(self, day: datetime.date) -> GroupQuerySet:
        """``headcount``, ``boys`` and ``girls`` at the end of ``day``, in the same query."""
        here = (
            Q(placements__placed_from__lte=day, placements__enrollment__is_annulled=False)
            & (Q(placements__placed_to=None) | Q(placements__placed_to__gt=day))
            & (Q(placements__enrollment__left_on=None) | Q(placements__enrollment__left_on__gt=day))
        )
        return self.annotate(
            headcount=Count("placements", filter=here),
            boys=Count("placements", filter=here & Q(placements__enrollment__student__sex="M")),
            girls=Count("placements", filter=here & Q(placements__enrollment__student__sex="F")),
        ).order_by("kind", "grade", "name", "id")  # grouping drops the model's own order
