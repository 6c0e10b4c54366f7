"""Reads of requests for a second signature."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from shared.access.approvals.models import Approval  # noqa: F401


@dataclass(frozen=True, slots=True)
class DecisionPlace:
    """Whose people ask and decide: an organization's, an authority's, or the operator's (neither)."""

    organization_id: uuid.UUID | None = None
    authority_id: int | None = None


class ApprovalQuerySet(QuerySet["Approval"]):
    def of(self, place: DecisionPlace) -> ApprovalQuerySet:
        """Requests of one place; another's do not exist."""
        return self.filter(organization=place.organization_id, authority=place.authority_id)

    def waiting(self) -> ApprovalQuerySet:
        return self.filter(decision="", expires_at__gt=timezone.now())

    def usable(self, since: datetime.datetime) -> ApprovalQuerySet:
        """Allowed not before ``since`` and not used yet."""
        return self.filter(decision="approved", decided_at__gte=since, executed_at=None)
