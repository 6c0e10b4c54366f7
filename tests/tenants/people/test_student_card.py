"""The card: masked values, logged looks behind the masks, edit by the secretary."""

from __future__ import annotations

import datetime

import pytest

from tenants.history.models import HistoryEvent
from tenants.people.achievements import AchievementFacts, add_achievement
from tenants.people.models import Guardian, GuardianLink
from tests.support import client_of
from tests.tenants import factories

SNILS = "11223344595"
D = datetime.date
ADDRESS = "г. Белореченск, ул. Садовая, д. 18"


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(last_name="Ёлкина", snils=SNILS, registration_address=ADDRESS, sex="F")
        factories.enroll(one, into=factories.group("5А"))
        return one


def sections_of(client, child):
    return client.get(f"/cards/student/{child.pk}/", headers={"hx-request": "true"}).content.decode()


def test_the_page_brings_its_sections_with_masks(school, child):
    client = client_of(school.host, "secretary")
    page = client.get(f"/students/{child.pk}/").content.decode()
    assert f'hx-get="/cards/student/{child.pk}/"' in page
    sections = sections_of(client, child)
    assert "•••-•••-••5 95" in sections
    for text in (page, sections):
        assert SNILS not in text
        assert "Садовая" not in text
        assert child.doc_number not in text


@pytest.mark.proves("R-009", "R-185", "R-186", "R-187")
def test_the_card_has_every_common_field_of_the_regulation(school, child):
    sections = sections_of(client_of(school.host, "secretary"), child).replace("\u00a0", " ")
    for label in (
        *("Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Тип документа", "Серия", "Номер", "Дата выдачи"),
        *("Кем выдан", "СНИЛС", "Место жительства", "Место регистрации", "Домашний телефон"),
        *("Адрес электронной почты", "Наличие ПК дома", "№ личного дела", "Дата зачисления", "Класс", "Смена"),
    ):
        assert label in sections, label
    assert "01.09.2026" in sections
    assert "5А" in sections


def test_a_look_behind_a_mask_is_answered_and_logged_by_ids_only(school, child):
    answer = client_of(school.host, "secretary").post(f"/cards/student/{child.pk}/reveal/snils/")
    assert answer.content.decode() == "112-233-445 95"
    with school.work():
        record = HistoryEvent.objects.get(action="revealed")
    assert (record.object_id, record.facts["field"]) == (str(child.pk), "snils")
    assert "112-233" not in str(record.facts)


def test_a_look_needs_the_right(school, child):
    assert client_of(school.host, "coordinator").post(f"/cards/student/{child.pk}/reveal/snils/").status_code == 403


def test_without_the_right_nothing_can_be_opened(school, child):
    coordinator = client_of(school.host, "coordinator")
    assert "/reveal/" not in coordinator.get(f"/students/{child.pk}/").content.decode()
    assert "/reveal/" not in sections_of(coordinator, child)


def test_a_teacher_and_another_school_do_not_open_the_card(school, other_school, child):
    assert client_of(school.host, "teacher").get(f"/students/{child.pk}/").status_code == 403
    assert client_of(other_school.host, "vera").get(f"/students/{child.pk}/").status_code == 404


def test_a_director_reads_and_does_not_edit(school, child):
    client = client_of(school.host, "anna")
    page = client.get(f"/students/{child.pk}/").content.decode()
    assert "Новый документ" not in page
    assert client.get(f"/students/{child.pk}/document/new/").status_code == 403
    assert client.get(f"/cards/student/{child.pk}/identity/").status_code == 403


@pytest.mark.proves("R-188", "R-189", "R-382")
def test_health_and_social_fields_stand_on_the_card_closed(school, child):
    page = client_of(school.host, "secretary").get(f"/students/{child.pk}/").content.decode().replace("\u00a0", " ")
    for label in (
        *("Группа здоровья", "Физкультурная группа", "Заболевания", "Медицинский полис", "Состав семьи"),
        *("Социальное положение", "Девиантное поведение"),
    ):
        assert label in page, label


def test_a_card_costs_a_fixed_number_of_queries(school, child, django_assert_max_num_queries):
    with school.work():
        for number in range(6):
            guardian = Guardian.objects.create(last_name=f"Ёлкина-{number}", first_name="Ольга")
            GuardianLink.objects.create(student=child, guardian=guardian, relation="mother")
            add_achievement(
                student=child,
                facts=AchievementFacts(kind="merit", title="Чтецы", level="municipal", gained_on=D(2026, 10, 1)),
                recorded_by="С",
            )
    client = client_of(school.host, "secretary")
    with django_assert_max_num_queries(40):
        assert client.get(f"/students/{child.pk}/").status_code == 200


def test_the_history_shows_orders_and_classes(school, child):
    with school.work():
        factories.withdraw(child, day=datetime.date(2026, 10, 10), number="9-в")
    page = client_of(school.host, "anna").get(f"/students/{child.pk}/").content.decode()
    assert "Выбытие: переезд" in page
    assert "№\u00a09-в" in page
    assert "Выбыл 10.10.2026" in page
