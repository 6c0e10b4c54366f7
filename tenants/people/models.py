"""Learners and their legal representatives."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from shared.kernel.sql import sort_name_field
from shared.tenancy.models import TenantModel
from tenants.people.queries import StudentQuerySet


class Student(TenantModel):
    """A learner (ученик, воспитанник). Source: ORGANIZATION 2.3."""

    class Sex(models.TextChoices):
        MALE = "M", "Мужской"
        FEMALE = "F", "Женский"

    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    sort_name = sort_name_field()
    birth_date = models.DateField("дата рождения")
    sex = models.CharField("пол", max_length=1, choices=Sex)
    snils = models.CharField("СНИЛС", max_length=11, blank=True)
    citizenship = models.CharField("гражданство", max_length=3, default="RUS")
    doc_type = models.CharField("тип документа", max_length=32, blank=True)
    doc_series = models.CharField("серия", max_length=20, blank=True)
    doc_number = models.CharField("номер", max_length=30, blank=True)
    doc_issued_on = models.DateField("дата выдачи", null=True, blank=True)
    doc_issued_by = models.CharField("кем выдан", max_length=300, blank=True)
    address = models.CharField("адрес места жительства", max_length=500, blank=True)
    registration_address = models.CharField("адрес регистрации", max_length=500, blank=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.CharField("электронная почта", max_length=200, blank=True)
    health_limits = models.BooleanField("ОВЗ", default=False)
    disability = models.BooleanField("инвалидность", default=False)
    consent_on = models.DateField("согласие на обработку ПДн от")
    consent_withdrawn_on = models.DateField("согласие отозвано", null=True, blank=True)
    is_annulled = models.BooleanField("аннулирован", default=False)
    created_at = models.DateTimeField("создан", auto_now_add=True)
    updated_at = models.DateTimeField("изменён", auto_now=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = "обучающийся"
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="student_one_per_snils", fields=["snils"], condition=~Q(snils="") & Q(is_annulled=False)
            ),
            models.CheckConstraint(name="student_sex_known", condition=Q(sex__in=["M", "F"])),
            models.CheckConstraint(
                name="student_consent_period",
                condition=Q(consent_withdrawn_on=None) | Q(consent_withdrawn_on__gte=F("consent_on")),
            ),
        ]
        indexes = [
            models.Index(name="student_sort_name", fields=["sort_name", "id"]),
            GinIndex(OpClass(F("sort_name"), name="gin_trgm_ops"), name="student_sort_name_trgm"),
            models.Index(name="student_birth_date", fields=["birth_date"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


class Guardian(TenantModel):
    """A legal representative (законный представитель). Source: ORGANIZATION 2.4."""

    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100, blank=True)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    sort_name = sort_name_field()
    phone = models.CharField("телефон", max_length=60, blank=True)

    class Meta:
        verbose_name = "законный представитель"
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(name="guardian_once", fields=["sort_name", "phone"]),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


class GuardianLink(TenantModel):
    """Who represents a child and how they are related (classifier guardian_relation)."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="guardian_links", verbose_name="обучающийся")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="links", verbose_name="представитель")
    relation = models.CharField("степень родства", max_length=32, blank=True)

    class Meta:
        verbose_name = "связь ребёнка и представителя"
        constraints = [models.UniqueConstraint(name="guardianlink_once", fields=["student", "guardian"])]

    def __str__(self) -> str:
        return self.relation
