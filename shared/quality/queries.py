"""Reads of remarks, named in domain words."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

if TYPE_CHECKING:
    from shared.quality.models import Remark  # noqa: F401

_WAITING = Q(state__in=["sent", "returned"])


class RemarkQuerySet(QuerySet["Remark"]):
    def waiting(self) -> RemarkQuerySet:
        """Those that the organization has to answer."""
        return self.filter(_WAITING)

    def open(self) -> RemarkQuerySet:
        """Those that somebody still has to do something about."""
        return self.exclude(state="accepted")

    def by_organization(self, today: datetime.date) -> dict[uuid.UUID, tuple[int, int, int]]:
        """Open, overdue and answered ones of every organization that has any, in one query."""
        found = (
            self.order_by()
            .values("organization_id")
            .annotate(
                open=Count("pk", filter=~Q(state="accepted")),
                overdue=Count("pk", filter=_WAITING & Q(due_on__lt=today)),
                answered=Count("pk", filter=Q(state="answered")),
            )
        )
        return {row["organization_id"]: (row["open"], row["overdue"], row["answered"]) for row in found}
