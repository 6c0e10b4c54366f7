"""Reads of what a comparison has found."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, QuerySet, Value
from django.db.models.functions import Lower, Replace

from shared.kernel.names import sort_key
from tenants.people.models import Guardian, Student
from tenants.staff.models import StaffMember

if TYPE_CHECKING:
    from tenants.recovery.models import Difference  # noqa: F401

PEOPLE: tuple[type[Model], ...] = (Student, Guardian, StaffMember)


class DifferenceQuerySet(QuerySet["Difference"]):
    def of(self, offer_id: uuid.UUID) -> DifferenceQuerySet:
        return self.filter(offer_id=offer_id)

    def shown(self, entities: Collection[str], *, is_special: bool) -> DifferenceQuerySet:
        """Of these kinds of records; that somebody has special facts at all is for few eyes."""
        found = self.filter(entity__in=entities)
        return found if is_special else found.filter(is_special=False)

    def waiting(self) -> DifferenceQuerySet:
        """What may be asked for: it is in the copy, is not taken back yet, and nothing forbids it."""
        return self.exclude(kind="later").exclude(outcome="taken").filter(barred="")

    def named_like(self, text: str) -> DifferenceQuerySet:
        """Each word somewhere in the name of the card; who is blocked since is found by no name."""
        found = self.alias(plain=Replace(Lower("title"), Value("ё"), Value("е")))
        for word in sort_key(text).split():
            found = found.filter(plain__contains=word)
        for model in PEOPLE:
            blocked: QuerySet[Any] = model._default_manager.filter(consent_withdrawn_on__isnull=False)
            found = found.exclude(people__overlap=ArraySubquery(blocked.order_by().values("pk")))
        return found

    def since(self, day: datetime.date) -> DifferenceQuerySet:
        """Changed here on this day or later."""
        return self.filter(changed_at__date__gte=day)

    def lying_in(self, keys: Collection[uuid.UUID]) -> DifferenceQuerySet:
        """Missing rows that come back with these rows."""
        return self.filter(kind="missing", owners__overlap=list(keys))

    def at(self, keys: Collection[uuid.UUID]) -> DifferenceQuerySet:
        """Missing rows with these keys."""
        return self.filter(kind="missing", key__any_of=list(keys))
