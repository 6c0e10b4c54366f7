"""Classes and groups: headcounts, the list of a day, creation and correction."""

from __future__ import annotations

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tenants.groups.errors import GradeHasPupils, GroupKnown, NotAClassName
from tenants.groups.models import Group
from tenants.groups.services import GroupFacts, create_group, edit_group
from tests.support import appoint_to, client_of
from tests.tenants import factories

D = datetime.date


def typed(**changes):
    return {"kind": "class", "academic_year": "2026", "name": "7 «б»", **changes}


def test_a_class_takes_grade_and_letter_from_its_name(school):
    with school.work():
        group = create_group(facts=GroupFacts(kind="class", academic_year=2026, name="7 «б»"))
        assert (group.name, group.grade, group.letter) == ("7Б", 7, "Б")


def test_refusals_of_groups_are_sentences(school):
    with school.work():
        group = create_group(facts=GroupFacts(kind="class", academic_year=2026, name="7Б"))
        with pytest.raises(GroupKnown, match="2026/2027 учебном году уже есть"):
            create_group(facts=GroupFacts(kind="class", academic_year=2026, name="7-б"))
        with pytest.raises(NotAClassName, match="«Солнышко» не похоже на класс"):
            create_group(facts=GroupFacts(kind="class", academic_year=2026, name="Солнышко"))
        factories.enroll(factories.student(), into=group)
        with pytest.raises(GradeHasPupils):
            edit_group(group=group, facts=GroupFacts(kind="class", academic_year=2025, name="7Б"))


def test_the_secretary_creates_a_class_and_a_teacher_may_not(school):
    answer = client_of(school.host, "secretary").post("/groups/new/", typed())
    assert answer.status_code == 302
    assert client_of(school.host, "teacher").get("/groups/new/").status_code == 403
    again = client_of(school.host, "secretary").post("/groups/new/", typed(places="25"))
    assert again.status_code == 422
    assert 'value="25"' in again.content.decode()


def test_a_correction_is_saved(school):
    with school.work():
        group = factories.group("7Б")
    answer = client_of(school.host, "anna").post(f"/groups/{group.pk}/edit/", typed(name="7Б", places="30"))
    assert answer.status_code == 302
    with school.work():
        assert Group.objects.get(pk=group.pk).places == 30


def test_the_list_counts_boys_and_girls_on_the_day_in_a_fixed_number_of_queries(school):
    with school.work():
        group = factories.group("5А")
        gone = factories.student()
        factories.enroll(gone, factories.student(sex="F"), factories.student(), into=group)
        factories.withdraw(gone, day=D(2026, 10, 10))
    client = client_of(school.host, "teacher")

    def page():
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/groups/?year=2026")
        return response, len(captured)

    response, few = page()
    (shown,) = response.context["groups"]
    day = response.context["day"]
    assert (shown.headcount, shown.girls) == ((2, 1) if day >= D(2026, 10, 10) else (3, 1))
    with school.work():
        for letter in "БВГД":
            factories.enroll(factories.student(), into=factories.group(f"6{letter}"))
    assert page()[1] == few


def test_the_class_list_of_a_day_and_its_file(school):
    with school.work():
        group = factories.group("5А")
        gone = factories.student(last_name="Туманов")
        factories.enroll(gone, factories.student(last_name="Рощин"), into=group)
        factories.withdraw(gone, day=D(2026, 10, 10))
    appoint_to("teacher", group)
    client = client_of(school.host, "teacher")
    before = client.get(f"/groups/{group.pk}/?day=09.10.2026").content.decode()
    after = client.get(f"/groups/{group.pk}/?day=10.10.2026").content.decode()
    assert "Туманов" in before
    assert "Туманов" not in after
    assert "Представители" not in after
    assert client.get(f"/groups/{group.pk}/export.xlsx?day=09.10.2026").status_code == 403
    file = client_of(school.host, "deputy_uvr").get(f"/groups/{group.pk}/export.xlsx?day=09.10.2026")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows if str(row[1]).endswith("Петрович")] == [
        "Рощин Иван Петрович",
        "Туманов Иван Петрович",
    ]
    assert client.get("/groups/export.xlsx?year=2026").status_code == 200


def test_an_empty_year_and_an_empty_class_say_what_to_do(school):
    with school.work():
        group = factories.group("5А")
    client = client_of(school.host, "anna")
    assert "Классов в этом году нет" in client.get("/groups/?year=2024").content.decode()
    assert "никого нет" in client.get(f"/groups/{group.pk}/").content.decode()
