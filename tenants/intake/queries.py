"""Reads of imports, named in domain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    from tenants.intake.models import SealedDraft  # noqa: F401


class SealedDraftQuerySet(QuerySet["SealedDraft"]):
    def sealed(self) -> SealedDraftQuerySet:
        """Who waits for a consent: never more of them than the shown columns leaves this app."""
        return self.filter(opened_on=None)

    def shown(self) -> SealedDraftQuerySet:
        return self.defer("values", "learner_key", "place_key")
