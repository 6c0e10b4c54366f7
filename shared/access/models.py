"""Role grants: who may act where, by which order, on which days."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from shared.access.approvals.models import Approval  # noqa: F401 - Django looks for models here
from shared.access.roles import Role
from shared.access.support.models import SupportCase  # noqa: F401
from shared.accounts.models import Account
from shared.kernel.ids import new_id
from shared.organizations.models import AuthorityBody, Organization, Region

DAYS = Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def on(self, day: object) -> RoleGrantQuerySet:
        """Grants in force at the end of ``day``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class RoleGrant(models.Model):
    """A system role of a person in one place, days ``[valid_from, valid_to)``, by an order.

    The place is an organization, an authority, or — for the operator — neither. ``group_ids`` are the classes and
    groups that «own» means for a role working by groups; ``group_names`` are their names when the order was made.
    An acting appointment (и. о.) ends by itself on ``valid_to``. Source: ORGANIZATION 4 (R-060, R-102).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="grants", verbose_name="учётная запись")
    role = models.CharField("роль", max_length=32)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="grants")
    authority = models.ForeignKey(AuthorityBody, models.PROTECT, null=True, blank=True, related_name="grants")
    order_number = models.CharField("№ приказа", max_length=40, blank=True)
    order_date = models.DateField("дата приказа", null=True, blank=True)
    valid_from = models.DateField("действует с")
    valid_to = models.DateField("не действует с", null=True, blank=True)
    is_acting = models.BooleanField("временно исполняет обязанности", default=False)
    group_ids = ArrayField(models.UUIDField(), verbose_name="классы и группы", default=list, blank=True)
    group_names = ArrayField(models.CharField(max_length=120), verbose_name="названия", default=list, blank=True)
    given_by = models.CharField("кто назначил", max_length=200, blank=True)
    given_at = models.DateTimeField("когда назначена", auto_now_add=True, null=True)
    end_order_number = models.CharField("№ приказа о прекращении", max_length=40, blank=True)
    end_order_date = models.DateField("дата приказа о прекращении", null=True, blank=True)
    ended_by = models.CharField("кто завершил", max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "назначение"
        constraints = [
            models.CheckConstraint(name="rolegrant_one_place", condition=Q(organization=None) | Q(authority=None)),
            models.CheckConstraint(
                name="rolegrant_period", condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from"))
            ),
            models.UniqueConstraint(
                name="rolegrant_once",
                fields=["account", "role", "organization", "authority"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="rolegrant_organization", fields=["organization"])]

    def __str__(self) -> str:
        return self.role_name

    @property
    def role_name(self) -> str:
        """The role in words."""
        return str(Role(self.role).label)


class InForceQuerySet(models.QuerySet["RightChange"]):
    def on(self, day: object) -> InForceQuerySet:
        """What is in force on ``day``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class RightChange(models.Model):
    """A cell of the matrix as one organization decided it, days ``[valid_from, valid_to)``.

    Earlier decisions stay as rows; an empty level is the return to the default, a decision like any other.
    Source: ORGANIZATION 4 (R-060, R-063, R-098).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="right_changes")
    row = models.CharField("право", max_length=40)
    role = models.CharField("роль", max_length=32)
    level = models.CharField("уровень", max_length=2, blank=True)
    order_number = models.CharField("№ приказа", max_length=40, blank=True)
    order_date = models.DateField("дата приказа", null=True, blank=True)
    reason = models.CharField("основание без приказа", max_length=300, blank=True)
    valid_from = models.DateField("действует с")
    valid_to = models.DateField("не действует с", null=True, blank=True)
    decided_by = models.CharField("кто изменил", max_length=200)
    decided_at = models.DateTimeField("когда изменено", auto_now_add=True)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение прав доступа"
        constraints = [
            models.UniqueConstraint(
                name="rightchange_one_open", fields=["organization", "row", "role"], condition=Q(valid_to=None)
            ),
            models.CheckConstraint(
                name="rightchange_period", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
            ExclusionConstraint(
                name="rightchange_one_a_day",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    ("row", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {Role(self.role).label} — {self.level or 'по умолчанию'}"


class RightCeiling(models.Model):
    """The region's word: no organization of it gives a role more than ``level`` in this row. Source: REGION 6."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="right_ceilings")
    row = models.CharField("право", max_length=40)
    role = models.CharField("роль", max_length=32)
    level = models.CharField("не выше", max_length=2)
    act = models.CharField("акт", max_length=300)
    set_by = models.CharField("кто установил", max_length=200)
    set_at = models.DateTimeField("когда установлено", auto_now_add=True)

    class Meta:
        verbose_name = "предел прав, установленный регионом"
        constraints = [models.UniqueConstraint(name="rightceiling_once", fields=["region", "row", "role"])]

    def __str__(self) -> str:
        return f"{self.row}: {Role(self.role).label} — не выше {self.level}"
