"""Contingent imports: staged rows, sealed drafts without consent, and what an undo must know."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shared.tenancy.models import TenantModel
from tenants.intake.queries import SealedDraftQuerySet


class Verdict(models.TextChoices):
    """What becomes of a row of a file. Source: INTERFACES 3, ``contingent import``."""

    ACCEPTED = "accepted", "Принята"
    DRAFT = "draft", "Ожидает согласия"
    ALREADY = "already", "Уже числится"
    DIFFERENT = "different", "Отличается"
    REFUSED = "refused", "Отклонена"


class ImportRun(TenantModel):
    """One file brought in: staged → (queued →) applied → undone. Source: INTERFACES 5."""

    class Status(models.TextChoices):
        STAGED = "staged", "Проверен, не загружен"
        QUEUED = "queued", "Загружается"
        APPLIED = "applied", "Загружен"
        UNDONE = "undone", "Отменён"

    file_name = models.CharField("файл", max_length=255)
    checksum = models.CharField("контрольная сумма", max_length=64)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.STAGED)
    year = models.PositiveSmallIntegerField("учебный год", null=True)
    update_known = models.BooleanField("применять отличия", default=False)
    all_or_nothing = models.BooleanField("всё или ничего", default=False)
    headers = models.JSONField("заголовки файла", default=list)
    notes = models.JSONField("замечания к файлу", default=list)
    summary = models.JSONField("итоги", default=dict)
    refusal = models.CharField("почему не загружен", max_length=1000, blank=True)
    made_by = models.CharField("загрузил", max_length=200)
    made_at = models.DateTimeField("начат", auto_now_add=True)
    applied_at = models.DateTimeField("загружен", null=True)
    undone_by = models.CharField("отменил", max_length=200, blank=True)
    undone_at = models.DateTimeField("отменён", null=True)

    class Meta:
        verbose_name = "загрузка контингента"
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class StagedRow(TenantModel):
    """One row of a file with its verdict.

    ``cells`` and ``values`` live until the import is applied; after that only refused rows keep their cells, for the
    file of refused rows. The shown columns never tell more of a sealed row than its name, birth date and class.
    """

    run = models.ForeignKey(
        ImportRun, models.CASCADE, related_name="rows", verbose_name="загрузка", db_index=False
    )  # the constraint below is the index
    number = models.PositiveIntegerField("строка файла")
    name = models.CharField("обучающийся", max_length=310, blank=True)
    born = models.CharField("дата рождения", max_length=40, blank=True)
    group_name = models.CharField("класс, группа", max_length=120, blank=True)
    verdict = models.CharField("итог", max_length=10, choices=Verdict)
    problems = models.JSONField("причины", default=list)
    warnings = models.JSONField("предупреждения", default=list)
    cells = models.JSONField("как в файле", null=True)
    values = models.JSONField("разобрано", null=True)

    class Meta:
        verbose_name = "строка загрузки"
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(name="stagedrow_number_once", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"строка {self.number}"


class SealedDraft(TenantModel):
    """A row without consent, kept sealed until the consent is recorded. Source: INTERFACES 5 «Without consent».

    Only the name, the birth date and the class are shown; ``values`` is opened by the consent alone.
    """

    learner_key = models.CharField(max_length=64)
    place_key = models.CharField(max_length=64)
    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    birth_date = models.DateField("дата рождения")
    group_name = models.CharField("класс, группа", max_length=120)
    values = models.JSONField()
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="drafts", verbose_name="загрузка")
    opened_on = models.DateField("согласие получено", null=True)

    objects = SealedDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "черновик без согласия"
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="sealeddraft_once", fields=["learner_key", "place_key"], condition=Q(opened_on=None)
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


class ImportEffect(TenantModel):
    """The rows of one table that an import made (or brought back from hiding): what its undo takes away."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="effects", verbose_name="загрузка", db_index=False)
    subject = models.CharField("таблица", max_length=40)
    keys = ArrayField(models.UUIDField(), verbose_name="ключи")

    class Meta:
        verbose_name = "сделанное загрузкой"
        constraints = [models.UniqueConstraint(name="importeffect_once", fields=["run", "subject"])]

    def __str__(self) -> str:
        return self.subject


class ImportChange(TenantModel):
    """The values of a known row before and after an import: what its undo brings back."""

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="changes", verbose_name="загрузка", db_index=False)
    subject = models.CharField("таблица", max_length=40)
    key = models.UUIDField("ключ")
    old = models.JSONField("было")
    new = models.JSONField("стало")

    class Meta:
        verbose_name = "изменённое загрузкой"
        constraints = [models.UniqueConstraint(name="importchange_once", fields=["run", "subject", "key"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}"
