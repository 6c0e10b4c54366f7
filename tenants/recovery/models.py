"""What differs between a copy of this organization and the organization as it is now."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shared.tenancy.models import TenantModel
from tenants.recovery.queries import DifferenceQuerySet


class Difference(TenantModel):
    """One row that a comparison has found different; a row changed in special columns too has two of these.

    It stands in the organization's own schema, because it holds what the copy holds: ``old`` is the row of the copy —
    whole when it is missing here, its differing columns when it is changed — and ``live`` the same columns as they
    were here. ``digest`` tells whether the live row is still the one that was compared, after a taking back the one
    that was written. ``head_id`` is the card, order or class that the row belongs to, ``owners`` are the rows it lies
    in, ``refs`` all the rows it names, ``people`` whose data it is. ``closed`` are columns that this card shows
    nobody in common. ``barred`` says why it may never come back; then it holds no values.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", "Пропала"
        CHANGED = "changed", "Изменена"
        LATER = "later", "Появилась позже"

    class Outcome(models.TextChoices):
        OPEN = "", "Не возвращена"
        TAKEN = "taken", "Возвращена"
        REFUSED = "refused", "Вернуть нельзя"
        UNDONE = "undone", "Возврат отменён"

    offer_id = models.UUIDField("копия")
    entity = models.CharField("чья запись", max_length=16)
    part = models.CharField("что за запись", max_length=24)
    key = models.UUIDField("запись")
    head_id = models.UUIDField("карточка")
    kind = models.CharField("отличие", max_length=8, choices=Kind)
    is_special = models.BooleanField("особые сведения", default=False)
    title = models.CharField("название карточки", max_length=320, blank=True)
    detail = models.CharField("название записи", max_length=320, blank=True)
    columns = ArrayField(models.CharField(max_length=63), verbose_name="изменённые поля", default=list)
    old = models.JSONField("было", null=True)
    live = models.JSONField("стало", null=True)
    digest = models.CharField(max_length=64, blank=True)
    owners = ArrayField(models.UUIDField(), default=list)
    refs = ArrayField(models.UUIDField(), default=list)
    people = ArrayField(models.UUIDField(), verbose_name="чьи данные", default=list)
    closed = ArrayField(models.CharField(max_length=63), verbose_name="закрытые поля", default=list)
    barred = models.CharField("почему не вернуть", max_length=300, blank=True)
    changed_at = models.DateTimeField("изменена", null=True)
    changed_by = models.CharField("кто изменил", max_length=310, blank=True)
    outcome = models.CharField("итог", max_length=8, choices=Outcome, default=Outcome.OPEN, blank=True)
    refusal = models.CharField("почему отказано", max_length=300, blank=True)
    approval_id = models.UUIDField("запрос", null=True)
    taken_at = models.DateTimeField("возвращена", null=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "отличие от копии"
        ordering = ["entity", "title", "id"]
        constraints = [
            models.CheckConstraint(name="difference_barred_empty", condition=Q(barred="") | Q(old=None, live=None)),
            models.CheckConstraint(
                name="difference_taken_by_request",
                condition=~Q(outcome="taken") | Q(approval_id__isnull=False, taken_at__isnull=False),
            ),
        ]
        indexes = [models.Index(name="difference_card", fields=["offer_id", "entity", "head_id"])]

    def __str__(self) -> str:
        return self.title
