"""The book of sealed archives: what was made, of what, by whom, until when it is kept, and on which carriers it is.

Public, not the organization's: it outlives the schema that an archive was made of. Source: R-338, ORGANIZATION 12.7.
"""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from shared.archive.parts import Span
from shared.kernel.ids import new_id

LIVE: Final = ("queued", "running")


class Package(models.Model):
    """One sealed archive of one organization: one file, whole or not there.

    ``parts`` are the codes of what was asked for and allowed, ``left_out`` what was not and why, ``needs`` the rights
    that opening the file asks for; ``contents`` are the parts as they were written. ``digest`` is the control sum of
    the contents that the act prints. ``people`` is how many learners the file names. ``moved_at`` is when somebody was
    last at it: one that nobody has been at for a while was cut off.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "В очереди"
        RUNNING = "running", "Собирается"
        DONE = "done", "Готов"
        FAILED = "failed", "Не собран"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField("организация")
    number = models.PositiveIntegerField("номер")
    status = models.CharField("состояние", max_length=8, choices=Status, default=Status.QUEUED)
    kind = models.CharField("за какой срок", max_length=5, choices=Span.KINDS)
    first_on = models.DateField("с")
    last_on = models.DateField("по")
    parts = ArrayField(models.CharField(max_length=40), verbose_name="части")
    needs = ArrayField(models.CharField(max_length=40), verbose_name="права", default=list)
    left_out = models.JSONField("не вошло", default=list)
    contents = models.JSONField("содержание", default=list)
    reason = models.CharField("основание", max_length=300, blank=True)
    done = models.PositiveSmallIntegerField("готово частей", default=0)
    current = models.CharField("что собирается", max_length=200, blank=True)
    failure = models.CharField("почему не собран", max_length=300, blank=True)
    rows = models.PositiveIntegerField("записей", default=0)
    people = models.PositiveIntegerField("обучающихся", default=0)
    files = models.PositiveIntegerField("файлов", default=0)
    file = models.CharField("файл", max_length=120, blank=True)
    bytes = models.PositiveBigIntegerField("размер, байт", default=0)
    sha256 = models.CharField("контрольная сумма", max_length=64, blank=True)
    digest = models.CharField("контрольная сумма содержимого", max_length=64, blank=True)
    fingerprint = models.CharField("отпечаток ключа", max_length=64, blank=True)
    ordered_by = models.UUIDField("учётная запись", null=True)
    made_by = models.CharField("кто заказал", max_length=200)
    ordered_at = models.DateTimeField("заказан", db_default=Now())
    moved_at = models.DateTimeField("продвинулся", db_default=Now())
    finished_at = models.DateTimeField("готов", null=True)
    kept_until = models.DateField("хранить до")

    class Meta:
        verbose_name = "архив"
        ordering = ["-ordered_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="package_number_once", fields=["organization_id", "number"]),
            models.UniqueConstraint(
                name="package_one_at_a_time", fields=["organization_id"], condition=Q(status__in=LIVE)
            ),
            models.CheckConstraint(name="package_days_in_order", condition=Q(last_on__gte=F("first_on"))),
            models.CheckConstraint(
                name="package_done_is_whole",
                condition=~Q(status="done") | (~Q(file="") & ~Q(sha256="") & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"Архив № {self.number}, {self.span}"

    @property
    def span(self) -> Span:
        return Span(self.kind, self.first_on, self.last_on)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.status not in LIVE

    @property
    def percent(self) -> int:
        return 100 * self.done // (len(self.parts) + 1)

    @property
    def is_due(self) -> bool:
        """Whether its term is over: it is to be looked through and destroyed by an act."""
        return self.status == self.Status.DONE and self.kept_until < timezone.localdate()


class Copy(models.Model):
    """A second copy of an archive on a removable carrier. Source: R-338 (EJ 3.3.1)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="copies", verbose_name="архив")
    organization_id = models.UUIDField("организация")
    carrier = models.CharField("№ носителя", max_length=60)
    place = models.CharField("где хранится", max_length=200, blank=True)
    copied_on = models.DateField("дата копирования")
    made_by = models.CharField("кто скопировал", max_length=200)
    noted_at = models.DateTimeField("отмечено", db_default=Now())

    class Meta:
        verbose_name = "копия архива"
        ordering = ["copied_on", "noted_at", "id"]
        constraints = [models.UniqueConstraint(name="copy_carrier_once", fields=["package", "carrier"])]

    def __str__(self) -> str:
        return f"№ {self.carrier} от {self.copied_on:%d.%m.%Y}"
