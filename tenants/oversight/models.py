"""The limited views as read models: nobody writes them, and they have no table of their own."""

from __future__ import annotations

from django.db import models

from shared.classifiers.catalog import load_catalog
from tenants.oversight.queries import LearnerPlaceQuerySet


class OversightGroup(models.Model):
    """A class or group as the levels above see it."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    academic_year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    grade = models.PositiveSmallIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "oversight_group"

    def __str__(self) -> str:
        return self.name


class OversightLearner(models.Model):
    """A place of a learner in a class on its days, with the fields of MUNICIPALITY 2 and no others.

    A place that changed its class has several rows, so ``id`` (of the place) is unique only on a day.
    """

    id = models.UUIDField(primary_key=True)
    student_id = models.UUIDField()
    last_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    patronymic = models.CharField(max_length=100)
    sort_name = models.CharField(max_length=310)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    health_limits = models.BooleanField()
    program_kind = models.CharField(max_length=16)
    form_of_study = models.CharField(max_length=16)
    form_of_education = models.CharField(max_length=16)
    enrolled_on = models.DateField()
    left_on = models.DateField(null=True)
    group_id = models.UUIDField(null=True)
    group_name = models.CharField(max_length=120, null=True)
    grade = models.PositiveSmallIntegerField(null=True)
    placed_from = models.DateField(null=True)
    placed_to = models.DateField(null=True)
    guardians_count = models.IntegerField()
    guardian_consents_count = models.IntegerField()

    objects = LearnerPlaceQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "oversight_learner"

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def form_label(self) -> str:
        return load_catalog().label("form_of_study", self.form_of_study)


class OversightMovement(models.Model):
    """A row of a signed order: who came or left, when and by which order."""

    id = models.UUIDField(primary_key=True)
    student_id = models.UUIDField()
    last_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    patronymic = models.CharField(max_length=100)
    birth_date = models.DateField()
    movement_type = models.CharField(max_length=32)
    effective_on = models.DateField()
    group_name = models.CharField(max_length=120, null=True)
    kind = models.CharField(max_length=16)
    order_number = models.CharField(max_length=40)
    order_date = models.DateField()
    note = models.CharField(max_length=300)

    class Meta:
        managed = False
        db_table = "oversight_movement"

    def __str__(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def movement_label(self) -> str:
        return load_catalog().label("movement_type", self.movement_type)
