"""Cases of the support service: the only way of an operator to an organization's people."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils import timezone

from shared.accounts.models import Account
from shared.kernel.ids import new_id
from shared.organizations.models import Organization

LONGEST_HOURS: Final = 72
MOST_ROWS: Final = 5000
USUAL_HOURS: Final = 4
USUAL_ROWS: Final = 200


class SupportCaseQuerySet(models.QuerySet["SupportCase"]):
    def in_force(self, now: datetime.datetime | Now) -> SupportCaseQuerySet:
        """Cases that open the organization's data right now."""
        return self.filter(closed_at=None, ends_at__gt=now, rows_seen__lt=F("rows_budget"))


class SupportCase(models.Model):
    """What an organization lets an engineer of the operator see: for a question, a time and a number of people.

    Opened by the organization, taken by one engineer, ended by the organization, the time or the budget. ``rows_seen``
    counts people shown to him. Source: R-031, R-179, STYLE 3.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт инженера"
        TAKEN = "taken", "В работе"
        EXPIRED = "expired", "Срок истёк"
        SPENT = "spent", "Предел строк исчерпан"
        CLOSED = "closed", "Закрыто"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(
        "номер",
        unique=True,
        editable=False,
        db_default=Func(Value("access_supportcase_number"), function="nextval", output_field=models.BigIntegerField()),
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="support_cases")
    question = models.TextField("вопрос", max_length=1000)
    rows_budget = models.PositiveIntegerField("сколько строк можно увидеть")
    rows_seen = models.PositiveIntegerField("показано строк", default=0)
    opened_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="кто открыл")
    opened_at = models.DateTimeField("открыто")
    ends_at = models.DateTimeField("действует до")
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="инженер")
    taken_at = models.DateTimeField("взято", null=True)
    entered_at = models.DateTimeField("последний вход инженера", null=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="кто закрыл")
    closed_at = models.DateTimeField("закрыто", null=True)

    objects = SupportCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "обращение в поддержку"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="supportcase_one_open", fields=["organization"], condition=Q(closed_at=None)),
            models.CheckConstraint(name="supportcase_within_budget", condition=Q(rows_seen__lte=F("rows_budget"))),
            models.CheckConstraint(
                name="supportcase_budget", condition=Q(rows_budget__gte=1, rows_budget__lte=MOST_ROWS)
            ),
            models.CheckConstraint(
                name="supportcase_hours",
                condition=Q(
                    ends_at__gt=F("opened_at"),
                    ends_at__lte=F("opened_at") + datetime.timedelta(hours=LONGEST_HOURS),
                ),
            ),
            models.CheckConstraint(
                name="supportcase_taken_whole",
                condition=Q(taken_by=None, taken_at=None, entered_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(
                name="supportcase_two_people", condition=Q(taken_by=None) | ~Q(taken_by=F("opened_by"))
            ),
            models.CheckConstraint(
                name="supportcase_closed_whole", condition=Q(closed_by=None) | Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def rows_left(self) -> int:
        return self.rows_budget - self.rows_seen

    @property
    def state(self) -> SupportCase.State:
        """Where the case stands now."""
        if self.closed_at is not None:
            return self.State.CLOSED
        if self.ends_at <= timezone.now():
            return self.State.EXPIRED
        if not self.rows_left:
            return self.State.SPENT
        return self.State.TAKEN if self.taken_by_id else self.State.WAITING

    @property
    def is_in_force(self) -> bool:
        return self.state in (self.State.WAITING, self.State.TAKEN)
