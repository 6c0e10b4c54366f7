"""The smallest valid employee, and forms as a clerk fills them in."""

from __future__ import annotations

import datetime
import itertools

from tenants.staff.models import StaffMember
from tenants.staff.services import hire

_numbers = itertools.count(1)
D = datetime.date


def _letters(number: int) -> str:
    """A number as a name may hold it: 1 is «б», 33 is «бб»."""
    head, tail = divmod(number, 32)
    return (_letters(head) if head else "") + chr(ord("а") + tail)


def facts(**changes: object) -> dict[str, object]:
    """Values of a card by their codes."""
    usual: dict[str, object] = {
        "last_name": f"Работнов{_letters(next(_numbers))}",
        "first_name": "Пётр",
        "patronymic": "Ильич",
        "birth_date": D(1985, 3, 4),
        "sex": "M",
        "hire_date": D(2020, 9, 1),
        "hire_order_no": "12-к",
        "hire_order_date": D(2020, 8, 28),
        "main_position": "teacher",
        "consent_on": D(2020, 9, 1),
    }
    return usual | changes


def member(**changes: object) -> StaffMember:
    return hire(values=facts(**changes), by="секретарь")
