"""What a card gathers over time: documents and addresses that are no longer valid, achievements."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from shared.tenancy.models import TenantModel
from tenants.people.queries import AchievementQuerySet

OF_ONE_PERSON: Final = Q(student__isnull=False, guardian=None) | Q(student=None, guardian__isnull=False)


class FormerDocument(TenantModel):
    """An identity document that another one has replaced: the card shows the present one. Source: ORGANIZATION 3.9.

    A misprint put right is no former document: that is told by the row history.
    """

    student = models.ForeignKey(
        "people.Student", models.PROTECT, null=True, blank=True, related_name="former_documents", verbose_name="чей"
    )
    guardian = models.ForeignKey(
        "people.Guardian", models.CASCADE, null=True, blank=True, related_name="former_documents", verbose_name="чей"
    )
    doc_type = models.CharField("тип документа", max_length=32)
    doc_series = models.CharField("серия", max_length=20, blank=True)
    doc_number = models.CharField("номер", max_length=30)
    doc_issued_on = models.DateField("дата выдачи", null=True, blank=True)
    doc_issued_by = models.CharField("кем выдан", max_length=300, blank=True)
    doc_act_number = models.CharField("номер актовой записи", max_length=40, blank=True)
    doc_department_code = models.CharField("код подразделения", max_length=7, blank=True)
    replaced_on = models.DateField("заменён")
    recorded_by = models.CharField("кто записал", max_length=200)

    class Meta:
        verbose_name = "прежний документ"
        ordering = ["-replaced_on", "-id"]
        constraints = [
            models.CheckConstraint(name="formerdocument_of_one_person", condition=OF_ONE_PERSON),
            models.CheckConstraint(
                name="formerdocument_period",
                condition=Q(doc_issued_on=None) | Q(replaced_on__gte=F("doc_issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.doc_series, self.doc_number]))


class FormerAddress(TenantModel):
    """Where a person lived or was registered before, up to the day ``left_on``. Source: ORGANIZATION 3.9."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration_address", "Адрес регистрации"
        RESIDENCE = "address", "Адрес места жительства"

    student = models.ForeignKey(
        "people.Student", models.PROTECT, null=True, blank=True, related_name="former_addresses", verbose_name="чей"
    )
    guardian = models.ForeignKey(
        "people.Guardian", models.CASCADE, null=True, blank=True, related_name="former_addresses", verbose_name="чей"
    )
    kind = models.CharField("вид адреса", max_length=24, choices=Kind)
    address = models.CharField("адрес", max_length=500)
    left_on = models.DateField("до какого дня")
    recorded_by = models.CharField("кто записал", max_length=200)

    class Meta:
        verbose_name = "прежний адрес"
        ordering = ["-left_on", "-id"]
        constraints = [models.CheckConstraint(name="formeraddress_of_one_person", condition=OF_ONE_PERSON)]

    def __str__(self) -> str:
        return self.address


class Achievement(TenantModel):
    """A learner's achievement (достижение). Source: ORGANIZATION 13 (KK Прил.2 2.1.9).

    ``kind`` and ``level`` are codes of ``achievement_kind`` and ``event_level``; ``result`` is the place taken;
    ``file_id`` is the scan among the kept files.
    """

    student = models.ForeignKey(
        "people.Student", models.PROTECT, related_name="achievements", verbose_name="обучающийся"
    )
    kind = models.CharField("вид", max_length=32)
    title = models.CharField("за что, мероприятие", max_length=300)
    level = models.CharField("уровень", max_length=32)
    gained_on = models.DateField("дата")
    result = models.CharField("результат, место", max_length=100, blank=True)
    document = models.CharField("документ", max_length=200, blank=True)
    file_id = models.UUIDField("скан", null=True, blank=True)
    recorded_by = models.CharField("кто записал", max_length=200)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = "достижение"
        ordering = ["-gained_on", "-id"]

    def __str__(self) -> str:
        return self.title
