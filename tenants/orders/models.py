"""Orders on movement, the places they open and close, and the groups of a place.

State is derived from signed orders; nothing that was handed up is ever deleted. Source: ORGANIZATION 9.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from shared.tenancy.models import TenantModel
from tenants.groups.models import Group
from tenants.orders.queries import EnrollmentQuerySet, OrderQuerySet, PlacementQuerySet
from tenants.people.models import Student

OPEN_BASIC = Q(left_on=None, is_basic=True, is_annulled=False)
DAYS = Func(F("placed_from"), F("placed_to"), function="daterange", output_field=DateRangeField())


class ProgramKind(models.TextChoices):
    PRESCHOOL = "preschool", "Дошкольное образование"
    GENERAL = "general", "Общее образование"
    SUPPLEMENTARY = "supplementary", "Дополнительное образование"


class Level(models.TextChoices):
    PRESCHOOL = "preschool", "Дошкольный"
    SCHOOL = "school", "Школьный"
    SUPPLEMENTARY = "supplementary", "Дополнительное образование"


LEVEL_OF_KIND = {
    ProgramKind.PRESCHOOL: Level.PRESCHOOL,
    ProgramKind.GENERAL: Level.SCHOOL,
    ProgramKind.SUPPLEMENTARY: Level.SUPPLEMENTARY,
}


class Order(TenantModel):
    """An order (приказ): draft → signed → annulled."""

    class Kind(models.TextChoices):
        ENROLLMENT = "enrollment", "Приказ о зачислении"
        DEPARTURE = "departure", "Приказ об отчислении (выбытии)"

    class Status(models.TextChoices):
        DRAFT = "draft", "Черновик"
        SIGNED = "signed", "Подписан"
        ANNULLED = "annulled", "Аннулирован"

    kind = models.CharField("вид", max_length=16, choices=Kind)
    number = models.CharField("номер", max_length=40)
    issued_on = models.DateField("дата приказа")
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.DRAFT)
    is_on_paper = models.BooleanField("издан на бумаге", default=False)
    basis = models.CharField("основание", max_length=500, blank=True)
    drafted_by = models.CharField("подготовил", max_length=200)
    drafted_at = models.DateTimeField("подготовлен", auto_now_add=True)
    sent_at = models.DateTimeField("передан на подпись", null=True, blank=True)
    signed_by = models.CharField("подписал", max_length=200, blank=True)
    signed_on = models.DateField("подписан", null=True, blank=True)
    annulled_by = models.CharField("аннулировал", max_length=200, blank=True)
    annulled_on = models.DateField("аннулирован", null=True, blank=True)
    annulled_reason = models.CharField("причина отмены", max_length=500, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "приказ"
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="order_number_once", fields=["kind", "number", "issued_on"], condition=~Q(status="annulled")
            ),
            models.CheckConstraint(
                name="order_signed_has_day", condition=Q(status="draft") | Q(signed_on__isnull=False)
            ),
            models.CheckConstraint(
                name="order_annulled_has_day", condition=~Q(status="annulled") | Q(annulled_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.issued_on:%d.%m.%Y}"


class Enrollment(TenantModel):
    """A place in the organization, days ``[enrolled_on, left_on)``. Source: 273-ФЗ, ст. 53, ст. 61."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="enrollments", verbose_name="обучающийся")
    program_kind = models.CharField("вид программы", max_length=16, choices=ProgramKind)
    level = models.CharField("уровень", max_length=16, choices=Level)
    is_basic = models.BooleanField("основное место")
    form_of_study = models.CharField("форма обучения", max_length=16, default="full_time")
    form_of_education = models.CharField("форма получения образования", max_length=16, default="in_organization")
    order = models.ForeignKey(Order, models.PROTECT, related_name="enrollments", verbose_name="приказ о зачислении")
    departure_order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="departures", verbose_name="приказ о выбытии"
    )
    departure_reason = models.CharField("причина выбытия", max_length=32, blank=True)
    enrolled_on = models.DateField("зачислен с")
    left_on = models.DateField("не числится с", null=True, blank=True)
    is_annulled = models.BooleanField("аннулировано", default=False)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = "зачисление"
        ordering = ["enrolled_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="enrollment_one_open_basic", fields=["student", "level"], condition=OPEN_BASIC
            ),
            models.CheckConstraint(name="enrollment_days", condition=Q(left_on=None) | Q(left_on__gt=F("enrolled_on"))),
            models.CheckConstraint(
                name="enrollment_left_by_order",
                condition=Q(left_on=None, departure_order=None)
                | Q(left_on__isnull=False, departure_order__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_program_kind_display()} с {self.enrolled_on:%d.%m.%Y}"


class Placement(TenantModel):
    """The group of a place, days ``[placed_from, placed_to)``: a promotion is a new row here, not a departure."""

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="placements", verbose_name="зачисление")
    group = models.ForeignKey(Group, models.PROTECT, related_name="placements", verbose_name="класс, группа")
    shift = models.PositiveSmallIntegerField("смена", null=True, blank=True)
    placed_from = models.DateField("в группе с")
    placed_to = models.DateField("не в группе с", null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "нахождение в классе (группе)"
        ordering = ["placed_from", "id"]
        constraints = [
            ExclusionConstraint(
                name="placement_one_group_a_day",
                expressions=[("enrollment", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="placement_days", condition=Q(placed_to=None) | Q(placed_to__gt=F("placed_from"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.group)


class OrderRow(TenantModel):
    """One learner in an order, and what the order does to him: a row of the movement book once signed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="rows", verbose_name="приказ")
    position = models.PositiveIntegerField("№ п/п")
    student = models.ForeignKey(Student, models.PROTECT, related_name="order_rows", verbose_name="обучающийся")
    movement_type = models.CharField("тип движения", max_length=32)
    effective_on = models.DateField("дата движения")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, verbose_name="класс, группа")
    form_of_study = models.CharField("форма обучения", max_length=16, default="full_time")
    enrollment = models.ForeignKey(
        Enrollment, models.PROTECT, null=True, blank=True, related_name="order_rows", verbose_name="место"
    )
    note = models.CharField("откуда прибыл, куда выбыл", max_length=300, blank=True)
    is_annulled = models.BooleanField("аннулирована", default=False)

    class Meta:
        verbose_name = "строка приказа"
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(name="orderrow_position_once", fields=["order", "position"]),
        ]
        indexes = [models.Index(name="orderrow_effective_on", fields=["effective_on", "id"])]

    def __str__(self) -> str:
        return f"{self.position}. {self.student}"
