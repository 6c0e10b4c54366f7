"""The list of learners: search that leaves no name in an address, filters, a fixed number of queries, a file."""

from __future__ import annotations

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tenants.history.models import HistoryEvent
from tenants.orders.services import annul_order
from tests.support import appoint_to, client_of
from tests.tenants import factories

D = datetime.date


@pytest.fixture
def people(school):
    with school.work():
        five, six = factories.group("5А"), factories.group("6Б")
        anna = factories.student(last_name="Ёлкина", first_name="Анна", sex="F")
        factories.enroll(anna, factories.student(last_name="Рощин"), into=five)
        gone = factories.student(last_name="Туманов")
        factories.enroll(gone, into=six)
        factories.withdraw(gone, day=D(2026, 10, 10))
        return {"anna": anna, "gone": gone, "five": five, "six": six}


def names(response):
    return [line.student.last_name for line in response.context["lines"]]


def test_who_is_enrolled_stands_in_the_list_by_name(school, people):
    response = client_of(school.host, "anna").get("/students/?day=01.11.2026")
    assert names(response) == ["Ёлкина", "Рощин"]


def test_a_search_ignores_case_and_yo_and_its_words_never_stand_in_the_address(school, people):
    client = client_of(school.host, "secretary")
    answer = client.post("/students/", {"q": "анн ЕЛК", "status": "enrolled", "day": "01.11.2026"})
    assert answer.status_code == 302
    assert "s=" in answer["Location"]
    assert "%" not in answer["Location"].split("s=")[1]
    page = client.get(answer["Location"])
    assert names(page) == ["Ёлкина"]
    assert 'value="анн ЕЛК"' in page.content.decode()


def test_a_search_key_of_another_session_finds_everybody(school, people):
    answer = client_of(school.host, "secretary").post("/students/", {"q": "рощин", "day": "01.11.2026"})
    assert names(client_of(school.host, "anna").get(answer["Location"])) == ["Ёлкина", "Рощин"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=left", ["Туманов"]),
        ("status=", ["Ёлкина", "Рощин", "Туманов"]),
        ("sex=F", ["Ёлкина"]),
        ("grade=5", ["Ёлкина", "Рощин"]),
        ("grade=6", []),
        ("grade=6&status=left", ["Туманов"]),
        ("program_kind=supplementary", []),
        ("grade=бред&sex=Q", ["Ёлкина", "Рощин"]),
        ("sort=-name", ["Рощин", "Ёлкина"]),
    ],
)
def test_filters_narrow_the_list(school, people, query, expected):
    response = client_of(school.host, "anna").get(f"/students/?day=01.11.2026&{query}")
    assert sorted(names(response)) == sorted(expected) if "sort" not in query else names(response) == expected


def test_a_day_in_the_past_shows_who_was_there(school, people):
    assert names(client_of(school.host, "anna").get(f"/students/?day=09.10.2026&group={people['six'].pk}")) == [
        "Туманов"
    ]
    assert names(client_of(school.host, "anna").get(f"/students/?day=10.10.2026&group={people['six'].pk}")) == []


@pytest.mark.parametrize(
    ("status", "expected"), [("enrolled", ["Вернувшийся"]), ("left", ["Ушедший"]), ("", ["Вернувшийся", "Ушедший"])]
)
def test_only_places_that_had_begun_and_stand_are_counted(school, status, expected):
    """Who left one place and holds another has not left; an annulled order gave no place, a later one not yet."""
    with school.work():
        five = factories.group("5А")
        back, gone, mistaken, later = (
            factories.student(last_name=name) for name in ("Вернувшийся", "Ушедший", "Ошибочный", "Будущий")
        )
        factories.enroll(back, gone, into=five)
        factories.withdraw(back, gone, day=D(2026, 10, 10))
        factories.enroll(back, into=five, day=D(2026, 10, 20))
        factories.enroll(later, into=five, day=D(2026, 11, 2))
        order = factories.enroll(mistaken, into=five)
        annul_order(order=order, annulled_by="директор", reason="Ошибка")
    assert sorted(names(client_of(school.host, "anna").get(f"/students/?day=01.11.2026&status={status}"))) == expected


def test_the_number_of_queries_does_not_grow_with_the_list(school, people):
    client = client_of(school.host, "anna")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/students/?day=01.11.2026&sort=group").status_code == 200
        return len(captured)

    few = queries()
    with school.work():
        factories.enroll(*[factories.student() for _ in range(30)], into=people["five"])
        factories.enroll(*[factories.student() for _ in range(10)], into=people["six"])
    assert queries() == few


def test_htmx_gets_the_results_alone(school, people):
    response = client_of(school.host, "anna").get("/students/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_the_empty_states_say_what_to_do(school):
    client = client_of(school.host, "anna")
    assert "Учеников пока нет" in client.get("/students/").content.decode()
    assert "Никого не нашли" in client.get("/students/?sex=F").content.decode()


def test_a_teacher_sees_names_of_his_classes_without_cards(school, people):
    appoint_to("teacher", people["five"])
    page = client_of(school.host, "teacher").get("/students/?day=01.11.2026").content.decode()
    assert "Рощин" in page
    assert f"/students/{people['anna'].pk}/" not in page
    appoint_to("teacher", people["six"])
    assert names(client_of(school.host, "teacher").get("/students/?day=01.11.2026")) == []


def test_the_file_has_the_imprint_the_filters_and_the_rows_and_is_logged_by_ids(school, people):
    response = client_of(school.host, "anna").get("/students/export.xlsx?day=01.11.2026&sex=F")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    text = "\n".join(str(cell) for row in sheet for cell in row)
    assert "АСУ СО" in sheet[0][0]
    assert "исполнитель" in text
    assert "Женский" in sheet[3][0]
    assert "Ёлкина Анна" in text
    assert "Рощин" not in text
    with school.work():
        record = HistoryEvent.objects.get(action="exported")
    assert record.rows == 1
    assert "Ёлкина" not in str(record.facts)
