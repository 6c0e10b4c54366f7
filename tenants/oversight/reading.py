"""What the levels above read of one organization, in the scope that the middleware opened for them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from shared.classifiers.catalog import load_catalog
from tenants.oversight.models import OversightGroup, OversightLearner, OversightMovement

KINDS = ("enrollment", "departure")


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """A class with its numbers on a day."""

    id: uuid.UUID
    name: str
    kind: str
    grade: int | None
    learners: int
    girls: int
    health_limits: int


def groups_on(day: datetime.date) -> list[GroupFigures]:
    """Classes and groups of the academic year of ``day`` with their learners; two queries."""
    year = day.year if day.month >= 9 else day.year - 1
    counted = (
        OversightLearner.objects.on(day)
        .values("group_id")
        .annotate(
            learners=Count("id"),
            girls=Count("id", filter=Q(sex="F")),
            limited=Count("id", filter=Q(health_limits=True)),
        )
    )
    numbers = {row["group_id"]: (row["learners"], row["girls"], row["limited"]) for row in counted}
    kinds = load_catalog()["group_kind"]
    return [
        GroupFigures(group.id, group.name, kinds[group.kind].label, group.grade, *numbers.get(group.id, (0, 0, 0)))
        for group in OversightGroup.objects.filter(academic_year=year).order_by("kind", "grade", "name")
    ]


def learners_on(day: datetime.date, *, group: uuid.UUID | None = None) -> QuerySet[OversightLearner]:
    """Learners of a class, or of every class, in the order of names."""
    found = OversightLearner.objects.on(day).order_by("sort_name", "id")
    return found.filter(group_id=group) if group else found


def movement_page(kind: str) -> QuerySet[OversightMovement]:
    """Rows of signed orders, the latest first; ``kind`` narrows to arrivals or departures."""
    found = OversightMovement.objects.order_by("-effective_on", "-id")
    return found.filter(kind=kind) if kind in KINDS else found
