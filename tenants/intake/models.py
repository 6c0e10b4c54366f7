"""Contingent imports: staged rows, sealed drafts without consent, and what an undo must know."""

from __future__ import annotations

from django.db import models

from shared.tenancy.models import TenantModel


class ImportRun(TenantModel):
    """One file brought in: staged → applied → undone. Source: INTERFACES 5."""

    class Status(models.TextChoices):
        STAGED = "staged", "Проверен, не загружен"
        APPLIED = "applied", "Загружен"
        UNDONE = "undone", "Отменён"

    file_name = models.CharField("файл", max_length=255)
    checksum = models.CharField("контрольная сумма", max_length=64)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.STAGED)
    year = models.PositiveSmallIntegerField("учебный год", null=True)
    update_known = models.BooleanField("применять отличия", default=False)
    headers = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    made_by = models.CharField("загрузил", max_length=200)
    made_at = models.DateTimeField("начат", auto_now_add=True)
    applied_at = models.DateTimeField("загружен", null=True)
    undone_by = models.CharField("отменил", max_length=200, blank=True)
    undone_at = models.DateTimeField("отменён", null=True)

    class Meta:
        verbose_name = "загрузка контингента"
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.file_name


class StagedRow(TenantModel):
    """One row of a file with its verdict; ``effects`` names what the import made of it, for the undo."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Принята"
        DRAFT = "draft", "Ожидает согласия"
        ALREADY = "already", "Уже числится"
        DIFFERENT = "different", "Отличается"
        REFUSED = "refused", "Отклонена"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", verbose_name="загрузка")
    number = models.PositiveIntegerField("строка файла")
    cells = models.JSONField("как в файле")
    verdict = models.CharField("итог", max_length=10, choices=Verdict)
    problems = models.JSONField("причины", default=list)
    warnings = models.JSONField("предупреждения", default=list)
    values = models.JSONField("разобрано", null=True)
    effects = models.JSONField("что сделано", default=dict)

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

    identity_key = models.CharField(max_length=64)
    place_key = models.CharField(max_length=64)
    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    birth_date = models.DateField("дата рождения")
    group_name = models.CharField("класс, группа", max_length=120)
    values = models.JSONField()
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="drafts", verbose_name="загрузка")
    opened_on = models.DateField("согласие получено", null=True)

    class Meta:
        verbose_name = "черновик без согласия"
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="sealeddraft_once", fields=["identity_key", "place_key"], condition=models.Q(opened_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}"
