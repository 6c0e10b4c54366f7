"""``/api/v1/classifiers/``: the same books on every host, a day's values, one organization's own to itself alone."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.classifiers.books import books
from shared.classifiers.refreshing import ask_again
from shared.classifiers.services import rename_value, set_term
from tests.api.v1.test_callers import assert_problem, bearer, token_of
from tests.shared.classifiers.keeping import add, ministry, office, row
from tests.support import client_of

LIST = "/api/v1/classifiers/"
DAY = datetime.timedelta(days=1)


def every(client, path: str, **query: object) -> list[dict[str, object]]:
    """All pages of a list."""
    found, cursor = [], None
    while True:
        answer = client.get(path, {**query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.content.decode()
        body = answer.json()
        assert set(body) == {"next", "results"}
        found += body["results"]
        cursor = body["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("host", "login"),
    [
        ("school-1", "teacher"),
        ("municipality", "boris"),
        ("region", "marina"),
        ("operator", "oleg"),
        ("training", "anna"),
    ],
)
def test_every_host_has_the_same_books(school, host, login):
    client = client_of(f"{host}.localhost", login)
    assert [one["name"] for one in every(client, LIST, page_size=25)] == list(books())
    assert [one["code"] for one in every(client, f"{LIST}sex/")] == ["M", "F"]


def test_a_token_reads_them_and_nobody_else(school):
    assert bearer(school.host, token_of("anna", school.host)).get(LIST).status_code == 200
    assert_problem(bearer(school.host, "x").get(LIST), 401)


@pytest.mark.parametrize("name", ["country", "attendance_sheet_0504608", "movement_type"])
@pytest.mark.parametrize("size", [1, 7, 500])
def test_pages_together_are_the_whole_book(school, name, size):
    if (name, size) == ("country", 1):
        size = 3
    client = client_of(school.host, "teacher")
    whole = [one["code"] for one in client.get(f"{LIST}{name}/", {"page_size": 500}).json()["results"]]
    assert [one["code"] for one in every(client, f"{LIST}{name}/", page_size=size)] == whole


@pytest.mark.proves("R-115")
def test_a_day_has_its_own_values_and_names(school):
    today = timezone.localdate()
    with ministry() as keeper:
        value = row("marital_status", "married")
        rename_value(keeper=keeper, value_id=value.pk, version=1, label="В браке", valid_from=today)
        ended = row("marital_status", "widowed")
        set_term(keeper=keeper, value_id=ended.pk, version=1, valid_to=today)
        added = add(keeper, "subject", "Новый предмет", today)
    ask_again()
    client = client_of(school.host, "teacher")
    names = {one["code"]: one["label"] for one in every(client, f"{LIST}marital_status/")}
    assert names["married"] == "В браке"
    assert "widowed" not in names
    before = every(client, f"{LIST}marital_status/", as_of=(today - DAY).isoformat())
    assert {one["code"]: one["label"] for one in before}["married"] == "Состоит в браке"
    assert {one["code"] for one in before} >= {"widowed"}
    fresh = next(one for one in every(client, f"{LIST}subject/") if one["code"] == added.code)
    assert (fresh["valid_from"], fresh["valid_to"], fresh["origin"]) == (today.isoformat(), None, "regional")


@pytest.mark.proves("R-207")
def test_an_organization_reads_its_own_values_and_no_other_does(school, other_school):
    with office(school) as keeper:
        value = add(keeper, "subject", "Азбука юнги")
    assert value.code in {one["code"] for one in every(client_of(school.host, "teacher"), f"{LIST}subject/")}
    for client in (client_of(other_school.host, "vera"), client_of("region.localhost", "marina")):
        assert value.code not in {one["code"] for one in every(client, f"{LIST}subject/")}


@pytest.mark.parametrize("query", ["as_of=x", "as_of=2026-02-31", "as_of=%00", "cursor=x", "as_of=20.09.2026"])
def test_bad_questions_are_problems(school, query):
    assert_problem(client_of(school.host, "teacher").get(f"{LIST}sex/?{query}"), 400)


def test_an_unknown_book_is_a_problem(school):
    assert_problem(client_of(school.host, "teacher").get(f"{LIST}nothing/"), 404)


def test_a_cursor_of_another_book_is_refused(school):
    client = client_of(school.host, "teacher")
    cursor = client.get(f"{LIST}country/", {"page_size": 3}).json()["next"]
    assert_problem(client.get(f"{LIST}sex/", {"cursor": cursor}), 400)


def test_the_list_costs_the_same_whatever_the_page(school):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(school.host, "teacher")

    def cost(size: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"page_size": size})
        return len(queries)

    cost(1)
    assert cost(1) == cost(500)
