"""The registry: people of the region, their places day by day, movements, and the outbox that feeds them.

A read model: rebuilt from the organizations at any time, never edited. Source: ARCHITECTURE 5, CONTINGENT 2.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from shared.contingent.queries import RegistryEnrollmentQuerySet
from shared.kernel.ids import new_id
from shared.kernel.sql import sort_name_field


class Outbox(models.Model):
    """What an organization hands up: written in the transaction of the change, deleted in that of the projection.

    ``kind`` ``enrollment`` carries the key of one place; ``organization`` means everything changed (bulk work).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=[("enrollment", "место"), ("organization", "организация")])
    key = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="outbox_organization", fields=["organization_id", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ProjectionState(models.Model):
    """When the registry last caught up with an organization: the «данные на» of every screen."""

    organization_id = models.UUIDField(primary_key=True)
    projected_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organization_id} {self.projected_at:%d.%m.%Y %H:%M:%S}"


class Person(models.Model):
    """Golden record of a person. Identity documents stand apart in ``PersonIdentity``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    sort_name = sort_name_field()
    birth_date = models.DateField("дата рождения")
    sex = models.CharField("пол", max_length=1)
    citizenship = models.CharField("гражданство", max_length=3)

    class Meta:
        verbose_name = "физическое лицо"
        ordering = ["sort_name", "id"]
        indexes = [
            models.Index(name="person_sort_name", fields=["sort_name", "id"]),
            GinIndex(OpClass(F("sort_name"), name="gin_trgm_ops"), name="person_sort_name_trgm"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)


class PersonIdentity(models.Model):
    """What identifies a person: read by the projector and matching only. Source: ARCHITECTURE 2."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="identity")
    snils = models.CharField("СНИЛС", max_length=11, blank=True)
    doc_type = models.CharField("тип документа", max_length=32, blank=True)
    doc_series = models.CharField("серия", max_length=20, blank=True)
    doc_number = models.CharField("номер", max_length=30, blank=True)
    birth_date = models.DateField("дата рождения")
    last_key = models.CharField(max_length=100)
    first_key = models.CharField(max_length=100)

    class Meta:
        indexes = [
            models.Index(name="personidentity_snils", fields=["snils", "birth_date"], condition=~Q(snils="")),
            models.Index(
                name="personidentity_document",
                fields=["doc_type", "doc_series", "doc_number", "birth_date"],
                condition=~Q(doc_number=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class PersonLink(models.Model):
    """Which person of the registry a learner of an organization is.

    ``is_withdrawn``: the organization may no longer hand his identity up; a person without another link is blanked.
    """

    pk = models.CompositePrimaryKey("organization_id", "student_id")
    organization_id = models.UUIDField()
    student_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="links")
    is_withdrawn = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"{self.student_id} → {self.person_id}"


class RegistryEnrollment(models.Model):
    """A place of a person with its group, on the days ``[days_from, days_to)``.

    A place that changed its class has several rows, and exactly one on any day it is counted; the facts a count needs
    stand in the row, so a count is one GROUP BY. Source: ARCHITECTURE 2 («The registry row of a day joins both»).
    """

    pk = models.CompositePrimaryKey("organization_id", "enrollment_id", "days_from")
    organization_id = models.UUIDField()
    enrollment_id = models.UUIDField()
    days_from = models.DateField("с")
    days_to = models.DateField("по (не включая)", null=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrollments", verbose_name="человек")
    student_id = models.UUIDField()
    organization_type = models.CharField(max_length=32)
    municipality_oktmo = models.CharField(max_length=8, blank=True)
    region_code = models.CharField(max_length=2)
    founder_id = models.IntegerField(null=True)
    urban_rural = models.CharField(max_length=8, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    citizenship = models.CharField(max_length=3)
    health_limits = models.BooleanField()
    disability = models.BooleanField()
    program_kind = models.CharField(max_length=16)
    level = models.CharField(max_length=16)
    is_basic = models.BooleanField()
    form_of_study = models.CharField(max_length=16)
    form_of_education = models.CharField(max_length=16)
    enrolled_on = models.DateField("зачислен с")
    left_on = models.DateField("не числится с", null=True)
    departure_reason = models.CharField(max_length=32, blank=True)
    order_number = models.CharField(max_length=40)
    order_date = models.DateField()
    shift = models.PositiveSmallIntegerField(null=True)
    group_id = models.UUIDField(null=True)
    group_name = models.CharField("класс, группа", max_length=120, blank=True)
    academic_year = models.PositiveSmallIntegerField(null=True)
    grade = models.PositiveSmallIntegerField("параллель", null=True)
    program = models.CharField(max_length=300, blank=True)
    direction = models.CharField(max_length=16, blank=True)
    class_type = models.CharField(max_length=32, blank=True)
    age_band = models.CharField(max_length=16, blank=True)
    stay_regime = models.CharField(max_length=16, blank=True)
    financing = models.CharField(max_length=16, blank=True)
    class_set = models.CharField(max_length=60, blank=True)

    objects = RegistryEnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = "место в реестре"
        indexes = [
            models.Index(
                name="registry_open",
                fields=["municipality_oktmo", "organization_id"],
                include=["person", "program_kind", "grade", "sex", "birth_date", "days_from", "days_to"],
            ),
            models.Index(
                name="registry_person",
                fields=["person", "days_from"],
                # What a count of people and its row security ask, so that it reads the index alone.
                include=["days_to", "organization_id", "municipality_oktmo", "region_code", "founder_id"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id} с {self.days_from:%d.%m.%Y}"


class RegistryMovement(models.Model):
    """An arrival or departure by a signed order, as the upper levels see it."""

    pk = models.CompositePrimaryKey("organization_id", "row_id")
    organization_id = models.UUIDField()
    row_id = models.UUIDField()
    enrollment_id = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="movements")
    municipality_oktmo = models.CharField(max_length=8, blank=True)
    region_code = models.CharField(max_length=2)
    founder_id = models.IntegerField(null=True)
    movement_type = models.CharField(max_length=32)
    flow = models.CharField(max_length=3, choices=[("in", "прибытие"), ("out", "выбытие")])
    effective_on = models.DateField()
    order_number = models.CharField(max_length=40)
    order_date = models.DateField()

    class Meta:
        verbose_name = "движение в реестре"
        indexes = [models.Index(name="registrymovement_day", fields=["organization_id", "effective_on"])]

    def __str__(self) -> str:
        return f"{self.movement_type} {self.effective_on:%d.%m.%Y}"
