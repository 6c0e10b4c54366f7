"""``/api/v1/registry/counts``: the JSON of ``asuso registry count``, each host within its own territory."""

from __future__ import annotations

import datetime

import pytest

from shared.contingent.counts import count
from shared.tenancy import scopes
from tenants.handup.projector import project
from tests.support import client_of
from tests.tenants import factories

COUNTS = "/api/v1/registry/counts"
DAY = "2026-09-20"


@pytest.fixture
def counted(school, other_school):
    """Six learners in one school, one in another district."""
    with school.work():
        fifth, sixth = factories.group("5А"), factories.group("6А")
        factories.enroll(*[factories.student(sex="F") for _ in range(5)], into=fifth)
        factories.enroll(factories.student(sex="M"), into=sixth)
    with other_school.work():
        factories.enroll(factories.student(sex="M"), into=factories.group("5А"))
    for one in (school, other_school):
        project(one.organization)


def get(host: str, login: str, **query: object):
    return client_of(host, login).get(COUNTS, {"as_of": DAY, **query})


def test_the_answer_is_the_document_of_the_command(counted):
    with scopes.enter(scopes.of_projector().reading()):
        wanted = count(as_of=datetime.date(2026, 9, 20), by=["grade", "sex"]).document()
    answer = get("region.localhost", "marina", by="grade,sex")
    assert answer.status_code == 200
    assert answer.json() == wanted
    assert answer.json()["total"] == {"persons": 7, "enrollments": 7}


def test_an_office_counts_its_territory_and_an_organization_itself(counted, school, other_school):
    boris = get("municipality.localhost", "boris", by="organization").json()
    assert boris["rows"] == [{"organization": "school-1", "persons": 6, "enrollments": 6}]
    assert get(school.host, "anna").json()["total"]["persons"] == 6
    assert get(other_school.host, "vera").json()["total"]["persons"] == 1
    asked = get(school.host, "anna", where="organization=school-2").json()
    assert asked["total"] == {"persons": 0, "enrollments": 0}


def test_conditions_add_up_and_a_comma_is_or(counted, school):
    anna = client_of(school.host, "anna")
    both = anna.get(f"{COUNTS}?as_of={DAY}&where=grade=5,6&where=sex=F").json()
    assert both["total"]["persons"] == 5
    assert anna.get(f"{COUNTS}?as_of={DAY}&by=grade&by=sex").json()["by"] == ["grade", "sex"]


def test_age_is_counted_on_the_day_asked(counted, school):
    by_day = get(school.host, "anna", by="age").json()
    later = get(school.host, "anna", by="age", age_on="2030-05-05").json()
    assert [row["age"] for row in by_day["rows"]] == ["11"]
    assert [row["age"] for row in later["rows"]] == ["15"]


def test_a_group_is_asked_inside_the_organization_of_the_host(counted, school):
    rows = get(school.host, "anna", by="group").json()["rows"]
    assert [row["group"] for row in rows] == ["5А", "6А"]
    refused = get("municipality.localhost", "boris", by="group")
    assert refused.status_code == 422
    assert refused.json()["code"] == "group_needs_organization"


def test_small_cells_are_hidden_from_a_role_that_may_not_open_persons(counted):
    rows = get("municipality.localhost", "kira", by="grade").json()["rows"]
    assert {row["grade"]: row["persons"] for row in rows} == {"5": None, "6": None}
    assert all(row["suppressed"] for row in rows)
    assert [row["persons"] for row in get("region.localhost", "marina", by="grade").json()["rows"]] == [6, 1]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 400, "as_of"),
        ("as_of=", 400, "as_of"),
        ("as_of=20.09.2026", 400, "as_of"),
        ("as_of=2026-02-30", 400, "as_of"),
        ("as_of=99999-01-01", 400, "as_of"),
        ("as_of=2026-09-20%00", 400, "as_of"),
        ("as_of=2026-09-20&age_on=вчера", 400, "age_on"),
        ("as_of=2026-09-20&by=height", 422, "by"),
        ("as_of=2026-09-20&by=e.sex", 422, "by"),
        ("as_of=2026-09-20&by=%00", 400, "by"),
        ("as_of=2026-09-20&where=sex", 422, "where"),
        ("as_of=2026-09-20&where==", 422, "by"),
        ("as_of=2026-09-20&where=sex=F%00", 400, "where"),
        ("as_of=2026-09-20&where=sex=" + "F," * 5000, 400, "where"),
        ("as_of=2026-09-20&" + "&".join(["where=sex=F"] * 51), 400, "where"),
    ],
)
def test_bad_input_names_the_field_and_is_never_a_fault(school, query, status, field):
    answer = client_of(school.host, "anna").get(f"{COUNTS}?{query}")
    assert answer.status_code == status, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "facts", "errors"}
    assert body["errors"][0]["field"].partition(".")[0] == field


@pytest.mark.parametrize(
    "query", ["where=grade=';drop table x--", "where=age=1e999", "by=,,", "where=sex=", "age_on=0001-01-01"]
)
def test_absurd_conditions_find_nothing_and_break_nothing(school, query):
    answer = client_of(school.host, "anna").get(f"{COUNTS}?as_of={DAY}&{query}")
    assert answer.status_code == 200
    assert answer.json()["total"] == {"persons": 0, "enrollments": 0}


def test_a_teacher_and_an_operator_do_not_count(school):
    assert get(school.host, "teacher").status_code == 403
    assert get("operator.localhost", "oleg").status_code == 404
