"""The record of every backup and of every drill."""

from __future__ import annotations

from django.db import models

from shared.kernel.ids import new_id


class Backup(models.Model):
    """One backup of one organization: by hand, or by a drill, which also restored and compared it.

    ``night`` is the day of a nightly drill, so that one of several workers does it. A drill that was cut off stays
    ``running``. ``detail`` says why one failed, in words without personal data.
    """

    class Kind(models.TextChoices):
        MANUAL = "manual", "Копия"
        DRILL = "drill", "Учение"

    class Outcome(models.TextChoices):
        RUNNING = "running", "Не закончено"
        DONE = "done", "Успешно"
        FAILED = "failed", "Не удалось"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("вид", max_length=8, choices=Kind)
    organization_id = models.UUIDField("организация", null=True)
    slug = models.CharField("адрес", max_length=40, blank=True)
    taken_at = models.DateTimeField("данные на")
    outcome = models.CharField("итог", max_length=8, choices=Outcome)
    file = models.CharField("файл", max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField("размер, байт", default=0)
    sha256 = models.CharField("контрольная сумма", max_length=64, blank=True)
    seconds = models.FloatField("копирование, с", default=0)
    restore_seconds = models.FloatField("восстановление, с", null=True)
    detail = models.CharField("подробности", max_length=500, blank=True)
    made_by = models.CharField("кто сделал", max_length=200)
    night = models.DateField("ночь", null=True, unique=True)

    class Meta:
        verbose_name = "резервная копия"
        ordering = ["-taken_at", "-id"]
        indexes = [
            models.Index(name="backup_organization", fields=["organization_id", "-taken_at"]),
            models.Index(name="backup_kind", fields=["kind", "-taken_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.taken_at:%d.%m.%Y %H:%M}"
