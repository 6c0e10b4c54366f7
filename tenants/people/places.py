"""Where a learner is or was, put together in memory from prefetched places: lists never ask once a row."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tenants.orders.models import Enrollment, Placement
    from tenants.people.models import Student

PREFETCH = ("enrollments__placements__group", "enrollments__order", "enrollments__departure_order")


def with_places(students: QuerySet[Student]) -> QuerySet[Student]:
    """Learners with everything ``places_of`` reads, in a fixed number of queries."""
    return students.prefetch_related(*PREFETCH)


@dataclass(frozen=True, slots=True)
class PlaceOn:
    """A place as it stands on a day; ``placement`` is the group of that day, of a closed place the last one."""

    enrollment: Enrollment
    placement: Placement | None
    is_held: bool

    @property
    def group_name(self) -> str:
        return self.placement.group.name if self.placement else "без класса"


def places_of(student: Student, day: datetime.date) -> list[PlaceOn]:
    """Places begun by ``day``, the held and basic first, the later before the earlier."""
    begun = [one for one in student.enrollments.all() if not one.is_annulled and one.enrolled_on <= day]
    lines = [_place(one, day) for one in begun]
    return sorted(lines, key=lambda line: (not line.is_held, not line.enrollment.is_basic, -_age(line.enrollment)))


def held_or_last(places: Iterable[PlaceOn]) -> list[PlaceOn]:
    """What a list shows: the places held, or of one who left the last of them."""
    every = list(places)
    return [one for one in every if one.is_held] or every[:1]


def _place(enrollment: Enrollment, day: datetime.date) -> PlaceOn:
    is_held = enrollment.left_on is None or enrollment.left_on > day
    known = sorted(enrollment.placements.all(), key=lambda one: one.placed_from)
    if is_held:
        known = [one for one in known if one.placed_from <= day and (one.placed_to is None or one.placed_to > day)]
    else:
        known = [one for one in known if one.placed_to is not None]
    return PlaceOn(enrollment, known[-1] if known else None, is_held)


def _age(enrollment: Enrollment) -> int:
    return enrollment.enrolled_on.toordinal()
