"""Orders on movement: the secretary drafts, the head signs, an error is annulled. Source: ORGANIZATION 9.

Every change that the registry must know is handed up in the same transaction. A copy of an organization takes none.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shared.kernel.rules import constraint_means
from tenants.groups.models import Group
from tenants.handup.services import hand_up
from tenants.orders.copies import refused_in_copy
from tenants.orders.errors import (
    AlreadyEnrolled,
    DayBeforeEnrollment,
    GroupFull,
    LaterFacts,
    NotEnrolled,
    OrderEmpty,
    OrderNotDraft,
    OrderNumberTaken,
    OwnDraft,
    StudentInOrder,
)
from tenants.orders.models import LEVEL_OF_KIND, Enrollment, Level, Order, OrderRow, Placement, ProgramKind
from tenants.people.models import Student


@refused_in_copy()
@transaction.atomic
def draft_order(
    *, kind: str, number: str, issued_on: datetime.date, drafted_by: str, basis: str = "", is_on_paper: bool = False
) -> Order:
    """A draft without rows. Raises: OrderNumberTaken."""
    with constraint_means("order_number_once", OrderNumberTaken(number=number, issued_on=f"{issued_on:%d.%m.%Y}")):
        return Order.objects.create(
            kind=kind, number=number, issued_on=issued_on, drafted_by=drafted_by, basis=basis, is_on_paper=is_on_paper
        )


@refused_in_copy()
@transaction.atomic
def edit_order(*, order: Order, number: str, issued_on: datetime.date, basis: str) -> Order:
    """Change the head of a draft. Raises: OrderNotDraft, OrderNumberTaken."""
    order = _reopened_draft(order)
    order.number, order.issued_on, order.basis = number, issued_on, basis
    with constraint_means("order_number_once", OrderNumberTaken(number=number, issued_on=f"{issued_on:%d.%m.%Y}")):
        order.save(update_fields=["number", "issued_on", "basis"])
    return order


@refused_in_copy()
@transaction.atomic
def add_enrollment_row(
    *,
    order: Order,
    student: Student,
    group: Group,
    movement_type: str,
    effective_on: datetime.date,
    form_of_study: str = "full_time",
    note: str = "",
) -> OrderRow:
    """Name a learner to be enrolled by a draft. Raises: OrderNotDraft, StudentInOrder."""
    order = _reopened_draft(order)
    if order.rows.filter(student=student, group__kind=group.kind).exists():
        raise StudentInOrder(student=student)
    return OrderRow.objects.create(
        order=order,
        position=_next_position(order),
        student=student,
        group=group,
        movement_type=movement_type,
        effective_on=effective_on,
        form_of_study=form_of_study,
        note=note,
    )


@refused_in_copy()
@transaction.atomic
def add_departure_row(
    *, order: Order, enrollment: Enrollment, movement_type: str, effective_on: datetime.date, note: str = ""
) -> OrderRow:
    """Name a place to be closed by a draft; ``effective_on`` is the first day not counted.

    Raises: OrderNotDraft, StudentInOrder, NotEnrolled, DayBeforeEnrollment.
    """
    order = _reopened_draft(order)
    _check_departure(enrollment, effective_on)
    if order.rows.filter(enrollment=enrollment).exists():
        raise StudentInOrder(student=enrollment.student)
    placement = enrollment.placements.order_by("placed_from").last()
    return OrderRow.objects.create(
        order=order,
        position=_next_position(order),
        student=enrollment.student,
        enrollment=enrollment,
        group=placement.group if placement else None,
        movement_type=movement_type,
        effective_on=effective_on,
        form_of_study=enrollment.form_of_study,
        note=note,
    )


@refused_in_copy()
@transaction.atomic
def remove_row(*, row: OrderRow) -> None:
    """Take a learner out of a draft; a draft was never handed up, so the row is deleted. Raises: OrderNotDraft."""
    _reopened_draft(row.order)
    row.delete()


@refused_in_copy()
@transaction.atomic
def send_for_signature(*, order: Order) -> Order:
    """The secretary has finished a draft; any later change takes it back. Raises: OrderNotDraft, OrderEmpty."""
    order = _locked_draft(order)
    if not order.rows.exists():
        raise OrderEmpty(number=order.number)
    order.sent_at = timezone.now()
    order.save(update_fields=["sent_at"])
    return order


@refused_in_copy()
@transaction.atomic
def discard_draft(*, order: Order) -> None:
    """Delete a draft with its rows. Raises: OrderNotDraft."""
    order = _locked_draft(order)
    order.rows.all().delete()
    order.delete()


@refused_in_copy()
@transaction.atomic
def sign_order(*, order: Order, signed_by: str, signed_on: datetime.date | None = None) -> Order:
    """Put a draft in force: places open or close, and the registry is told.

    Nobody drafts and signs the same order, except one entered from paper (our rule, ORGANIZATION 4).
    Raises: OrderNotDraft, OwnDraft, OrderEmpty, AlreadyEnrolled, GroupFull, NotEnrolled, DayBeforeEnrollment.
    """
    order = _locked_draft(order)
    if order.drafted_by == signed_by and not order.is_on_paper:
        raise OwnDraft(number=order.number)
    rows = list(order.rows.select_related("student", "group", "enrollment").order_by("student_id", "position"))
    if not rows:
        raise OrderEmpty(number=order.number)
    act = _enroll if order.kind == Order.Kind.ENROLLMENT else _withdraw
    changed = [act(order, row) for row in rows]
    order.status = Order.Status.SIGNED
    order.signed_by, order.signed_on = signed_by, signed_on or timezone.localdate()
    order.save(update_fields=["status", "signed_by", "signed_on"])
    hand_up(changed)
    return order


@refused_in_copy()
@transaction.atomic
def annul_order(*, order: Order, annulled_by: str, reason: str) -> Order:
    """Undo a signed order by reversing what it did; nothing is deleted. Raises: OrderNotDraft, LaterFacts."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if order.status != Order.Status.SIGNED:
        raise OrderNotDraft(number=order.number, status=order.get_status_display().lower())
    places = list(
        Enrollment.objects.select_for_update(of=("self",))
        .filter(order_rows__order=order, order_rows__is_annulled=False)
        .select_related("student", "departure_order")
        .order_by("student_id", "id")
    )
    revert = _annul_enrollment if order.kind == Order.Kind.ENROLLMENT else _annul_departure
    for place in places:
        revert(order, place)
    order.status = Order.Status.ANNULLED
    order.annulled_by, order.annulled_on, order.annulled_reason = annulled_by, timezone.localdate(), reason
    order.save(update_fields=["status", "annulled_by", "annulled_on", "annulled_reason"])
    order.rows.update(is_annulled=True)
    hand_up([place.pk for place in places])
    return order


def academic_year_start(year: int) -> datetime.date:
    """1 September of an academic year named by its first calendar year."""
    return datetime.date(year, 9, 1)


def suggested_number(kind: str, day: datetime.date) -> str:
    """The next free number of the calendar year, orders issued on paper counted too, for example «15-у»."""
    suffix = "у" if kind == Order.Kind.ENROLLMENT else "в"
    numbers: Iterable[str] = Order.objects.filter(kind=kind, issued_on__year=day.year).values_list("number", flat=True)
    used = [int(head) for head in (number.partition("-")[0] for number in numbers) if head.isdecimal()]
    return f"{max(used, default=0) + 1}-{suffix}"


def _locked_draft(order: Order) -> Order:
    found = Order.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if found is None:
        raise OrderNotDraft(number=order.number, status="удалён")
    if found.status != Order.Status.DRAFT:
        raise OrderNotDraft(number=found.number, status=found.get_status_display().lower())
    return found


def _reopened_draft(order: Order) -> Order:
    """A draft to be changed: whoever was to sign it must not sign something else."""
    found = _locked_draft(order)
    if found.sent_at is not None:
        found.sent_at = None
        found.save(update_fields=["sent_at"])
    return found


def _next_position(order: Order) -> int:
    return (order.rows.aggregate(Max("position"))["position__max"] or 0) + 1


def _enroll(order: Order, row: OrderRow) -> uuid.UUID:
    group = Group.objects.select_for_update(of=("self",)).get(pk=_present(row.group_id))
    day = row.effective_on
    placed_from = max(day, academic_year_start(group.academic_year))
    if group.places is not None and Placement.objects.on(placed_from).filter(group=group).count() >= group.places:
        raise GroupFull(group=group.name, places=group.places)
    kind = ProgramKind(group.program_kind)
    with constraint_means("enrollment_one_open_basic", _already(row.student, LEVEL_OF_KIND[kind])):
        enrollment = Enrollment.objects.create(
            student=row.student,
            program_kind=kind,
            level=LEVEL_OF_KIND[kind],
            is_basic=kind != ProgramKind.SUPPLEMENTARY,
            form_of_study=row.form_of_study,
            order=order,
            enrolled_on=day,
        )
    Placement.objects.create(enrollment=enrollment, group=group, placed_from=placed_from)
    row.enrollment = enrollment
    row.save(update_fields=["enrollment"])
    return enrollment.pk


def _already(student: Student, level: Level) -> AlreadyEnrolled:
    placement = (
        Placement.objects.filter(
            enrollment__student=student,
            enrollment__level=level,
            enrollment__left_on=None,
            enrollment__is_annulled=False,
        )
        .select_related("group")
        .order_by("placed_from")
        .last()
    )
    return AlreadyEnrolled(student=student, place=placement.group.name if placement else "место уже открыто")


def _withdraw(order: Order, row: OrderRow) -> uuid.UUID:
    enrollment = (
        Enrollment.objects.select_for_update(of=("self",)).select_related("student").get(pk=_present(row.enrollment_id))
    )
    _check_departure(enrollment, row.effective_on)
    enrollment.left_on, enrollment.departure_order = row.effective_on, order
    enrollment.departure_reason = row.movement_type
    enrollment.save(update_fields=["left_on", "departure_order", "departure_reason"])
    _close_placements(enrollment, row.effective_on)
    return enrollment.pk


def _check_departure(enrollment: Enrollment, day: datetime.date) -> None:
    if enrollment.is_annulled or enrollment.left_on is not None:
        raise NotEnrolled(student=enrollment.student, day=f"{day:%d.%m.%Y}")
    if day <= enrollment.enrolled_on:
        raise DayBeforeEnrollment(student=enrollment.student, enrolled_on=f"{enrollment.enrolled_on:%d.%m.%Y}")


def _present(key: uuid.UUID | None) -> uuid.UUID:
    """A row of an enrollment names its group, a row of a departure its place: services make no other."""
    if key is None:
        raise ValueError("order row without its object")
    return key


def _close_placements(enrollment: Enrollment, day: datetime.date) -> None:
    """The class of the last day ends with the place; one that would begin later stays and has no counted day."""
    enrollment.placements.filter(placed_to=None, placed_from__lt=day).update(placed_to=day)


def _annul_enrollment(order: Order, place: Enrollment) -> None:
    if place.departure_order is not None:
        raise LaterFacts(number=order.number, facts=f"{place.student} выбыл по приказу {place.departure_order}")
    place.is_annulled = True
    place.save(update_fields=["is_annulled"])


def _annul_departure(order: Order, place: Enrollment) -> None:
    day = place.left_on
    place.left_on, place.departure_order, place.departure_reason = None, None, ""
    with constraint_means(
        "enrollment_one_open_basic",
        LaterFacts(number=order.number, facts=f"{place.student} после выбытия зачислен снова"),
    ):
        place.save(update_fields=["left_on", "departure_order", "departure_reason"])
    place.placements.filter(placed_to=day).update(placed_to=None)
