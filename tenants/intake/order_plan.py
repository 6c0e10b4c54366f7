"""Orders that a file brings: rows with one number and date form one order, issued on paper. Source: INTERFACES 5."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Final

from shared.kernel.days import written
from shared.kernel.ids import new_id
from tenants.intake import fields as f
from tenants.intake.fields import PlaceRow, Problem
from tenants.intake.known import Known, OrderState
from tenants.intake.plan import Plan
from tenants.orders.models import Order, OrderRow

FIRST_INTAKE: Final = (8, 15)  # from the middle of August to the middle of September is «around 1 September»
LAST_INTAKE: Final = (9, 15)
_INTAKES: Final = {1: "enroll_first", 10: "enroll_tenth"}


def movement_of_enrollment(row: PlaceRow) -> str:
    """The kind of arrival, as far as the row shows it; nothing is guessed of classes before the row's own.

    Source: assumption (the file has no column for it).
    """
    if row.program_kind != "general":
        return f"enroll_{row.program_kind}"
    day = row.enrolled_on
    is_intake = FIRST_INTAKE <= (day.month, day.day) <= LAST_INTAKE
    if is_intake and day.year == row.academic_year:
        return _INTAKES.get(row.grade or 0, "enroll_other")
    return "enroll_other"


class OrderPlan:
    """Finds, joins and creates the orders of rows."""

    def __init__(self, known: Known, plan: Plan) -> None:
        self._orders = known.orders
        self._plan = plan

    def obstacle(self, row: PlaceRow, *, is_departure: bool) -> Problem | None:
        """An order of that number and date which is not one on paper in force cannot be joined by a file."""
        kind, number, day = _order_of(row, is_departure=is_departure)
        order = self._orders.get((kind, number, day)) if day else None
        if order is None or order.is_open:
            return None
        field = f.DEPARTURE_ORDER_NUMBER if is_departure else f.ORDER_NUMBER
        return Problem(
            field,
            f"Приказ № {number} от {written(order.issued_on)} уже заведён в системе, и он не внесён как изданный на "
            "бумаге. Проверьте номер и дату приказа или добавьте ученика в сам приказ.",
        )

    def take(self, row: PlaceRow, *, is_departure: bool) -> OrderState:
        """The order of the row, created when there is none."""
        kind, number, day = _order_of(row, is_departure=is_departure)
        if day is None:
            raise AssertionError("the order of a departure was asked for, yet the row has none")
        order = self._orders.get((kind, number, day))
        if order is None:
            order = OrderState(new_id(), number, day, is_open=True)
            self._orders[kind, number, day] = order
            self._plan.create(Order, order.id, kind=kind, number=number, issued_on=day, signed_on=day)
        return order

    def add_row(self, order: OrderState, **values: Any) -> uuid.UUID:
        """One more learner at the end of the order."""
        key = new_id()
        order.last_position += 1
        self._plan.create(OrderRow, key, order_id=order.id, position=order.last_position, is_annulled=False, **values)
        return key

    def drop_row(self, key: uuid.UUID | None) -> None:
        """Strike a learner out of an order: he goes to another one."""
        if key is not None:
            self._plan.set(OrderRow, key, is_annulled=(False, True))


def _order_of(row: PlaceRow, *, is_departure: bool) -> tuple[str, str, datetime.date | None]:
    if is_departure:
        return Order.Kind.DEPARTURE.value, row.departure_order_number, row.departure_order_date
    return Order.Kind.ENROLLMENT.value, row.order_number, row.order_date
