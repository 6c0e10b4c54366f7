"""What the operator's console remembers of its long work."""

from __future__ import annotations

from typing import Any

from django.db import models

from fleet.backups.models import Backup as Backup
from shared.imports.tables import Table
from shared.kernel.ids import new_id


class OnboardingRun(models.Model):
    """An organizations file in the console: checked, then sent to the worker, which writes its progress here.

    ``table`` is the file as read, ``rows`` what the page shows of each row, ``counts`` the numbers by outcome.
    """

    class Status(models.TextChoices):
        CHECKED = "checked", "Проверен"
        QUEUED = "queued", "В очереди"
        RUNNING = "running", "Идёт"
        DONE = "done", "Завершён"
        FAILED = "failed", "Прерван"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField("файл", max_length=200)
    status = models.CharField("состояние", max_length=12, choices=Status, default=Status.CHECKED)
    table = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    actor = models.CharField("кто загрузил", max_length=200)
    done = models.PositiveIntegerField("обработано строк", default=0)
    current = models.CharField("последняя организация", max_length=200, blank=True)
    uploaded_at = models.DateTimeField("загружен", auto_now_add=True)
    started_at = models.DateTimeField("начат", null=True)
    finished_at = models.DateTimeField("завершён", null=True)

    class Meta:
        verbose_name = "загрузка организаций"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_live(self) -> bool:
        """Whether the worker has or will have a hand in it."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING, self.Status.FAILED)

    @property
    def percent(self) -> int:
        return 100 * self.done // max(self.counts.get("rows", 0), 1)

    def as_table(self) -> Table:
        """The file as it was read."""
        return Table(**self.table)

    @staticmethod
    def table_facts(table: Table) -> dict[str, Any]:
        return {"headers": table.headers, "rows": table.rows, "numbers": table.numbers, "notes": table.notes}


class Upgrade(models.Model):
    """One run over the organizations that were behind the template: who, when, and how many it found."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fingerprint = models.CharField("до версии", max_length=32)
    made_by = models.CharField("кто запустил", max_length=200)
    wanted = models.PositiveIntegerField("отставало")
    started_at = models.DateTimeField("начато", auto_now_add=True)
    finished_at = models.DateTimeField("закончено", null=True)

    class Meta:
        verbose_name = "обновление парка"
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.fingerprint[:12]


class UpgradeLine(models.Model):
    """What an upgrade did to one organization; one that was done commits with the organization's own change."""

    class Outcome(models.TextChoices):
        DONE = "done", "Обновлена"
        FAILED = "failed", "Не обновлена"
        DRIFTED = "drifted", "Таблицы изменены"
        LEFT = "left", "Не начата"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    upgrade = models.ForeignKey(
        Upgrade, models.CASCADE, related_name="lines", verbose_name="обновление", db_index=False
    )
    organization_id = models.UUIDField("организация")
    slug = models.CharField("адрес", max_length=40)
    before = models.CharField("с версии", max_length=32, blank=True)
    outcome = models.CharField("итог", max_length=8, choices=Outcome)
    reason = models.CharField("причина", max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField("миллисекунд", default=0)
    at = models.DateTimeField("когда", auto_now_add=True)

    class Meta:
        verbose_name = "строка обновления"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(name="upgradeline_one_per_organization", fields=["upgrade", "organization_id"])
        ]

    def __str__(self) -> str:
        return f"{self.slug}: {self.get_outcome_display()}"
