"""Classes, kindergarten groups and clubs of one academic year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared.tenancy.models import TenantModel
from tenants.groups.queries import GroupQuerySet


class Group(TenantModel):
    """A class or group of an academic year, named by the year of its 1 September. Source: ORGANIZATION 8."""

    class Kind(models.TextChoices):
        CLASS = "class", "Класс"
        PRESCHOOL = "preschool", "Группа (дошкольная)"
        CLUB = "club", "Объединение, группа"

    PROGRAM_KIND_OF = {Kind.CLASS: "general", Kind.PRESCHOOL: "preschool", Kind.CLUB: "supplementary"}

    kind = models.CharField("вид", max_length=12, choices=Kind)
    academic_year = models.PositiveSmallIntegerField("учебный год")
    name = models.CharField("название", max_length=120)
    grade = models.PositiveSmallIntegerField("параллель", null=True, blank=True)
    letter = models.CharField("литера", max_length=15, blank=True)
    program = models.CharField("программа", max_length=300, blank=True)
    direction = models.CharField("направленность", max_length=16, blank=True)
    class_type = models.CharField("вид класса (группы)", max_length=32, blank=True)
    age_band = models.CharField("возрастная категория", max_length=16, blank=True)
    stay_regime = models.CharField("режим пребывания", max_length=16, blank=True)
    financing = models.CharField("источник финансирования", max_length=16, blank=True)
    class_set = models.CharField("класс-комплект", max_length=60, blank=True)
    places = models.PositiveSmallIntegerField("мест", null=True, blank=True)
    is_annulled = models.BooleanField("аннулирован", default=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = "класс, группа"
        ordering = ["kind", "grade", "name"]
        constraints = [
            models.UniqueConstraint(name="group_once_a_year", fields=["kind", "academic_year", "name", "program"]),
            models.CheckConstraint(
                name="group_grade_of_class",
                condition=Q(kind="class", grade__range=(1, 12)) | (~Q(kind="class") & Q(grade=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def program_kind(self) -> str:
        return self.PROGRAM_KIND_OF[self.Kind(self.kind)]
