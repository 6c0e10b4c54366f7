"""The card: masked values, logged looks behind the masks, edit by the secretary."""

from __future__ import annotations

import datetime

import pytest

from tenants.history.models import HistoryEvent
from tenants.people.models import Student
from tests.support import client_of
from tests.tenants import factories

SNILS = "11223344595"
ADDRESS = "г. Белореченск, ул. Садовая, д. 18"


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(last_name="Ёлкина", snils=SNILS, registration_address=ADDRESS, sex="F")
        factories.enroll(one, into=factories.group("5А"))
        return one


def form_of(child, **changes):
    usual = {
        "last_name": child.last_name,
        "first_name": child.first_name,
        "birth_date": "05.05.2015",
        "sex": "F",
        "snils": "112-233-445 95",
        "citizenship": "RUS",
        "consent_on": "20.08.2026",
        "guardians-TOTAL_FORMS": "1",
        "guardians-INITIAL_FORMS": "0",
    }
    return {**usual, **changes}


def test_sensitive_values_stand_under_masks(school, child):
    page = client_of(school.host, "secretary").get(f"/students/{child.pk}/").content.decode()
    assert "•••-•••-••5 95" in page
    assert SNILS not in page
    assert "Садовая" not in page
    assert child.doc_number not in page


def test_a_look_behind_a_mask_is_answered_and_logged_by_ids_only(school, child):
    answer = client_of(school.host, "secretary").post(f"/students/{child.pk}/reveal/snils/")
    assert answer.content.decode() == "112-233-445 95"
    with school.work():
        record = HistoryEvent.objects.get(action="revealed")
    assert (record.object_id, record.facts["field"]) == (str(child.pk), "snils")
    assert "112-233" not in str(record.facts)


def test_a_look_needs_the_right_and_a_known_field(school, child):
    assert client_of(school.host, "coordinator").post(f"/students/{child.pk}/reveal/snils/").status_code == 403
    assert client_of(school.host, "secretary").post(f"/students/{child.pk}/reveal/password/").status_code == 404
    assert client_of(school.host, "secretary").get(f"/students/{child.pk}/reveal/snils/").status_code == 405


def test_without_the_right_the_card_says_so(school, child):
    page = client_of(school.host, "coordinator").get(f"/students/{child.pk}/").content.decode()
    assert "Скрыто: нет права" in page
    assert "/reveal/" not in page


def test_a_teacher_and_another_school_do_not_open_the_card(school, other_school, child):
    assert client_of(school.host, "teacher").get(f"/students/{child.pk}/").status_code == 403
    assert client_of(other_school.host, "vera").get(f"/students/{child.pk}/").status_code == 404


def test_the_secretary_corrects_a_card(school, child):
    client = client_of(school.host, "secretary")
    answer = client.post(f"/students/{child.pk}/edit/", form_of(child, patronymic="Львовна", phone="+7 900 1"))
    assert answer.status_code == 302
    with school.work():
        assert Student.objects.get(pk=child.pk).patronymic == "Львовна"


def test_a_director_reads_and_does_not_edit(school, child):
    client = client_of(school.host, "anna")
    assert client.get(f"/students/{child.pk}/").status_code == 200
    assert client.get(f"/students/{child.pk}/edit/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consent_on": ""}, "Укажите дату согласия"),
        ({"snils": "112-233-445 94"}, "контрольное число не сходится"),
        ({"birth_date": "05.05.2195"}, "ещё не наступила"),
        ({"doc_type": "passport_rf"}, "нет его номера"),
        ({"last_name": ""}, "Поле «Фамилия» пустое"),
        ({"guardians-0-first_name": "Ольга"}, "Поле «Фамилия» пустое"),
    ],
)
def test_a_refused_card_keeps_what_was_typed(school, child, changes, words):
    answer = client_of(school.host, "secretary").post(
        f"/students/{child.pk}/edit/", form_of(child, patronymic="Неповторимовна", **changes)
    )
    assert answer.status_code == 422
    page = answer.content.decode().replace("\u00a0", " ")
    assert words in page
    assert 'value="Неповторимовна"' in page


def test_a_snils_of_another_child_is_refused_with_a_sentence(school, child):
    with school.work():
        other = factories.student(last_name="Рощин")
    answer = client_of(school.host, "secretary").post(f"/students/{other.pk}/edit/", form_of(other))
    assert answer.status_code == 422
    assert "Ученик с таким СНИЛС уже есть: Ёлкина" in answer.content.decode()


def test_the_history_shows_orders_and_classes(school, child):
    with school.work():
        factories.withdraw(child, day=datetime.date(2026, 10, 10), number="9-в")
    page = client_of(school.host, "anna").get(f"/students/{child.pk}/").content.decode()
    assert "Выбытие: переезд" in page
    assert "№\u00a09-в" in page
    assert "Выбыл 10.10.2026" in page
