"""Cooperation agreements: on their ground a municipality's organizations are connected. Source: R-001, REGION 1."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q

from shared.kernel.ids import new_id


class AgreementQuerySet(models.QuerySet["ConnectionAgreement"]):
    def on(self, day: datetime.date) -> AgreementQuerySet:
        """Those in force on ``day``."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)


class ConnectionAgreement(models.Model):
    """An agreement of the ministry with the administration of a municipality.

    In force on the days ``valid_from``–``valid_until``, both included; without the second, until another day is set.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(
        "organizations.AuthorityBody", models.PROTECT, related_name="+", verbose_name="министерство"
    )
    municipality = models.ForeignKey(
        "organizations.Municipality", models.PROTECT, related_name="agreements", verbose_name="муниципалитет"
    )
    administration = models.CharField("сторона: администрация", max_length=300)
    number = models.CharField("номер", max_length=60)
    signed_on = models.DateField("подписано")
    valid_from = models.DateField("действует с")
    valid_until = models.DateField("действует по", null=True, blank=True)
    recorded_by = models.CharField("кто записал", max_length=310)
    recorded_at = models.DateTimeField("записано", auto_now_add=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "соглашение о сотрудничестве"
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(name="agreement_once", fields=["municipality", "number", "signed_on"]),
            models.CheckConstraint(
                name="agreement_days_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.signed_on:%d.%m.%Y}"

    def is_in_force(self, day: datetime.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or self.valid_until >= day)
