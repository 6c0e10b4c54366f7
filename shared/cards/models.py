"""What every card keeps beside its own fields."""

from __future__ import annotations

from django.db import models

from shared.tenancy.models import TenantModel


class CardModel(TenantModel):
    """A card: explained absences of its fields, and the day on which somebody confirmed that it is right.

    ``absences``: code of a field or of a section of rows → why it is empty (``Absence``). Source: R-203, R-037.
    """

    absences = models.JSONField("объяснённые пропуски", default=dict, db_default={}, blank=True)
    confirmed_on = models.DateField("карточка проверена", null=True, blank=True)
    confirmed_by = models.CharField("кто проверил", max_length=200, blank=True, default="", db_default="")
    updated_at = models.DateTimeField("изменена", auto_now=True)

    class Meta:
        abstract = True
