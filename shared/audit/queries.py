"""Reads of a log, named in its words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.utils import timezone


class EventQuerySet(models.QuerySet[Any]):  # Any: one manager for the log of every schema
    """Records of one log, whichever table it is."""

    def since(self, day: datetime.date) -> Self:
        return self.filter(at__gte=_midnight(day))

    def until(self, day: datetime.date) -> Self:
        """Up to the end of ``day``."""
        return self.filter(at__lt=_midnight(day + datetime.timedelta(days=1)))

    def about(self, object_ids: Iterable[str]) -> Self:
        """Everything about these records, and what was done to them without a change."""
        return self.filter(object_id__in=list(object_ids))

    def names_of(self, actors: Iterable[str]) -> dict[str, str]:
        """The latest recorded name of each of these actors; one without a name is absent."""
        known = self.filter(actor__in=list(actors)).exclude(actor_name="").order_by("actor", "-id").distinct("actor")
        return dict(known.values_list("actor", "actor_name"))


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
