"""Which copy stands beside which live organization, and where its comparison stands. No personal data is here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from shared.kernel.ids import new_id
from shared.organizations.models import Organization


class OfferedCopy(models.Model):
    """A copy that an organization may compare itself with: the operator offers, its people read and compare again.

    What differs stands in the organization's own schema (``tenants.recovery``). Row security shows the row to this
    organization alone, so a copy of another one cannot be named. ``failure`` is a sentence for its people.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт сравнения"
        DONE = "done", "Сравнена"
        FAILED = "failed", "Сравнить не удалось"
        EXPIRED = "expired", "Сравнение устарело"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="организация")
    copy = models.OneToOneField(Organization, models.CASCADE, related_name="+", verbose_name="копия")
    taken_at = models.DateTimeField("данные на")
    offered_by = models.CharField("кто предложил", max_length=200)
    offered_at = models.DateTimeField("предложена", default=timezone.now)
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    compared_at = models.DateTimeField("сравнена", null=True)
    seconds = models.FloatField("сравнение, с", null=True)
    failure = models.CharField("почему не удалось", max_length=300, blank=True)

    # What the organization's own role may change of its row.
    PROGRESS: ClassVar = ("state", "compared_at", "seconds", "failure")

    class Meta:
        verbose_name = "предложенная копия"
        ordering = ["-taken_at", "-id"]

    def __str__(self) -> str:
        return f"Копия на {timezone.localtime(self.taken_at):%d.%m.%Y %H:%M}"

    @property
    def is_ready(self) -> bool:
        """Whether its comparison may be read."""
        return self.state == self.State.DONE
