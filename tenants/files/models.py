"""Files that an organization keeps: the row is in its schema, the content lies in the store under its checksum."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from shared.tenancy.models import TenantModel


class StoredFile(TenantModel):
    """One uploaded file. ``purpose`` decides who may open it (``tenants.files.keepers``)."""

    sha256 = models.CharField("контрольная сумма", max_length=64)
    size = models.PositiveIntegerField("размер, байт")
    content_type = models.CharField("вид", max_length=100)
    name = models.CharField("имя", max_length=200)
    purpose = models.CharField("назначение", max_length=40)
    uploaded_by = models.UUIDField("учётная запись", null=True)
    made_by = models.CharField("кто загрузил", max_length=200)
    uploaded_at = models.DateTimeField("загружен", db_default=Now())

    class Meta:
        verbose_name = "файл"
        verbose_name_plural = "файлы"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name
