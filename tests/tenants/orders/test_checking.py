"""What signing will do is told before it: refusals, warnings, headcounts."""

from __future__ import annotations

import datetime

import pytest

from tenants.orders.checking import check_order, refuse_unready
from tenants.orders.errors import OrderEmpty, RowsRefused
from tenants.orders.services import add_enrollment_row, draft_order
from tests.tenants import factories

D = datetime.date


def draft(*students, into, day=D(2026, 9, 1)):
    order = draft_order(kind="enrollment", number="7-у", issued_on=day, drafted_by="с")
    for one in students:
        add_enrollment_row(order=order, student=one, group=into, movement_type="enroll_other", effective_on=day)
    return order


def test_a_class_with_one_place_takes_one_of_two(school):
    with school.work():
        group = factories.group("5А")
        group.places = 1
        group.save()
        check = check_order(draft(factories.student(), factories.student(), into=group))
        assert [bool(row.problem) for row in check.rows] == [False, True]
        assert (check.before, check.after) == (0, 1)
        assert [(one.before, one.after, one.places) for one in check.groups] == [(0, 1, 1)]


@pytest.mark.parametrize(
    ("born", "name", "words"),
    [
        (D(2020, 4, 2), "1А", "разрешение учредителя"),
        (D(2020, 3, 1), "1А", ""),
        (D(2009, 5, 5), "5А", "возраст не похож на 5 класс"),
        (D(2019, 5, 5), "9А", "возраст не похож на 9 класс"),
        (D(2015, 5, 5), "5А", ""),
    ],
)
def test_an_age_that_does_not_fit_the_class_is_a_warning(school, born, name, words):
    with school.work():
        check = check_order(draft(factories.student(birth_date=born), into=factories.group(name)))
        (row,) = check.rows
        assert not row.problem
        assert words in " ".join(row.warnings) if words else not row.warnings


def test_an_order_of_tomorrow_is_a_warning(school):
    with school.work():
        check = check_order(draft(factories.student(), into=factories.group("5А"), day=D(2190, 1, 1)))
        assert "ещё не наступила" in check.warnings[0]


def test_an_empty_or_hopeless_order_is_not_ready(school):
    with school.work():
        with pytest.raises(OrderEmpty):
            refuse_unready(draft_order(kind="enrollment", number="1", issued_on=D(2026, 9, 1), drafted_by="с"))
        child = factories.student(last_name="Рощин")
        factories.enroll(child, into=factories.group("5А"))
        with pytest.raises(RowsRefused, match="Рощин"):
            refuse_unready(draft(child, into=factories.group("6Б")))
