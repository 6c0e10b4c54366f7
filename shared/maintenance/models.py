"""The register of maintenance breaks (технологические перерывы). Source: R-277 to R-279; STAFF_TRAINING 11."""

from __future__ import annotations

import datetime
from typing import Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from shared.maintenance.queries import MaintenanceBreakQuerySet
from shared.organizations.models import Organization
from shared.tenancy.gate import WHOLE

NOTICE: Final = datetime.timedelta(minutes=15)  # the end is announced so long before it, or earlier: R-278


class Stage(models.TextChoices):
    ANNOUNCED = "announced", "Объявлен"
    CLOSING = "closing", "Запись останавливается"
    RUNNING = "running", "Идёт"
    ENDING = "ending", "Идёт, окончание объявлено"
    ENDED = "ended", "Завершён"
    WITHDRAWN = "withdrawn", "Отменён"


class MaintenanceBreak(models.Model):
    """One break, from its announcement to its end; ``id`` is its number in the register.

    ``closing_at``: from then on no write begins. ``started_at``: the last write begun before has ended, so from then
    on everything stays as it is. ``ends_at`` is the end as announced at ``end_announced_at``, ``planned_end`` only what
    is expected. ``place`` is the number of the one organization it holds, 0 for the whole installation.
    """

    class Kind(models.TextChoices):
        PLANNED = "planned", "Плановый"
        FAILURE = "failure", "Из-за неисправности"

    id = models.AutoField("номер", primary_key=True)
    kind = models.CharField("вид", max_length=8, choices=Kind)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="организация"
    )
    place = models.PositiveIntegerField("место", default=WHOLE)
    reason = models.CharField("причина", max_length=300)
    planned_start = models.DateTimeField("начало по плану")
    planned_end = models.DateTimeField("ожидаемое окончание", null=True)
    announced_at = models.DateTimeField("объявлен")
    announced_by = models.CharField("кто объявил", max_length=200)
    closing_at = models.DateTimeField("запись закрыта", null=True)
    started_at = models.DateTimeField("начат", null=True)
    started_by = models.CharField("кто начал", max_length=200, blank=True)
    end_announced_at = models.DateTimeField("окончание объявлено", null=True)
    end_announced_by = models.CharField("кто объявил окончание", max_length=200, blank=True)
    ends_at = models.DateTimeField("объявленное окончание", null=True)
    ended_at = models.DateTimeField("завершён", null=True)
    ended_by = models.CharField("кто завершил", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("отменён", null=True)
    withdrawn_by = models.CharField("кто отменил", max_length=200, blank=True)

    objects = MaintenanceBreakQuerySet.as_manager()

    class Meta:
        verbose_name = "технологический перерыв"
        ordering = ["-planned_start", "-id"]
        constraints = [
            models.CheckConstraint(
                name="break_end_announced_in_time",
                condition=Q(ends_at=None, end_announced_at=None)
                | Q(
                    ends_at__isnull=False,
                    end_announced_at__isnull=False,
                    ends_at__gte=F("end_announced_at") + NOTICE,
                ),
            ),
            models.CheckConstraint(
                name="break_ended_as_announced",
                condition=Q(ended_at=None) | Q(ends_at__isnull=False, ended_at__gte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="break_has_order",
                condition=(Q(planned_end=None) | Q(planned_end__gt=F("planned_start")))
                & (Q(started_at=None) | Q(closing_at__isnull=False, started_at__gte=F("closing_at")))
                & (Q(ended_at=None) | Q(closing_at__isnull=False))
                & (Q(closing_at=None) | Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="break_planned_has_end", condition=~Q(kind="planned") | Q(planned_end__isnull=False)
            ),
            models.UniqueConstraint(
                name="break_one_at_a_time",
                fields=["place"],
                condition=Q(closing_at__isnull=False, ended_at=None),
            ),
            ExclusionConstraint(
                name="break_planned_once",
                expressions=[
                    ("place", "="),
                    (
                        Func("planned_start", "planned_end", function="tstzrange", output_field=DateTimeRangeField()),
                        "&&",
                    ),
                ],
                condition=Q(kind="planned", ended_at=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk} от {timezone.localtime(self.announced_at):%d.%m.%Y %H:%M}"

    @property
    def stage(self) -> Stage:
        """Where it stands; what the register, the console and the public page say alike."""
        if self.withdrawn_at:
            return Stage.WITHDRAWN
        if self.ended_at:
            return Stage.ENDED
        if self.closing_at is None:
            return Stage.ANNOUNCED
        if self.started_at is None:
            return Stage.CLOSING
        return Stage.ENDING if self.ends_at else Stage.RUNNING

    @property
    def is_holding(self) -> bool:
        """Whether writes are refused now."""
        return self.closing_at is not None and self.ended_at is None

    @property
    def is_open(self) -> bool:
        """Whether it is to come or goes on."""
        return self.ended_at is None and self.withdrawn_at is None


class Heartbeat(models.Model):
    """When a part of the installation was last alive, for the page that tells everybody."""

    part = models.CharField("часть", max_length=20, primary_key=True)
    at = models.DateTimeField("когда")

    class Meta:
        verbose_name = "отметка работы"

    def __str__(self) -> str:
        return self.part


class Fault(models.Model):
    """How many answers or tasks of an organization failed on a day; without an organization, of everything else."""

    class Source(models.TextChoices):
        ANSWER = "answer", "Ответы"
        TASK = "task", "Задачи"

    id = models.BigAutoField(primary_key=True)
    day = models.DateField("день")
    organization_id = models.UUIDField("организация", null=True)
    source = models.CharField("что", max_length=8, choices=Source)
    number = models.PositiveIntegerField("сколько")
    last_at = models.DateTimeField("последний")

    class Meta:
        verbose_name = "сбой"
        constraints = [
            models.UniqueConstraint(
                name="fault_day_organization_source",
                fields=["day", "organization_id", "source"],
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(name="fault_organization", fields=["organization_id", "day"])]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {self.number}"
