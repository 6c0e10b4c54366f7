"""Files of cards on their way: what was uploaded, which column is which field, what would become of each row."""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from shared.tenancy.models import TenantModel


class Verdict(models.TextChoices):
    """What becomes of a row of a file."""

    WAITING = "waiting", "Не проверена"
    NEW = "new", "Новая"
    CHANGED = "changed", "Меняется"
    SAME = "same", "Без изменений"
    REFUSED = "refused", "С ошибками"


class CardFile(TenantModel):
    """One uploaded file: columns → check → look → applied → undone.

    ``mapping``: index of a column as text → code of its field; ``headers_key`` finds the file whose columns were the
    same, so that the choice of columns is made once. ``account_id`` is who uploaded it: he has seen what is in it.
    ``batch`` remembers the values that it has replaced. For ``KEPT_FOR`` a file waits to be written, and after that
    its refused rows wait to be corrected; then they are forgotten (``tenants.cards.sweeping``).
    """

    KEPT_FOR: ClassVar = datetime.timedelta(days=14)

    class Status(models.TextChoices):
        MAPPING = "mapping", "Ждёт выбора колонок"
        CHECKING = "checking", "Проверяется"
        STAGED = "staged", "Проверен, не записан"
        QUEUED = "queued", "Записывается"
        APPLIED = "applied", "Записан"
        UNDONE = "undone", "Отменён"

    kind = models.CharField("вид карточек", max_length=20)
    file_name = models.CharField("файл", max_length=255)
    checksum = models.CharField("контрольная сумма", max_length=64)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.MAPPING)
    headers = models.JSONField("заголовки файла", default=list)
    headers_key = models.CharField("набор колонок", max_length=64, db_index=False)
    mapping = models.JSONField("колонки", default=dict)
    notes = models.JSONField("замечания к файлу", default=list)
    row_count = models.PositiveIntegerField("строк", default=0)
    summary = models.JSONField("итоги", default=dict)
    refusal = models.CharField("почему не записан", max_length=1000, blank=True)
    batch = models.ForeignKey(
        "cards.Batch", models.PROTECT, null=True, related_name="+", verbose_name="изменение", db_index=False
    )
    account_id = models.UUIDField("чья учётная запись")
    made_by = models.CharField("загрузил", max_length=200)
    made_at = models.DateTimeField("начат", auto_now_add=True)
    applied_by = models.CharField("записал", max_length=200, blank=True)
    applied_at = models.DateTimeField("записан", null=True)
    undone_by = models.CharField("отменил", max_length=200, blank=True)
    undone_at = models.DateTimeField("отменён", null=True)

    class Meta:
        verbose_name = "файл карточек"
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    @cached_property
    def checked(self) -> int:
        """How many rows of the file are checked by now."""
        return self.rows.exclude(verdict=Verdict.WAITING).count()  # type: ignore[attr-defined]  # the related name

    @property
    def kept_until(self) -> datetime.date:
        """The last day on which the file, once written its refused rows, can be taken up again."""
        return timezone.localdate((self.applied_at or self.made_at) + self.KEPT_FOR)

    @property
    def is_forgotten(self) -> bool:
        """Whether the term of the refused rows is over."""
        return timezone.localdate() > self.kept_until

    @property
    def percent(self) -> int:
        """How much of the file is checked."""
        return 100 * self.checked // self.row_count if self.row_count else 0

    @property
    def columns(self) -> dict[int, str]:
        """Index of a column → code of its field."""
        return {int(index): code for index, code in self.mapping.items()}


class CardFileRow(TenantModel):
    """One row of a file with its verdict.

    Rows come by COPY, so what a new one has is known to the database. ``cells``, ``values`` and ``changes`` live until
    the file is applied; after that only refused rows keep their cells, for the file of errors. ``changes``: code, what
    stands on the card, what the file says. ``marks`` tell which other row of the file speaks of the same card.
    """

    run = models.ForeignKey(
        CardFile, models.CASCADE, related_name="rows", verbose_name="файл", db_index=False
    )  # the constraint below is the index
    number = models.PositiveIntegerField("строка файла")
    card_id = models.UUIDField("карточка", null=True)
    title = models.CharField("о ком", max_length=320, blank=True, db_default="")
    verdict = models.CharField("итог", max_length=10, choices=Verdict, default=Verdict.WAITING, db_default="waiting")
    cells = models.JSONField("как в файле", null=True)
    values = models.JSONField("разобрано", null=True)
    changes = models.JSONField("было и стало", default=list, db_default=[])
    problems = models.JSONField("ошибки", default=list, db_default=[])
    warnings = models.JSONField("предупреждения", default=list, db_default=[])
    marks = models.JSONField("о ком и чьи номера", default=list, db_default=[])

    class Meta:
        verbose_name = "строка файла карточек"
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(name="cardfilerow_number_once", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"строка {self.number}"
