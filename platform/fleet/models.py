"""What the operator's console remembers of its long work."""

from __future__ import annotations

from typing import Any

from django.db import models

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
