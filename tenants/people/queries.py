"""Reads of people, named in domain words."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from shared.kernel.names import sort_key

if TYPE_CHECKING:
    from tenants.people.models import Student  # noqa: F401


@dataclass(frozen=True, slots=True)
class Place:
    """What a place must be like; empty ``status`` means held or left."""

    day: datetime.date
    status: str = ""
    program_kind: str = ""
    grade: int | None = None
    group_id: uuid.UUID | None = None


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
        return self.filter(held, enrollments__enrolled_on__lte=day, enrollments__is_annulled=False).distinct()

    def found_by(self, text: str, *, by_snils: bool) -> StudentQuerySet:
        """A search line: words of the name, or eleven digits of a СНИЛС for who may see one.

        Without that right a number finds nobody: an answer would confirm whose it is.
        """
        digits = "".join(filter(str.isdigit, text))
        is_number = by_snils and len(digits) == 11 and not any(map(str.isalpha, text))
        return self.filter(snils=digits) if is_number else self.named_like(text)

    def placed(self, place: Place) -> StudentQuerySet:
        """Who has, or had and left, such a place on a day; one place must fit every condition."""
        day = place.day
        held = Q(enrollments__left_on=None) | Q(enrollments__left_on__gt=day)
        fits = Q(enrollments__is_annulled=False, enrollments__enrolled_on__lte=day)
        if place.status == "enrolled":
            fits &= held
        elif place.status == "left":
            fits &= Q(enrollments__left_on__lte=day)
        if place.program_kind:
            fits &= Q(enrollments__program_kind=place.program_kind)
        if place.grade is not None or place.group_id is not None:
            fits &= self._grouped(place)
        found = self.filter(pk__in=self.model.objects.filter(fits).values("pk"))
        if place.status == "left":
            still = Q(enrollments__is_annulled=False, enrollments__enrolled_on__lte=day) & held
            found = found.exclude(pk__in=self.model.objects.filter(still).values("pk"))
        return found

    def _grouped(self, place: Place) -> Q:
        """The group of the day; of one who left, the group he left from."""
        here = Q(enrollments__placements__placed_from__lte=place.day)
        until = Q(enrollments__placements__placed_to=None) | Q(enrollments__placements__placed_to__gt=place.day)
        last = Q(enrollments__placements__placed_to=F("enrollments__left_on"))
        here &= {"enrolled": until, "left": last}.get(place.status, until | last)
        if place.grade is not None:
            here &= Q(enrollments__placements__group__grade=place.grade)
        if place.group_id is not None:
            here &= Q(enrollments__placements__group=place.group_id)
        return here
