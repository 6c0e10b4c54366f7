"""The history of a card in words of the card, and the card as it stood on a day."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.tenancy.scopes import give_reason
from tenants.cards.kinds import KINDS
from tenants.cards.past import card_on
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, Student, StudentSpecial
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.quality.filling import parent

TODAY = timezone.localdate()
YESTERDAY = TODAY - datetime.timedelta(days=1)


@pytest.fixture
def learner(school):
    with school.work("anna"):
        student = factories.student(last_name="Петрова", email="old@example.ru", phone="+7 918 123-45-67")
        give_reason("Свидетельство о браке")
        Student.objects.filter(pk=student.pk).update(last_name="Сидорова", email="new@example.ru", home_pc=True)
        give_reason("")
    return student


@pytest.mark.proves("R-091", "R-204")
def test_the_history_names_the_field_the_values_the_person_and_the_document(school, learner):
    page = client_of(school.host, "secretary").get(f"/cards/student/{learner.pk}/history/").content.decode()
    assert "«Фамилия»" in page
    assert "Петрова" in page
    assert "Сидорова" in page
    assert "Свидетельство о браке" in page
    assert "«Наличие ПК дома»" in page


def test_closed_values_stay_closed_in_the_history(school, learner):
    page = client_of(school.host, "deputy_uvr").get(f"/cards/student/{learner.pk}/history/").content.decode()
    assert "«Адрес электронной почты»" in page
    assert "old@example.ru" not in page
    assert "new@example.ru" not in page


def test_a_card_before_its_making_did_not_exist(school, learner):
    page = client_of(school.host, "secretary").get(f"/cards/student/{learner.pk}/past/?on={YESTERDAY:%d.%m.%Y}")
    assert page.status_code == 200
    assert "карточки ещё не было" in page.content.decode()


def test_a_day_to_come_is_refused_with_a_sentence(school, learner):
    tomorrow = TODAY + datetime.timedelta(days=1)
    page = client_of(school.host, "secretary").get(f"/cards/student/{learner.pk}/past/?on={tomorrow:%d.%m.%Y}")
    assert page.status_code == 422
    assert "ещё не наступил" in page.content.decode()


@pytest.mark.proves("R-204")
def test_changes_are_taken_back_to_the_day_asked_for(school, learner, monkeypatch):
    """The log's moments cannot be forged, so the end of the day is moved between the making and the change."""
    kind = KINDS["student"]
    with school.work("anna"):
        changed = HistoryEvent.objects.filter(object_id=str(learner.pk), action="changed").latest("id").at
        monkeypatch.setattr("tenants.cards.past.timezone.make_aware", lambda _: changed)
        present = Student.objects.get(pk=learner.pk)
        was = card_on(kind, present, YESTERDAY)
        assert was is not None
        assert (was.last_name, was.email, was.home_pc) == ("Петрова", "old@example.ru", None)
        assert (present.last_name, present.email) == ("Сидорова", "new@example.ru")
        later = changed + datetime.timedelta(microseconds=1)
        monkeypatch.setattr("tenants.cards.past.timezone.make_aware", lambda _: later)
        same = card_on(kind, present, TODAY)
        assert same is not None
        assert (same.last_name, same.home_pc) == ("Сидорова", True)


def test_the_card_of_today_is_the_card(school, learner):
    page = client_of(school.host, "secretary").get(f"/cards/student/{learner.pk}/past/?on={TODAY:%d.%m.%Y}")
    text = page.content.decode()
    assert "Сидорова" in text
    assert "Изменить" not in text


def test_a_foreign_card_has_no_history(school, other_school, learner):
    client = client_of(other_school.host, "vera")
    assert client.get(f"/cards/student/{learner.pk}/history/").status_code == 404
    assert client.get(f"/cards/student/{learner.pk}/past/?on=01.09.2026").status_code == 404


def test_a_history_costs_the_same_however_long_it_is(school, learner, django_assert_max_num_queries):
    with school.work("anna"):
        for number in range(20):
            Student.objects.filter(pk=learner.pk).update(email=f"mail{number}@example.ru")
    client = client_of(school.host, "secretary")
    with django_assert_max_num_queries(30):
        client.get(f"/cards/student/{learner.pk}/history/")


@pytest.fixture
def special(school, learner):
    """Special facts told of the learner, each change with a reason that says more than it should."""
    with school.work("nurse"):
        give_reason("диспансеризация")
        facts = StudentSpecial.objects.create(student=learner, health_group="3", updated_by="медсестра")
        StudentSpecial.objects.filter(pk=facts.pk).update(health_group="4")
        for mark in ("is_address_protected", "disability"):
            Student.objects.filter(pk=learner.pk).update(**{mark: True})
        give_reason("")
        Student.objects.filter(pk=learner.pk).update(absences={"diseases": "absent"})


@pytest.mark.proves("R-031")
def test_the_history_says_nothing_of_special_facts_to_who_has_no_right_to_them(school, learner, special):
    with school.work():
        made = HistoryEvent.objects.filter(reason="диспансеризация")
        assert {one.object_kind for one in made} == {"people_student", "people_studentspecial"}
    answer = client_of(school.host, "coordinator").get(f"/cards/student/{learner.pk}/history/")
    page = answer.content.decode()
    for words in ("диспансеризация", "Инвалидность", "Группа здоровья", "Заболевания"):
        assert words not in page, words
    told = [(one.event.object_kind, one.event.action) for one in answer.context["changes"]]
    assert told == [("people_student", "changed"), ("people_student", "changed"), ("people_student", "created")]
    page = client_of(school.host, "secretary").get(f"/cards/student/{learner.pk}/history/").content.decode()
    assert "«Инвалидность»" in page
    assert "диспансеризация" in page


def test_a_change_of_common_and_special_facts_at_once_does_not_tell_its_reason(school, learner):
    with school.work("anna"):
        give_reason("опека по болезни")
        Student.objects.filter(pk=learner.pk).update(disability=True, last_name="Ильина")
        give_reason("")
    page = client_of(school.host, "coordinator").get(f"/cards/student/{learner.pk}/history/").content.decode()
    assert "Ильина" in page
    assert "Инвалидность" not in page
    assert "опека по болезни" not in page


@pytest.mark.proves("R-031")
def test_the_history_of_a_sealed_card_tells_names_alone(school, learner):
    with school.work("anna"):
        mother = parent(learner, "Петрова", workplace="Хлебозавод")
        changes = {"last_name": "Кошкина", "workplace": "Маслозавод", "absences": {"position": "not_given"}}
        Guardian.objects.filter(pk=mother.pk).update(**changes)
        Guardian.objects.filter(pk=mother.pk).update(consent_withdrawn_on=TODAY)
    page = client_of(school.host, "secretary").get(f"/cards/guardian/{mother.pk}/history/").content.decode()
    assert "Кошкина" in page
    assert "«Место работы»" in page
    for words in ("Хлебозавод", "Маслозавод", "сведения не предоставлены"):
        assert words not in page, words
