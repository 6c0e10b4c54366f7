"""What signing a draft will do, and what stands in its way: seen before the button is pressed. Source: UI 9."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field

from django.db import models
from django.utils import timezone

from shared.kernel.rules import RuleViolation
from tenants.groups.models import Group
from tenants.orders.errors import AlreadyEnrolled, DayBeforeEnrollment, GroupFull, NotEnrolled, OrderEmpty, RowsRefused
from tenants.orders.models import LEVEL_OF_KIND, Enrollment, Order, OrderRow, ProgramKind

YOUNGEST_MONTHS = 6 * 12 + 6  # to the first grade without a permission. Source: 273-ФЗ, ст. 67 ч. 1
OLDEST_ABOVE_GRADE = 9  # C6 of CONTINGENT 4


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A row with the refusal that awaits it (empty: none) and what a person should look at."""

    row: OrderRow
    problem: str = ""
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GroupEffect:
    """A class before and after."""

    name: str
    before: int
    after: int
    places: int | None


@dataclass(frozen=True, slots=True)
class OrderCheck:
    """A draft as a whole on ``day``, the last of its days."""

    rows: list[RowCheck]
    day: datetime.date
    before: int
    after: int
    groups: list[GroupEffect]
    warnings: list[str]

    @property
    def problems(self) -> list[RowCheck]:
        return [one for one in self.rows if one.problem]


def check_order(order: Order) -> OrderCheck:
    """Look at every row as signing would, in a fixed number of queries; signing itself decides again."""
    rows = list(order.rows.select_related("student", "group", "enrollment").order_by("position"))
    day = max([row.effective_on for row in rows], default=timezone.localdate())
    groups = {one.pk: one for one in Group.objects.filter(rows_of(rows)).with_headcount(day)} if rows else {}
    is_enrollment = order.kind == Order.Kind.ENROLLMENT
    checks = _arrivals(rows, groups) if is_enrollment else [_departure(row) for row in rows]
    good = [check.row for check in checks if not check.problem]
    step = 1 if is_enrollment else -1
    before = Enrollment.objects.on(day).count()
    effects = [
        GroupEffect(
            group.name,
            group.headcount,  # type: ignore[attr-defined]
            group.headcount + step * sum(row.group_id == group.pk for row in good),  # type: ignore[attr-defined]
            group.places,
        )
        for group in sorted(groups.values(), key=lambda one: (one.grade or 0, one.name))
    ]
    return OrderCheck(checks, day, before, before + step * len(good), effects, _warnings(order))


def rows_of(rows: list[OrderRow]) -> models.Q:
    """The groups that these rows name."""
    return models.Q(pk__in={row.group_id for row in rows if row.group_id})


def refuse_unready(order: Order) -> None:
    """Raises: OrderEmpty, RowsRefused."""
    check = check_order(order)
    if not check.rows:
        raise OrderEmpty(number=order.number)
    if check.problems:
        names = "; ".join(str(one.row.student) for one in check.problems[:3])
        more = "" if len(check.problems) <= 3 else f" и ещё {len(check.problems) - 3}"
        raise RowsRefused(number=order.number, count=f"не пройдут {names}{more}")


def _warnings(order: Order) -> list[str]:
    if order.issued_on > timezone.localdate():
        return [f"Дата приказа {order.issued_on:%d.%m.%Y} ещё не наступила. Проверьте её в реквизитах."]
    return []


def _arrivals(rows: list[OrderRow], groups: dict[uuid.UUID, Group]) -> list[RowCheck]:
    open_places = Enrollment.objects.filter(
        student__in=[row.student_id for row in rows], left_on=None, is_basic=True, is_annulled=False
    ).prefetch_related("placements__group")
    held = {(one.student_id, one.level): one for one in open_places}
    taken = {group.pk: group.headcount for group in groups.values()}  # type: ignore[attr-defined]
    checks = []
    for row in rows:
        group = groups[_known(row)]
        refusal: RuleViolation | None = None
        place = held.get((row.student_id, LEVEL_OF_KIND[ProgramKind(group.program_kind)]))
        if place is not None:
            names = [one.group.name for one in place.placements.all()]
            refusal = AlreadyEnrolled(student=row.student, place=names[-1] if names else "место уже открыто")
        elif group.places is not None and taken[group.pk] >= group.places:
            refusal = GroupFull(group=group.name, places=group.places)
        else:
            taken[group.pk] += 1
        checks.append(RowCheck(row, str(refusal or ""), _age_warnings(row, group)))
    return checks


def _age_warnings(row: OrderRow, group: Group) -> list[str]:
    if group.grade is None:
        return []
    born, first = row.student.birth_date, datetime.date(group.academic_year, 9, 1)
    months = (first.year - born.year) * 12 + first.month - born.month - (first.day < born.day)
    years, rest = divmod(months, 12)
    if group.grade == 1 and months < YOUNGEST_MONTHS:
        return [f"На 1 сентября {years} лет {rest} мес.: в 1 класс раньше 6 лет 6 месяцев нужно разрешение учредителя."]
    if years > group.grade + OLDEST_ABOVE_GRADE or years < group.grade + 4:
        return [f"На 1 сентября {years} лет: возраст не похож на {group.grade} класс. Проверьте дату рождения и класс."]
    return []


def _departure(row: OrderRow) -> RowCheck:
    place = row.enrollment
    if place is None or place.is_annulled or place.left_on is not None:
        return RowCheck(row, str(NotEnrolled(student=row.student, day=f"{row.effective_on:%d.%m.%Y}")))
    if row.effective_on <= place.enrolled_on:
        return RowCheck(row, str(DayBeforeEnrollment(student=row.student, enrolled_on=f"{place.enrolled_on:%d.%m.%Y}")))
    return RowCheck(row)


def _known(row: OrderRow) -> uuid.UUID:
    """Services never make a row of an enrollment without its group."""
    if row.group_id is None:
        raise ValueError("order row without its group")
    return row.group_id
