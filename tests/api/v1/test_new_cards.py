"""New cards through ``/api/v1/cards/``: the refusals of the pages, an equal person is told and not made twice."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections

from tenants.consents.models import Consent
from tenants.history.models import HistoryEvent
from tenants.people.errors import SameNameKnown
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.people.services import StudentFacts, create_student
from tenants.staff.models import StaffMember
from tests.api.v1.calls import blamed, post, problem
from tests.support import client_of, connect
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.staff import making

STUDENTS, GUARDIANS, STAFF = (f"/api/v1/cards/{kind}/" for kind in ("student", "guardian", "staff"))
SNILS = "11223344595"
CHILD = {"last_name": "Кольцов", "first_name": "Артём", "birth_date": "2015-02-01", "sex": "M"}
MOTHER = {"last_name": "Кольцова", "first_name": "Ольга", "phone": "8 918 123-45-67"}


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.fixture
def child(school):
    with school.work("anna"):
        one = factories.student(last_name="Кольцов", registration_address="г. Белореченск, ул. Садовая, д. 18")
        factories.enroll(one, into=factories.group("5А"))
    return one


def new_student(client, *, consent_on="2026-08-20", values=None, **beside):
    return post(client, STUDENTS, {"values": {**CHILD, **(values or {})}, "consent_on": consent_on, **beside})


def new_guardian(client, child, *, values=None, **beside):
    body = {"student": str(child.pk), "relation": "mother", "values": {**MOTHER, **(values or {})}, **beside}
    return post(client, GUARDIANS, body)


def new_member(client, *, consent_on="2020-09-01", values=None, **beside):
    usual = {name: value for name, value in making.facts().items() if name != "consent_on"}
    named = {"last_name": "Работнова", "first_name": "Вера", "sex": "F"}
    return post(client, STAFF, {"values": {**usual, **named, **(values or {})}, "consent_on": consent_on, **beside})


@pytest.mark.proves("R-121", "R-364", "R-185")
def test_a_learner_is_made_with_his_consent_and_the_next_personal_file(school, secretary):
    answer = new_student(secretary, values={"snils": "112-233-445 95", "home_pc": True}, basis="Заявление № 4")
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()
    assert answer.headers["Location"] == f"{STUDENTS}{made['id']}/"
    assert (made["values"]["personal_file_no"], made["values"]["citizenship"]) == ("К-1", "RUS")
    assert secretary.get(answer.headers["Location"]).headers["ETag"] == answer.headers["ETag"]
    with school.work():
        student = Student.objects.get()
        assert (student.snils, student.home_pc, student.birth_date) == (SNILS, True, datetime.date(2015, 2, 1))
        assert Consent.objects.get(student=student).signed_on == datetime.date(2026, 8, 20)
        assert HistoryEvent.objects.filter(object_id=str(student.pk), action="created").get().reason == "Заявление № 4"
        assert HistoryEvent.objects.filter(object_id=str(student.pk), action="revealed").count() == 2


@pytest.mark.proves("R-364")
def test_the_same_learner_sent_again_is_told_and_not_made_unless_it_is_another_child(school, secretary):
    key = new_student(secretary).json()["id"]
    again = problem(new_student(secretary), 409)
    assert (again["code"], again["facts"]["student_id"]) == ("same_name_known", key)
    assert "Кольцов Артём, 01.02.2015 г. р., уже есть" in again["detail"]
    assert again["errors"][0]["field"] == "is_namesake"
    with school.work():
        assert Student.objects.count() == 1
    assert new_student(secretary, is_namesake=True).json()["values"]["personal_file_no"] == "К-2"


def test_one_number_is_one_learner_whatever_is_said_of_namesakes(school, secretary):
    key = new_student(secretary, values={"snils": SNILS}).json()["id"]
    again = problem(new_student(secretary, values={"snils": SNILS, "first_name": "Олег"}, is_namesake=True), 409)
    assert (again["code"], again["facts"]["student_id"]) == ("student_known", key)


def test_two_who_send_one_learner_at_once_make_one_card(committed):
    school = connect("same-race")
    facts = StudentFacts(
        last_name="Кольцов",
        first_name="Артём",
        birth_date=datetime.date(2015, 2, 1),
        sex="M",
        consent_on=datetime.date(2026, 8, 1),
    )
    start, refused = threading.Barrier(2), []

    def enter() -> None:
        try:
            with school.work():
                start.wait(timeout=10)
                create_student(facts=facts, recorded_by="С")
        except SameNameKnown:
            refused.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with school.work():
        assert (Student.objects.count(), len(refused)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"consent_on": None}, {"consent_on"}),
        ({"consent_on": "2195-01-01"}, {"consent_on"}),
        ({"values": {"last_name": ""}}, {"last_name"}),
        ({"values": {"snils": "11223344596", "phone": "12"}}, {"snils", "phone"}),
        ({"values": {"doc_type": "passport_rf"}}, {"doc_number"}),
        ({"values": {"birth_date": "2195-05-05"}}, {"birth_date"}),
        ({"values": {"group_name": "5А", "health_group": "1", "consent_on": "2026-08-20"}}, None),
        ({"values": {"health_limits": "да"}}, {"health_limits"}),
    ],
)
def test_wrong_values_are_named_together_and_nobody_is_made(school, secretary, change, fields):
    assert blamed(new_student(secretary, **change)) == (fields or change["values"].keys())
    with school.work():
        assert not Student.objects.exists()


def test_a_learner_without_a_word_of_consent_is_refused_with_the_sentence(secretary):
    answer = problem(post(secretary, STUDENTS, {"values": CHILD}), 400)
    assert answer["errors"] == [
        {"field": "consent_on", "message": "Без письменного согласия карточку заводить нельзя. Укажите дату согласия."}
    ]


def test_special_facts_are_written_by_who_may_and_answered_to_nobody(school, secretary):
    made = new_student(secretary, values={"health_limits": True}).json()
    assert "health_limits" not in made["values"]
    with school.work():
        assert Student.objects.get().health_limits is True


@pytest.mark.parametrize("login", ["anna", "deputy_uvr", "coordinator", "teacher"])
def test_who_does_not_keep_cards_makes_none(school, child, login):
    client = client_of(school.host, login)
    problem(new_student(client), 403)
    problem(new_guardian(client, child), 403)
    problem(new_member(client), 403)


def test_who_keeps_the_cards_of_a_class_makes_no_learner_and_adds_representatives_of_his_own(school, child):
    with school.work():
        other = factories.student()
        factories.enroll(other, into=factories.group("6А"))
        own = factories.group("5А")
    employ("klara", "class_teacher", school, groups=[own])
    klara = client_of(school.host, "klara")
    problem(new_student(klara), 403)
    problem(new_guardian(klara, other), 404)
    assert blamed(new_guardian(klara, child, consent_on="2026-08-20", values={"snils": SNILS})) == {"snils"}
    made = new_guardian(klara, child, consent_on="2026-08-20")
    assert made.status_code == 201, made.content.decode()
    assert "phone" in made.json()["closed"]


def test_a_learner_of_another_organization_gets_no_representative(school, other_school, secretary):
    with other_school.work():
        foreign = factories.student()
    problem(new_guardian(secretary, foreign), 404)
    with school.work():
        assert not Guardian.objects.exists()


@pytest.mark.proves("R-121", "R-382")
def test_a_representative_is_made_for_a_learner_with_the_relation(school, secretary, child):
    values = {"workplace": "Завод", "snils": SNILS}
    answer = new_guardian(secretary, child, consent_on="2026-08-20", has_childs_addresses=True, values=values)
    assert answer.status_code == 201, answer.content.decode()
    with school.work():
        link = GuardianLink.objects.select_related("guardian").get()
        mother = link.guardian
        assert (link.student_id, link.relation, str(mother.pk)) == (child.pk, "mother", answer.json()["id"])
        assert (mother.phone, mother.workplace, mother.snils) == ("+7 918 123-45-67", "Завод", SNILS)
        assert mother.registration_address == child.registration_address


def test_a_protected_address_of_a_child_is_not_copied(school, secretary, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(is_address_protected=True)
    assert new_guardian(secretary, child, consent_on="2026-08-20", has_childs_addresses=True).status_code == 201
    with school.work():
        assert Guardian.objects.get().registration_address == ""


def test_without_his_consent_a_representative_is_a_name_and_a_relation(school, secretary, child):
    refused = problem(new_guardian(secretary, child, values={"workplace": "Завод"}), 422)
    assert refused["code"] == "guardian_sealed"
    made = new_guardian(secretary, child).json()
    assert set(made["values"]) == {"last_name", "first_name", "patronymic"}


@pytest.mark.proves("R-364")
def test_the_same_representative_is_refused_for_the_child_and_shared_by_his_brother(school, secretary, child):
    key = new_guardian(secretary, child).json()["id"]
    again = problem(new_guardian(secretary, child), 409)
    assert (again["code"], again["facts"]["guardian_id"]) == ("guardian_linked", key)
    with school.work():
        brother = factories.student(last_name="Кольцов", first_name="Олег")
    assert new_guardian(secretary, brother).json()["id"] == key
    with school.work():
        assert (Guardian.objects.count(), GuardianLink.objects.count()) == (1, 2)


def test_one_number_is_one_representative(secretary, child):
    paper = {"consent_on": "2026-08-20"}
    assert new_guardian(secretary, child, values={"snils": SNILS}, **paper).status_code == 201
    again = problem(new_guardian(secretary, child, values={"snils": SNILS, "phone": ""}, **paper), 409)
    assert again["code"] == "guardian_snils_known"


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"relation": "neighbor"}, {"relation"}),
        ({"consent_on": "2195-01-01"}, {"consent_on"}),
        ({"student": "нет"}, {"student"}),
        ({"values": {"last_name": "", "phone": "12"}}, {"last_name", "phone"}),
        ({"values": {"relation": "mother"}}, {"relation"}),
    ],
)
def test_wrong_values_of_a_representative_are_named(school, secretary, child, change, fields):
    assert blamed(new_guardian(secretary, child, **change)) == fields
    with school.work():
        assert not Guardian.objects.exists()


@pytest.mark.proves("R-249", "R-364")
def test_an_employee_is_hired_once_unless_it_is_another_person(school, secretary):
    made = new_member(secretary)
    assert made.status_code == 201, made.content.decode()
    again = problem(new_member(secretary), 409)
    assert (again["code"], again["facts"]["member_id"]) == ("staff_same_name_known", made.json()["id"])
    assert new_member(secretary, is_namesake=True).status_code == 201
    with school.work():
        assert StaffMember.objects.filter(last_name="Работнова").count() == 2


def test_the_organization_has_one_card_that_nobody_makes(secretary):
    problem(post(secretary, "/api/v1/cards/organization/", {"values": {}}), 405)


def test_a_text_that_no_database_keeps_is_a_problem_and_not_a_fault(school, secretary, child):
    body = '{"values": {"last_name": "\\ud800"}, "consent_on": "2026-08-20"}'
    problem(post(secretary, STUDENTS, body), 400)
    problem(post(secretary, STUDENTS, '{"values": {"\\ud800": 1}, "consent_on": "2026-08-20"}'), 400)
    tag = secretary.get(f"{STUDENTS}{child.pk}/").headers["ETag"]
    for body in ('{"values": {"birth_place": "\\ud800"}}', '{"basis": "\\ud800", "values": {"home_pc": true}}'):
        answer = secretary.patch(
            f"{STUDENTS}{child.pk}/", body, content_type="application/json", headers={"If-Match": tag}
        )
        problem(answer, 400)


def test_lists_take_the_conditions_of_their_pages(school, secretary, child):
    with school.work():
        other = factories.student(sex="F")
        factories.enroll(other, into=factories.group("6А"))
        group = factories.group("5А")
    new_guardian(secretary, child)
    new_guardian(secretary, other, values={"last_name": "Другая"}, consent_on="2026-08-20")
    new_member(secretary)
    new_member(secretary, values={"last_name": "Уволенная", "main_position": "director"})

    def titles(address, **conditions):
        answer = secretary.get(address, conditions)
        assert answer.status_code == 200, answer.content.decode()
        return [one["title"].split()[0] for one in answer.json()["results"]]

    assert titles(STUDENTS, group=str(group.pk)) == ["Кольцов"]
    assert titles(STUDENTS, sex="F", grade="6") == [other.last_name]
    assert titles(STUDENTS, status="left") == []
    assert titles(STUDENTS, search="кольцов", missing="snils") == ["Кольцов"]
    assert titles(GUARDIANS, group=str(group.pk)) == ["Кольцова"]
    assert titles(GUARDIANS, consent="given") == ["Другая"]
    assert titles(STAFF, position="director") == ["Уволенная"]
    problem(secretary.get(STUDENTS, {"grade": "13"}), 400)
