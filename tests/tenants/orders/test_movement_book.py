"""The movement book: rows of orders in force, numbers that always agree, screen and file."""

from __future__ import annotations

import datetime
import io
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tenants.orders.book import Balance, Book, Period
from tenants.orders.services import annul_order
from tests.support import client_of
from tests.tenants import factories

pytestmark = pytest.mark.proves("R-092", "R-128")

D = datetime.date


@pytest.fixture
def year(school):
    """Two children come on 1 September, one of them leaves on 10 October, a third comes that day."""
    with school.work():
        first, second, third = (factories.student(last_name=name) for name in ("Рощин", "Лосев", "Туманов"))
        factories.enroll(first, second, into=factories.group("5А"), number="1-у")
        factories.withdraw(first, day=D(2026, 10, 10), number="1-в")
        factories.enroll(third, into=factories.group("5Б"), day=D(2026, 10, 10), number="2-у")


def book(first, last, **facts):
    return Book(Period(first, last), **facts)


def test_a_month_balances(school, year):
    with school.work():
        assert book(D(2026, 9, 1), D(2026, 9, 30)).total == Balance(0, 2, 0, 2)
        october = book(D(2026, 10, 1), D(2026, 10, 31))
        assert october.total == Balance(2, 1, 1, 2)
        assert [(line.name, line.balance, line.is_sum) for line in october.lines] == [
            ("5А", Balance(2, 0, 1, 1), False),
            ("5Б", Balance(0, 1, 0, 1), False),
            ("5 классы", Balance(2, 1, 1, 2), True),
        ]


def test_a_day_of_arrival_and_departure_balances(school, year):
    with school.work():
        assert book(D(2026, 10, 10), D(2026, 10, 10)).total == Balance(2, 1, 1, 2)
        assert book(D(2026, 10, 9), D(2026, 10, 9)).total == Balance(2, 0, 0, 2)


def test_before_the_first_of_september_places_stand_without_a_class(school):
    with school.work():
        factories.enroll(factories.student(), into=factories.group("1А"), day=D(2026, 6, 15))
        june = book(D(2026, 6, 1), D(2026, 6, 30))
        assert [(line.name, line.balance) for line in june.lines] == [("Без класса", Balance(0, 1, 0, 1))]
        september = book(D(2026, 9, 1), D(2026, 9, 30))
        assert {line.name: line.balance.inside for line in september.lines} == {"1А": 1, "Без класса": -1}


def test_an_annulled_order_leaves_the_book(school, year):
    with school.work():
        annul_order(order=factories.Order.objects.get(number="2-у"), annulled_by="д", reason="ошибка")
        october = book(D(2026, 10, 1), D(2026, 10, 31))
        assert october.total == Balance(2, 0, 1, 1)
        assert [row.student.last_name for row in october.rows] == ["Рощин"]


@pytest.mark.parametrize("seed", range(3))
def test_any_history_balances_and_has_a_row_for_every_movement(school, seed):
    chance = random.Random(seed)
    with school.work():
        groups = [factories.group(name) for name in ("1А", "1Б", "5А")]
        for _ in range(12):
            child = factories.student()
            day = D(2026, 8, 20) + datetime.timedelta(days=chance.randrange(60))
            order = factories.enroll(child, into=chance.choice(groups), day=day)
            if chance.random() < 0.5:
                left = day + datetime.timedelta(days=chance.randrange(1, 60))
                order = factories.withdraw(child, day=left)
            if chance.random() < 0.3:
                annul_order(order=order, annulled_by="д", reason="ошибка")
        for _ in range(10):
            first = D(2026, 8, 15) + datetime.timedelta(days=chance.randrange(90))
            one = book(first, first + datetime.timedelta(days=chance.randrange(40)))
            assert one.total.inside == 0
            assert one.rows.count() == one.total.arrived + one.total.left
            classes = [line.balance for line in one.lines if not line.is_sum]
            for name in ("start", "arrived", "left", "end", "inside"):
                assert sum(getattr(balance, name) for balance in classes) == getattr(one.total, name)


def test_the_page_shows_totals_and_narrows_by_flow_and_name(school, year):
    client = client_of(school.host, "secretary")
    url = "/movement/?from=01.10.2026&to=31.10.2026"
    page = client.get(url)
    assert page.context["total"] == Balance(2, 1, 1, 2)
    assert "сходится" in page.content.decode()
    assert [one.row.student.last_name for one in client.get(f"{url}&flow=out").context["rows"]] == ["Рощин"]
    answer = client.post("/movement/", {"q": "туман", "from": "01.10.2026", "to": "31.10.2026"})
    assert "туман" not in answer["Location"]
    assert [one.row.student.last_name for one in client.get(answer["Location"]).context["rows"]] == ["Туманов"]
    number = client.post("/movement/", {"q": "1-в", "from": "01.10.2026", "to": "31.10.2026"})
    assert [one.row.order.number for one in client.get(number["Location"]).context["rows"]] == ["1-в"]


def test_the_page_asks_a_fixed_number_of_queries(school, year):
    client = client_of(school.host, "anna")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/movement/?from=01.09.2026&to=31.10.2026").status_code == 200
        return len(captured)

    few = queries()
    with school.work():
        for name in ("7А", "8А", "9А"):
            factories.enroll(*[factories.student() for _ in range(5)], into=factories.group(name))
    assert queries() == few


def test_the_file_holds_the_columns_of_the_regulation_and_the_totals(school, year):
    answer = client_of(school.host, "anna").get("/movement/export.xlsx?from=01.10.2026&to=31.10.2026")
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    head = next(row for row in table if row[0] == "№ п/п")
    assert head[1:5] == ["Ф.И.О.", "Дата рождения", "Класс", "Тип движения"]
    text = "\n".join(str(cell) for row in table for cell in row)
    for words in ("Книга движения", "Период: 01.10.2026 – 31.10.2026", "Рощин", "переезд", "№ 1-в от 10.10.2026"):
        assert words in text
    assert [row[4] for row in table[-4:]] == ["2", "1", "1", "2"]


def test_an_empty_period_says_so_and_a_teacher_is_refused(school):
    assert "не было" in client_of(school.host, "anna").get("/movement/").content.decode()
    assert client_of(school.host, "teacher").get("/movement/").status_code == 403
