"""Search before create: whom an order may name."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from tenants.orders.models import Enrollment, Order
from tenants.people.listing import StudentLine
from tenants.people.models import Student
from tenants.people.places import held_or_last, places_of, with_places
from tenants.people.queries import StudentQuerySet

SHOWN = 20
SHOWN_OF_CLASS = 60


def known_learners(text: str, *, among: StudentQuerySet, by_snils: bool) -> list[StudentLine]:
    """Learners found by name, or by СНИЛС for who may see one; each with the place he has or had last."""
    if len(text.strip()) < 2:
        return []
    return _lines(among.known().found_by(text, by_snils=by_snils).order_by("sort_name", "id")[:SHOWN])


def one_learner(student_id: uuid.UUID) -> list[StudentLine]:
    """A learner whose card sent us here."""
    return _lines(Student.objects.known().filter(pk=student_id))


def open_places(
    order: Order, *, text: str = "", group_id: uuid.UUID | None = None, student_id: uuid.UUID | None = None
) -> list[Enrollment]:
    """Places that a departure may close, without those that stand in this order already."""
    named = Q()
    if text.strip():
        named &= Q(student__in=Student.objects.known().found_by(text, by_snils=True))
    if group_id is not None:
        named &= Q(placements__group=group_id, placements__placed_to=None)
    if student_id is not None:
        named &= Q(student=student_id)
    if not named:
        return []
    found = Enrollment.objects.filter(named, left_on=None, is_annulled=False).exclude(order_rows__in=order.rows.all())
    known = found.select_related("student").prefetch_related("placements__group")
    return list(known.order_by("student__sort_name", "student_id", "id").distinct()[:SHOWN_OF_CLASS])


def chosen_places(keys: Collection[str]) -> list[Enrollment]:
    """Places marked in the form, in the order of names; keys that mean nothing are left out."""
    good = [key for key in map(_uuid, keys) if key is not None]
    return list(Enrollment.objects.filter(pk__in=good).select_related("student").order_by("student__sort_name", "id"))


def as_uuid(text: str | None) -> uuid.UUID | None:
    return _uuid(text or "")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _lines(students: object) -> list[StudentLine]:
    today: datetime.date = timezone.localdate()
    known = with_places(students)  # type: ignore[arg-type]
    return [StudentLine(one, held_or_last(places_of(one, today)), today) for one in known]
