"""Whose territory and founder an organization is of, by days.

An organization that never changed either has no row: its own facts hold for every day. Source: REGION 1, R-001.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from shared.kernel.ids import new_id


class SubordinationQuerySet(models.QuerySet["Subordination"]):
    def in_force(self) -> SubordinationQuerySet:
        """What was carried out: the days of the registry follow it."""
        return self.exclude(carried_out_at=None)

    def planned(self) -> SubordinationQuerySet:
        return self.filter(carried_out_at=None)


class Subordination(models.Model):
    """From a day on an organization belongs to another municipality, to another founder, or to both.

    ``was_…`` is what held until that day. A row without ``carried_out_at`` is a plan: nothing follows it yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="subordinations", verbose_name="организация"
    )
    valid_from = models.DateField("с")
    municipality = models.ForeignKey(
        "organizations.Municipality", models.PROTECT, null=True, related_name="+", verbose_name="муниципалитет"
    )
    founder = models.ForeignKey(
        "organizations.AuthorityBody", models.PROTECT, null=True, related_name="+", verbose_name="учредитель"
    )
    was_municipality = models.ForeignKey(
        "organizations.Municipality", models.PROTECT, null=True, related_name="+", verbose_name="прежний муниципалитет"
    )
    was_founder = models.ForeignKey(
        "organizations.AuthorityBody", models.PROTECT, null=True, related_name="+", verbose_name="прежний учредитель"
    )
    ground = models.CharField("основание", max_length=300, blank=True)
    recorded_by = models.CharField("кто записал", max_length=310)
    recorded_at = models.DateTimeField("записано", auto_now_add=True)
    carried_out_at = models.DateTimeField("выполнено", null=True)

    objects = SubordinationQuerySet.as_manager()

    class Meta:
        verbose_name = "смена муниципалитета или учредителя"
        ordering = ["valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                name="subordination_one_a_day", fields=["organization", "valid_from"], condition=~Q(carried_out_at=None)
            ),
            models.UniqueConstraint(
                name="subordination_one_plan", fields=["organization"], condition=Q(carried_out_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"с {self.valid_from:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Span:
    """Where an organization belongs on the days ``[valid_from, valid_to)``; None is without a bound."""

    valid_from: datetime.date | None
    valid_to: datetime.date | None
    municipality_id: str | None
    founder_id: int | None


def spans_of(organization_id: uuid.UUID, municipality_id: str | None, founder_id: int | None) -> list[Span]:
    """Every day of an organization, in order and without gaps; its present facts hold where no change is known."""
    changes = Subordination.objects.in_force().filter(organization_id=organization_id).order_by("valid_from")
    rows = list(
        changes.values_list("valid_from", "municipality_id", "founder_id", "was_municipality_id", "was_founder_id")
    )
    if not rows:
        return [Span(None, None, municipality_id, founder_id)]
    first = rows[0]
    ends = [row[0] for row in rows[1:]] + [None]
    return [
        Span(None, first[0], first[3], first[4]),
        *(Span(row[0], end, row[1], row[2]) for row, end in zip(rows, ends, strict=True)),
    ]
