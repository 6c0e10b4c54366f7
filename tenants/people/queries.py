"""Reads of people, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from shared.kernel.names import sort_key

if TYPE_CHECKING:
    from tenants.people.models import Student  # noqa: F401


class StudentQuerySet(QuerySet["Student"]):
    def known(self) -> StudentQuerySet:
        """Everyone who is not hidden by an undone import."""
        return self.filter(is_annulled=False)

    def named_like(self, text: str) -> StudentQuerySet:
        """Every word of ``text`` stands somewhere in the name; ё and е, upper and lower case are equal."""
        found = self
        for word in sort_key(text).split():
            found = found.filter(sort_name__contains=word)
        return found

    def enrolled_on(self, day: datetime.date) -> StudentQuerySet:
        """Who has a place on ``day``."""
        held = Q(enrollments__left_on=None) | Q(enrollments__left_on__gt=day)
        return self.filter(
            held, enrollments__enrolled_on__lte=day, enrollments__is_annulled=False
        ).distinct()
