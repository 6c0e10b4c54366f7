"""``/api/v1/students/``: names in order, keyset pages, rights by field, nothing of another organization."""

from __future__ import annotations

import datetime
import uuid

import pytest

from tests.support import client_of
from tests.tenants import factories

ROW = {"id", "last_name", "first_name", "patronymic", "birth_date", "sex", "group", "grade", "enrolled_on"}
LIST = "/api/v1/students/"


@pytest.fixture
def learners(school):
    today = datetime.date.today()
    with school.work("anna"):
        into = factories.group("5А", year=today.year if today.month > 8 else today.year - 1)
        people = [
            factories.student(last_name=name, snils=snils, consent_on=datetime.date(2020, 1, 1))
            for name, snils in (("Жуков", ""), ("Ёлкин", "11223344595"), ("Абрамов", ""), ("Егоров", ""))
        ]
        factories.enroll(*people, into=into, day=today - datetime.timedelta(days=3))
        factories.student(last_name="Скрытый", is_annulled=True)
    return {one.last_name: one for one in people}


def test_the_list_is_sorted_by_name_and_names_group_and_day(school, learners):
    found = client_of(school.host, "anna").get(LIST).json()
    assert [row["last_name"] for row in found["results"]] == ["Абрамов", "Егоров", "Ёлкин", "Жуков"]
    assert found["next"] is None
    assert set(found["results"][0]) == ROW
    assert found["results"][0]["group"] == "5А"
    assert found["results"][0]["grade"] == 5
    assert found["results"][0]["enrolled_on"] == (datetime.date.today() - datetime.timedelta(days=3)).isoformat()


def test_the_cursor_of_a_page_leads_to_the_next_one(school, learners):
    client, names, cursor = client_of(school.host, "anna"), [], None
    for _ in range(4):
        page = client.get(LIST, {"page_size": 1, **({"cursor": cursor} if cursor else {})}).json()
        names += [row["last_name"] for row in page["results"]]
        cursor = page["next"]
    assert names == ["Абрамов", "Егоров", "Ёлкин", "Жуков"]
    assert cursor is None


def test_namesakes_are_neither_lost_nor_repeated_between_pages(school):
    with school.work():
        for _ in range(7):
            factories.student(last_name="Иванов", first_name="Иван", patronymic="Иванович")
    client, seen, cursor = client_of(school.host, "anna"), [], None
    while True:
        page = client.get(LIST, {"page_size": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_list_of_any_length_costs_the_same_number_of_queries(school, learners, django_assert_max_num_queries):
    client = client_of(school.host, "anna")
    with django_assert_max_num_queries(14):  # identity 3, work 4, closing, and the savepoints of the test around them
        client.get(LIST)


def test_a_learner_is_found_by_words_of_his_name(school, learners):
    found = client_of(school.host, "anna").get(LIST, {"search": "елкин"}).json()
    assert [row["last_name"] for row in found["results"]] == ["Ёлкин"]


def test_documents_are_shown_to_those_who_may_see_them(school, learners):
    address = f"{LIST}{learners['Ёлкин'].pk}/"
    director = client_of(school.host, "anna").get(address).json()
    deputy = client_of(school.host, "deputy_uvr").get(address).json()
    assert director["identity"]["snils"] == "11223344595"
    assert deputy["identity"] is None
    assert deputy["places"][0]["group"] == "5А"
    assert "snils" not in deputy


def test_a_teacher_reads_the_list_and_not_the_card(school, learners):
    teacher = client_of(school.host, "teacher")
    assert teacher.get(LIST).status_code == 200
    refused = teacher.get(f"{LIST}{learners['Ёлкин'].pk}/")
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_a_learner_of_another_organization_does_not_exist(school, other_school, learners):
    with other_school.work():
        foreign = factories.student(last_name="Чужой")
    anna = client_of(school.host, "anna")
    assert anna.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert anna.get(f"{LIST}{uuid.uuid4()}/").status_code == 404
    assert "Чужой" not in anna.get(LIST).content.decode()
    assert client_of(other_school.host, "anna").get(LIST).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "cursor=%00",
        "cursor=сто",
        "cursor=cD0lMDA=",  # p=%00
        "cursor=bz0tMQ==",  # o=-1
        "cursor=cj14",  # r=x
        "search=%00",
        "sex=X",
        "born_from=2026-02-31",
        "born_to=завтра",
    ],
)
def test_what_cannot_be_understood_is_a_problem_and_not_a_fault(school, query):
    answer = client_of(school.host, "anna").get(f"{LIST}?{query}")
    assert answer.status_code == 400
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["errors"][0]["field"] == query.partition("=")[0]


def test_a_search_of_two_thousand_words_is_answered(school):
    assert client_of(school.host, "anna").get(LIST, {"search": "а " * 2000}).status_code == 200


@pytest.mark.parametrize("size", ["999999999999", "-1", "0", "много", "", "9" * 5000, "%00"])
def test_an_absurd_page_size_is_brought_within_bounds(school, learners, size):
    answer = client_of(school.host, "anna").get(f"{LIST}?page_size={size}")
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 4
