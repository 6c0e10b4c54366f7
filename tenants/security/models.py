"""Measures of protection of personal data in an organization: regulation, yearly reviews of rights, incidents.

Source: R-356 (KK П 3.4), R-326 (EJ 2.6), REGION 9, 152-ФЗ ст. 18.1, 19, 21.
"""

from __future__ import annotations

import datetime
from typing import Final

from django.db import models
from django.db.models import F, Q

from shared.tenancy.models import TenantModel
from tenants.files.models import StoredFile
from tenants.security.queries import IncidentQuerySet

FIRST_NOTICE: Final = datetime.timedelta(hours=24)
FINDINGS: Final = datetime.timedelta(hours=72)
"""After an incident was found: what happened, then what the inquiry has shown. Source: 152-ФЗ ст. 21 ч. 3.1."""


class RightsReview(TenantModel):
    """Rights of access were looked through: by an order, or with a note of what was found. Source: REGION 9."""

    reviewed_on = models.DateField("дата пересмотра")
    order_number = models.CharField("№ приказа", max_length=40, blank=True)
    order_date = models.DateField("дата приказа", null=True, blank=True)
    note = models.CharField("примечание", max_length=500, blank=True)
    recorded_by = models.CharField("кто записал", max_length=200)
    recorded_at = models.DateTimeField("записано", auto_now_add=True)

    class Meta:
        verbose_name = "пересмотр прав"
        ordering = ["-reviewed_on", "-id"]
        constraints = [
            models.CheckConstraint(name="rightsreview_has_basis", condition=~Q(order_number="") | ~Q(note="")),
            models.CheckConstraint(
                name="rightsreview_order_dated", condition=Q(order_number="") | Q(order_date__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Права пересмотрены {self.reviewed_on:%d.%m.%Y}"

    @property
    def basis(self) -> str:
        order = f"приказ № {self.order_number} от {self.order_date:%d.%m.%Y}" if self.order_date else ""
        return ", ".join(filter(None, [order, self.note]))


class ProtectionRegulation(TenantModel):
    """An edition of the regulation on protection of personal data; the last one is in force. Source: R-326."""

    number = models.CharField("№ приказа", max_length=40)
    approved_on = models.DateField("дата приказа")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="файл", db_index=False)
    is_current = models.BooleanField("действует", default=True)
    added_by = models.CharField("кто загрузил", max_length=200)
    added_at = models.DateTimeField("загружено", auto_now_add=True)

    class Meta:
        verbose_name = "положение о защите персональных данных"
        ordering = ["-approved_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="protectionregulation_one_in_force", fields=["is_current"], condition=Q(is_current=True)
            )
        ]

    def __str__(self) -> str:
        return f"Положение, приказ № {self.number} от {self.approved_on:%d.%m.%Y}"


class Incident(TenantModel):
    """A breach of the protection of personal data, from the moment it was found until it is closed."""

    found_at = models.DateTimeField("обнаружен")
    description = models.TextField("что произошло", max_length=2000)
    data_categories = models.CharField("категории данных", max_length=500)
    people_count = models.PositiveIntegerField("сколько человек затронуто")
    measures = models.TextField("принятые меры", max_length=2000, blank=True)
    is_notifiable = models.BooleanField("нарушены права субъектов", default=True)
    notified_at = models.DateTimeField("уведомление отправлено", null=True, blank=True)
    findings_sent_at = models.DateTimeField("результаты расследования отправлены", null=True, blank=True)
    closed_on = models.DateField("закрыт", null=True, blank=True)
    recorded_by = models.CharField("кто записал", max_length=200)
    recorded_at = models.DateTimeField("записан", auto_now_add=True)
    closed_by = models.CharField("кто закрыл", max_length=200, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = "инцидент"
        ordering = [F("closed_on").desc(nulls_first=True), "-found_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="incident_notified_after_found",
                condition=Q(notified_at=None) | Q(notified_at__gte=F("found_at")),
            ),
            models.CheckConstraint(
                name="incident_findings_after_found",
                condition=Q(findings_sent_at=None) | Q(findings_sent_at__gte=F("found_at")),
            ),
            models.CheckConstraint(
                name="incident_closed_with_measures", condition=Q(closed_on=None) | (~Q(measures="") & ~Q(closed_by=""))
            ),
            models.CheckConstraint(
                name="incident_closed_after_notices",
                condition=Q(closed_on=None)
                | Q(is_notifiable=False)
                | Q(notified_at__isnull=False, findings_sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Инцидент от {self.found_at:%d.%m.%Y}"

    @property
    def notice_due_at(self) -> datetime.datetime:
        return self.found_at + FIRST_NOTICE

    @property
    def findings_due_at(self) -> datetime.datetime:
        return self.found_at + FINDINGS

    @property
    def waiting_terms(self) -> list[datetime.datetime]:
        """Terms of the notices that are still to be sent."""
        if not self.is_notifiable or self.closed_on is not None:
            return []
        terms = [(self.notified_at, self.notice_due_at), (self.findings_sent_at, self.findings_due_at)]
        return [due_at for sent_at, due_at in terms if sent_at is None]
