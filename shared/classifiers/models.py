"""Values of the classifiers with their days: shipped, the region's, an organization's own."""

from __future__ import annotations

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.expressions import Combinable

from shared.kernel.ids import new_id
from shared.organizations.models import AuthorityBody, Organization

LONGEST_LABEL = 300
LONGEST_CODE = 32
DAYS = Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())
_ONE_A_DAY: list[tuple[str | Combinable, str]] = [
    ("classifier", RangeOperators.EQUAL),
    ("code", RangeOperators.EQUAL),
    (DAYS, RangeOperators.OVERLAPS),
]


class ClassifierValueQuerySet(models.QuerySet["ClassifierValue"]):
    def common(self) -> ClassifierValueQuerySet:
        """What everybody sees: shipped and regional."""
        return self.filter(organization=None)

    def decided(self) -> ClassifierValueQuerySet:
        """Common rows that may say something the shipped files do not: the region's word, and what was dropped."""
        return self.common().filter(Q(authority__isnull=False) | Q(valid_to__isnull=False))

    def own(self, organization_id: object) -> ClassifierValueQuerySet:
        """What one organization added for itself."""
        return self.filter(organization=organization_id)


class ClassifierValue(models.Model):
    """A name of a classifier's value on days ``[valid_from, valid_to)``; several rows of a code are its names in time.

    A shipped row is written from the files by ``asuso migrate`` and never deleted; the region may end it, and then
    ``authority`` says whose word its end is. Source: REGION 5, R-207, R-115.
    """

    class Origin(models.TextChoices):
        SHIPPED = "shipped", "Поставка системы"
        REGIONAL = "regional", "Регион"
        LOCAL = "local", "Организация"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    classifier = models.CharField("справочник", max_length=40)
    code = models.CharField("код", max_length=LONGEST_CODE, blank=True)  # «present» of a timesheet is an empty mark
    label = models.CharField("название", max_length=LONGEST_LABEL)
    other_names = ArrayField(
        models.CharField(max_length=LONGEST_LABEL), verbose_name="другие названия", default=list, blank=True
    )
    facts = models.JSONField("признаки", default=dict)
    position = models.IntegerField("порядок", default=0)
    valid_from = models.DateField("действует с", null=True, blank=True)
    valid_to = models.DateField("не действует с", null=True, blank=True)
    origin = models.CharField("происхождение", max_length=8, choices=Origin)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="организация"
    )
    authority = models.ForeignKey(
        AuthorityBody, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="орган управления"
    )
    act = models.CharField("основание", max_length=300, blank=True)
    version = models.PositiveIntegerField("версия", default=1)
    updated_by = models.CharField("кто изменил", max_length=310, blank=True)
    updated_at = models.DateTimeField("когда изменено", auto_now=True)

    objects = ClassifierValueQuerySet.as_manager()

    class Meta:
        verbose_name = "значение справочника"
        ordering = ["classifier", "position", "label", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="classifiervalue_shipped_once", fields=["classifier", "code"], condition=Q(origin="shipped")
            ),
            models.CheckConstraint(
                name="classifiervalue_period",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="classifiervalue_place",
                condition=Q(origin="local", organization__isnull=False, authority=None)
                | Q(origin="regional", organization=None, authority__isnull=False)
                | Q(origin="shipped", organization=None),
            ),
            ExclusionConstraint(
                name="classifiervalue_one_a_day", expressions=_ONE_A_DAY, condition=Q(organization=None)
            ),
            ExclusionConstraint(
                name="classifiervalue_one_own_a_day",
                expressions=[*_ONE_A_DAY, ("organization", RangeOperators.EQUAL)],
                condition=Q(organization__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def is_valid_on(self, day: datetime.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which the name counts; None: without limit."""
        return self.valid_to - datetime.timedelta(days=1) if self.valid_to else None


class Edition(models.Model):
    """One row: how many times the common values were changed. Its lock is the turn of whoever changes them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveIntegerField("номер", default=0)

    class Meta:
        verbose_name = "редакция справочников"
        constraints = [models.CheckConstraint(name="edition_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"Редакция № {self.number}"
