import datetime

import pytest

from tenants.intake import fields as f
from tenants.intake.rows import RowReader

TODAY = datetime.date(2026, 9, 20)
SMALLEST = {
    f.SURNAME: "Ёлкин",
    f.NAME: "Пётр",
    f.BIRTH_DATE: "05.03.2015",
    f.SEX: "М",
    f.CLASS: "5А",
    f.ENROLLED_ON: "01.09.2026",
    f.ORDER_NUMBER: "12-у",
    f.ORDER_DATE: "28.08.2026",
}
DEPARTURE = {
    f.LEFT_ON: "15.09.2026",
    f.DEPARTURE_REASON: "переезд",
    f.DEPARTURE_ORDER_NUMBER: "40-у",
    f.DEPARTURE_ORDER_DATE: "14.09.2026",
}


@pytest.fixture
def read():
    """Read the smallest valid row with some cells changed; None takes a cell away."""

    def read_row(changes=None, *, org_type="school", year=None, today=TODAY):
        reader = RowReader(org_type, year=year, today=today)
        reader.headers(f.HEADERS)
        cells = {**SMALLEST, **(changes or {})}
        return reader.read([cells.get(header) or "" for header in f.HEADERS], 7)

    return read_row


@pytest.fixture
def departure():
    return dict(DEPARTURE)
