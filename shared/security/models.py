"""What levels above know of the measures that every organization takes: numbers and days, nothing of a person."""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

REVIEW_EVERY = datetime.timedelta(days=365)
"""Rights are reviewed every year. Source: REGION 9."""


def is_review_due(reviewed_on: datetime.date | None, day: datetime.date) -> bool:
    """Whether the rights of access were never reviewed, or too long ago."""
    return reviewed_on is None or day - reviewed_on > REVIEW_EVERY


class SecurityState(models.Model):
    """One organization's measures, written by itself in the transaction of each change. Source: R-148, R-162, R-356.

    ``notices_due_at`` are the terms of notices not sent yet, so that what is overdue is known at the moment of reading.
    """

    organization_id = models.UUIDField(primary_key=True)
    has_responsible = models.BooleanField("ответственный назначен", default=False)
    has_regulation = models.BooleanField("положение есть", default=False)
    learners = models.PositiveIntegerField("обучаются", default=0)
    consented = models.PositiveIntegerField("из них с согласием", default=0)
    open_incidents = models.PositiveIntegerField("открытые инциденты", default=0)
    notices_due_at = ArrayField(models.DateTimeField(), verbose_name="сроки уведомлений", default=list, blank=True)
    last_review_on = models.DateField("права пересмотрены", null=True, blank=True)
    as_of = models.DateTimeField("данные на")

    class Meta:
        verbose_name = "состояние защиты персональных данных"

    def __str__(self) -> str:
        return f"{self.organization_id} {self.as_of:%d.%m.%Y %H:%M}"

    @property
    def consent_share(self) -> float | None:
        """Part of the learners whose consent is in force, 0…1; nothing where nobody learns."""
        return self.consented / self.learners if self.learners else None

    def overdue_notices(self, now: datetime.datetime) -> int:
        return sum(due_at < now for due_at in self.notices_due_at)
