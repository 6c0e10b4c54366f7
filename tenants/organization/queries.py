"""Reads of the card's rows, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from tenants.organization.models import OrganizationDocument, ResponsiblePerson  # noqa: F401


class ResponsibleQuerySet(QuerySet["ResponsiblePerson"]):
    def on(self, day: datetime.date) -> ResponsibleQuerySet:
        """Who is in charge on ``day``."""
        return self.filter(Q(held_to=None) | Q(held_to__gt=day), held_from__lte=day)


class PlaceQuerySet(QuerySet[Any]):  # Any: buildings, rooms and equipment close alike
    def in_use(self) -> PlaceQuerySet:
        return self.filter(closed_on=None)


class PaperQuerySet(QuerySet["OrganizationDocument"]):
    def current(self) -> PaperQuerySet:
        return self.filter(is_current=True)
