"""Places that a file brings: new ones, their departures, and what differs in those known. Source: INTERFACES 5."""

from __future__ import annotations

import datetime
from typing import Any, Final

from shared.classifiers.catalog import load_catalog
from shared.kernel.days import written
from shared.kernel.ids import new_id
from tenants.intake import fields as f
from tenants.intake.fields import PlaceRow
from tenants.intake.group_plan import GroupPlan
from tenants.intake.known import Departure, Learner, Place, Span
from tenants.intake.order_plan import OrderPlan, movement_of_enrollment
from tenants.intake.plan import Plan, Read
from tenants.orders.models import LEVEL_OF_KIND, Enrollment, Placement, ProgramKind

NOT_APPLIED: Final = "Оставлено прежнее значение."
APPLIED: Final = "Принято значение файла."


class PlacePlan:
    """Opens, closes and compares places."""

    def __init__(self, plan: Plan, groups: GroupPlan, orders: OrderPlan, *, update: bool) -> None:
        self._plan = plan
        self._groups = groups
        self._orders = orders
        self._update = update

    def open(self, read: Read, row: PlaceRow, learner: Learner) -> None:
        """Give a learner a place by the order of the row, with its departure when the row has one."""
        kind = ProgramKind(row.program_kind)
        order = self._orders.take(row, is_departure=False)
        place = Place(
            id=new_id(),
            level=LEVEL_OF_KIND[kind].value,
            is_basic=kind != ProgramKind.SUPPLEMENTARY,
            form_of_study=row.form_of_study,
            form_of_education=row.form_of_education,
            enrolled_on=row.enrolled_on,
            left_on=None,
            order=order,
            order_row_id=None,
            departure=None,
            spans=[],
            number=read.number,
        )
        self._plan.create(
            Enrollment,
            place.id,
            student_id=learner.id,
            program_kind=row.program_kind,
            level=place.level,
            is_basic=place.is_basic,
            form_of_study=row.form_of_study,
            form_of_education=row.form_of_education,
            order_id=order.id,
            departure_order_id=None,
            departure_reason="",
            enrolled_on=row.enrolled_on,
            left_on=None,
            is_annulled=False,
        )
        self._add_span(place, row, row.class_from, None)
        place.order_row_id = self._add_enrollment_row(place, row, learner)
        learner.places.append(place)
        if row.left_on is not None:
            self.close(row, learner, place)

    def close(self, row: PlaceRow, learner: Learner, place: Place) -> None:
        """Apply the departure of the row to a place that has none, or correct the one it has."""
        if row.left_on is None:
            raise AssertionError("a place is closed by a row with a departure")
        order = self._orders.take(row, is_departure=True)
        old, old_day = place.departure, place.left_on
        self._plan.set(
            Enrollment,
            place.id,
            left_on=(old_day, row.left_on),
            departure_order_id=(old.order.id if old else None, order.id),
            departure_reason=(old.reason if old else "", row.departure_reason),
        )
        place.left_on = row.left_on
        self._close_spans(place, row, old_day, row.left_on)
        if old:
            self._orders.drop_row(old.row_id)
        row_id = self._orders.add_row(
            order,
            student_id=learner.id,
            movement_type=row.departure_reason,
            effective_on=row.left_on,
            group_id=place.spans[-1].group.id if place.spans else None,
            form_of_study=place.form_of_study,
            enrollment_id=place.id,
            note=row.departure_note,
        )
        place.departure = Departure(order, row.departure_reason, row_id)

    def compare(self, read: Read, row: PlaceRow, learner: Learner, place: Place) -> None:
        """List what the row says otherwise than the place; change the place when the import updates."""
        update = self._update and place.number is None
        tail = APPLIED if update else NOT_APPLIED
        for header, was, now in self._differences(row, place):
            read.differs(header, f"В системе «{was}», в файле «{now}». {tail}")
        if not update:
            return
        self._set(place, "form_of_study", row.form_of_study)
        self._set(place, "form_of_education", row.form_of_education)
        if not self._is_blocked(read, row, is_departure=False):
            self._change_order(row, learner, place)
        if _other_departure(row, place) and not self._is_blocked(read, row, is_departure=True):
            self.close(row, learner, place)
        self._change_spans(row, place)

    def _is_blocked(self, read: Read, row: PlaceRow, *, is_departure: bool) -> bool:
        obstacle = self._orders.obstacle(row, is_departure=is_departure)
        if obstacle is not None:
            read.warn(obstacle.field, obstacle.reason)
        return obstacle is not None

    def _differences(self, row: PlaceRow, place: Place) -> list[tuple[str, str, str]]:
        label = load_catalog().label
        found = []
        if place.form_of_study != row.form_of_study:
            was, now = (label("form_of_study", code) for code in (place.form_of_study, row.form_of_study))
            found.append((f.FORM, was, now))
        if place.form_of_education != row.form_of_education:
            was, now = (label("form_of_education", code) for code in (place.form_of_education, row.form_of_education))
            found.append((f.FORM, was, now))
        if (place.order.number, place.order.issued_on) != (row.order_number, row.order_date):
            was = _order_text(place.order.number, place.order.issued_on)
            found.append((f.ORDER_NUMBER, was, _order_text(row.order_number, row.order_date)))
        if _other_departure(row, place):
            found.append((f.LEFT_ON, *_departure_texts(row, place)))
        last = place.spans[-1]
        if row.shift is not None and row.shift != last.shift:
            found.append((f.SHIFT, str(last.shift or "не указана"), str(row.shift)))
        if row.left_on is None and place.left_on is None and not self._has_year(row, place):
            found.append((f.CLASS, _year_text(last.group.academic_year), _year_text(row.academic_year)))
        return found

    def _set(self, place: Place, column: str, value: Any) -> None:
        if getattr(place, column) != value:
            self._plan.set(Enrollment, place.id, **{column: (getattr(place, column), value)})
            setattr(place, column, value)

    def _change_order(self, row: PlaceRow, learner: Learner, place: Place) -> None:
        if (place.order.number, place.order.issued_on) == (row.order_number, row.order_date):
            return
        order = self._orders.take(row, is_departure=False)
        self._plan.set(Enrollment, place.id, order_id=(place.order.id, order.id))
        self._orders.drop_row(place.order_row_id)
        place.order = order
        place.order_row_id = self._add_enrollment_row(place, row, learner)

    def _change_spans(self, row: PlaceRow, place: Place) -> None:
        """Another shift of the last class, or the same group in another academic year."""
        last = place.spans[-1]
        if row.left_on is None and place.left_on is None and not self._has_year(row, place):
            first = place.spans[0]
            if row.class_from >= last.placed_from:
                self._plan.set(Placement, last.id, placed_to=(last.placed_to, row.class_from))
                last.placed_to = row.class_from
                self._add_span(place, row, row.class_from, None)
            elif row.class_from < first.placed_from:
                self._add_span(place, row, row.class_from, first.placed_from)
        elif row.shift is not None and row.shift != last.shift:
            self._plan.set(Placement, last.id, shift=(last.shift, row.shift))
            last.shift = row.shift

    def _has_year(self, row: PlaceRow, place: Place) -> bool:
        return any(span.group.academic_year == row.academic_year for span in place.spans)

    def _close_spans(self, place: Place, row: PlaceRow, old_day: datetime.date | None, day: datetime.date) -> None:
        """The class of the last day ends with the place.

        A class that would begin later keeps its days, none of which is counted; then the row names the class that was
        left, in the year of the departure.
        """
        for span in place.spans:
            if span.placed_to in (None, old_day) and span.placed_from < day:
                self._plan.set(Placement, span.id, placed_to=(span.placed_to, day))
                span.placed_to = day
        if not any(span.placed_from < day for span in place.spans):
            self._add_span(place, row, row.class_from, day)

    def _add_span(
        self, place: Place, row: PlaceRow, placed_from: datetime.date, placed_to: datetime.date | None
    ) -> None:
        group = self._groups.take(row)
        span = Span(new_id(), group, row.shift, placed_from, placed_to)
        self._plan.create(
            Placement,
            span.id,
            enrollment_id=place.id,
            group_id=group.id,
            shift=row.shift,
            placed_from=placed_from,
            placed_to=placed_to,
        )
        place.spans.append(span)
        place.spans.sort(key=lambda span: span.placed_from)

    def _add_enrollment_row(self, place: Place, row: PlaceRow, learner: Learner) -> Any:
        return self._orders.add_row(
            place.order,
            student_id=learner.id,
            movement_type=movement_of_enrollment(row),
            effective_on=row.enrolled_on,
            group_id=place.spans[-1].group.id,
            form_of_study=row.form_of_study,
            enrollment_id=place.id,
            note="",
        )


def _other_departure(row: PlaceRow, place: Place) -> bool:
    """Whether both know of a departure and tell it differently; a blank in the file tells nothing."""
    if row.left_on is None or place.left_on is None or place.departure is None:
        return False
    return (row.left_on, row.departure_reason, row.departure_order_number, row.departure_order_date) != (
        place.left_on,
        place.departure.reason,
        place.departure.order.number,
        place.departure.order.issued_on,
    )


def _departure_texts(row: PlaceRow, place: Place) -> tuple[str, str]:
    label = load_catalog().label
    was, held = place.departure, place.left_on
    if was is None or held is None or row.left_on is None or row.departure_order_date is None:
        raise AssertionError("both departures are known here")
    return (
        f"{written(held)}, {label('movement_type', was.reason)}, {_order_text(was.order.number, was.order.issued_on)}",
        f"{written(row.left_on)}, {label('movement_type', row.departure_reason)}, "
        f"{_order_text(row.departure_order_number, row.departure_order_date)}",
    )


def _order_text(number: str, day: datetime.date) -> str:
    return f"№ {number} от {written(day)}"


def _year_text(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d} учебный год"
