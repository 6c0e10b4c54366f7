"""Reads of measures, named in domain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    from tenants.security.models import Incident  # noqa: F401


class IncidentQuerySet(QuerySet["Incident"]):
    def open(self) -> IncidentQuerySet:
        return self.filter(closed_on=None)
