"""Reads of duty orders, named in domain words."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

if TYPE_CHECKING:
    from tenants.duties.models import DutyOrder, DutyRow  # noqa: F401


class DutyOrderQuerySet(QuerySet["DutyOrder"]):
    def in_force(self) -> DutyOrderQuerySet:
        return self.filter(status="in_force")

    def current(self, year: int) -> DutyOrderQuerySet:
        """The order that binds in an academic year: its own, until then the last one before it."""
        return self.in_force().filter(academic_year__lte=year).order_by("-academic_year")

    def with_counts(self) -> DutyOrderQuerySet:
        return self.annotate(
            row_count=Count("rows", distinct=True), reader_count=Count("acknowledgements", distinct=True)
        ).order_by("-academic_year", "-drafted_at", "-id")


def duties_of(rows: QuerySet[DutyRow], account_id: uuid.UUID, roles: Iterable[str]) -> QuerySet[DutyRow]:
    """What concerns one person: his roles and he himself."""
    return rows.filter(Q(role__in=list(roles)) | Q(account_id=account_id)).order_by("order", "position")


def shifted(day: datetime.date | None, years: int) -> datetime.date | None:
    """The same day of another year; the last of February where there is no twenty-ninth."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
