"""Stored editions of forms (public schema): what was computed stays explicable after the shipped layouts move on."""

from __future__ import annotations

from django.db import models

from shared.statforms.queries import FormEditionQuerySet


class FormEdition(models.Model):
    """One edition of a form as it was loaded; ``layout`` is the content of its layout file."""

    code = models.CharField("форма", max_length=16)
    edition = models.CharField("редакция", max_length=32)
    title = models.TextField("название")
    layout = models.JSONField("макет")
    loaded_at = models.DateTimeField("загружена")
    checksum = models.CharField("контрольная сумма", max_length=64)

    objects = FormEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "редакция формы"
        verbose_name_plural = "редакции форм"
        ordering = ["code", "edition"]
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="formedition_one_per_code_and_edition")]

    def __str__(self) -> str:
        return f"{self.code}, редакция {self.edition}"
