"""Sections of a card: who reads and edits them, masks, explained gaps, one section at a time."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.cards.kinds import KINDS
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, GuardianLink, Student
from tests.support import appoint_to, client_of
from tests.tenants import factories
from tests.tenants.cards.pages import HTMX, SNILS, base_in, opened, page_of


def test_the_sections_show_values_masks_gaps_and_how_full_each_is(school, child):
    page = page_of(client_of(school.host, "secretary"), f"/cards/student/{child.pk}/")
    assert "<!doctype" not in page
    for title in ("Личные сведения", "Документ, удостоверяющий личность", "Адреса и связь", "Зачисление"):
        assert title in page
    assert "Ёлкина" in page
    assert "5А" in page
    assert "•••-•••-••5 95" in page
    assert SNILS not in page
    assert "Садовая" not in page
    assert "Не заполнено" in page
    assert re.search(r"заполнено \d из 7", page)
    assert "Группа здоровья" not in page


def test_without_scripts_the_sections_are_a_page_of_their_own(school, child):
    answer = client_of(school.host, "secretary").get(f"/cards/student/{child.pk}/")
    assert "<!doctype" in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.proves("R-203")
def test_an_explained_gap_counts_as_filled_and_is_said_in_words(school, child):
    client = client_of(school.host, "secretary")
    before = page_of(client, f"/cards/student/{child.pk}/identity/shown/")
    data = opened(client, "student", child, "identity") | {"absent_patronymic": "absent"}
    answer = client.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    after = answer.content.decode().replace("\u00a0", " ")
    assert "Отсутствует" in after
    assert int(re.search(r"заполнено (\d)", after)[1]) == int(re.search(r"заполнено (\d)", before)[1]) + 1
    with school.work():
        assert Student.objects.get(pk=child.pk).absences == {"patronymic": "absent"}
    data = opened(client, "student", child, "identity") | {"patronymic": "Львовна"}
    client.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX)
    with school.work():
        assert Student.objects.get(pk=child.pk).absences == {}


@pytest.mark.proves("R-091")
def test_a_saved_section_answers_with_its_text_and_keeps_the_document_of_the_change(school, child):
    client = client_of(school.host, "secretary")
    data = opened(client, "student", child, "identity")
    data |= {"last_name": "Рябинина", "basis": "свидетельство о браке № 7"}
    answer = client.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX)
    assert answer.status_code == 200
    assert "asuso:toast" in answer.headers["HX-Trigger"]
    assert "data-asuso-section-form" not in answer.content.decode()
    with school.work():
        assert Student.objects.get(pk=child.pk).last_name == "Рябинина"
        event = HistoryEvent.objects.filter(object_kind="people_student", action="changed").latest("id")
    assert (event.reason, event.changes["last_name"]) == ("свидетельство о браке № 7", ["Ёлкина", "Рябинина"])


@pytest.mark.parametrize(
    ("section", "changes", "words"),
    [
        ("identity", {"last_name": ""}, "Поле «Фамилия» пустое"),
        ("identity", {"snils": "112-233-445 94"}, "контрольное число"),
        ("identity", {"birth_date": "05.05.2195"}, "ещё не наступила"),
        ("document", {"doc_issued_on": "01.01.2001"}, "раньше"),
    ],
)
def test_a_refused_section_keeps_what_was_typed(school, child, section, changes, words):
    client = client_of(school.host, "secretary")
    data = opened(client, "student", child, section) | {"basis": "Неповторимое", **changes}
    answer = client.post(f"/cards/student/{child.pk}/{section}/", data, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode().replace("\u00a0", " ")
    assert words in page
    assert 'value="Неповторимое"' in page
    assert base_in(page)


def test_save_and_go_on_opens_the_next_section_that_lacks_something(school, child):
    client = client_of(school.host, "secretary")
    data = opened(client, "student", child, "identity") | {"next": "1"}
    page = client.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX).content.decode()
    assert 'id="section-identity"' in page
    assert 'id="section-document"' in page
    assert page.count('hx-swap-oob="true"') == 1
    plain = client.post(f"/cards/student/{child.pk}/identity/", data)
    assert plain.headers["Location"].endswith(f"/cards/student/{child.pk}/document/")


def test_a_reader_sees_no_form_and_nothing_to_open(school, child):
    reader = client_of(school.host, "coordinator")
    page = page_of(reader, f"/cards/student/{child.pk}/")
    assert "Изменить" not in page
    assert "/reveal/" not in page
    assert "•••-•••-••5 95" in page
    assert reader.get(f"/cards/student/{child.pk}/identity/").status_code == 403
    assert reader.post(f"/cards/student/{child.pk}/reveal/snils/").status_code == 403


def test_a_teacher_another_school_and_an_unknown_section_have_nothing(school, other_school, child):
    assert client_of(school.host, "teacher").get(f"/cards/student/{child.pk}/").status_code == 403
    assert client_of(other_school.host, "vera").get(f"/cards/student/{child.pk}/").status_code == 404
    secretary = client_of(school.host, "secretary")
    assert secretary.get(f"/cards/student/{child.pk}/passwords/").status_code == 404
    assert secretary.get(f"/cards/student/{child.pk}/health/").status_code == 404
    assert secretary.get(f"/cards/student/{child.pk}/enrollment/").status_code == 404
    assert secretary.get(f"/cards/person/{child.pk}/").status_code == 404


def test_a_look_behind_a_mask_is_answered_and_logged_by_ids(school, child):
    client = client_of(school.host, "secretary")
    assert client.post(f"/cards/student/{child.pk}/reveal/snils/").content.decode() == "112-233-445 95"
    assert client.post(f"/cards/student/{child.pk}/reveal/last_name/").status_code == 404
    assert client.post(f"/cards/student/{child.pk}/reveal/health_group/").status_code == 404
    with school.work():
        record = HistoryEvent.objects.get(action="revealed")
    assert (record.object_kind, record.object_id, record.facts["field"]) == ("student", str(child.pk), "snils")


def test_opening_a_form_with_closed_values_is_one_disclosure(school, child):
    client = client_of(school.host, "secretary")
    opened(client, "student", child, "contacts")
    opened(client, "student", child, "personal_file")
    with school.work():
        record = HistoryEvent.objects.get(action="revealed")
    assert record.facts["field"] == "contacts"


def test_a_class_teacher_edits_his_children_without_their_documents(school, child):
    with scopes.enter(scopes.of_accounts()):
        Account.objects.get(login="teacher").grants.update(role="class_teacher")
    with school.work():
        group = factories.group("5А")
        stranger = factories.student()
        factories.enroll(stranger, into=factories.group("6Б"))
    appoint_to("teacher", group)
    teacher = client_of(school.host, "teacher")
    data = opened(teacher, "student", child, "identity")
    assert "snils" not in data
    data |= {"patronymic": "Львовна", "snils": "155-555-555 55"}
    assert teacher.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX).status_code == 200
    with school.work():
        known = Student.objects.get(pk=child.pk)
    assert (known.patronymic, known.snils) == ("Львовна", SNILS)
    assert teacher.get(f"/cards/student/{child.pk}/document/").status_code == 404
    assert teacher.get(f"/cards/student/{stranger.pk}/identity/").status_code == 404
    with school.work():
        assert not HistoryEvent.objects.filter(action="revealed").exists()


def test_a_rule_tells_nobody_a_value_that_is_closed_to_him(school, child):
    with scopes.enter(scopes.of_accounts()):
        Account.objects.get(login="teacher").grants.update(role="class_teacher")
    with school.work():
        Student.objects.filter(pk=child.pk).update(doc_issued_on=datetime.date(2015, 6, 1))
        group = factories.group("5А")
    appoint_to("teacher", group)
    teacher = client_of(school.host, "teacher")
    data = opened(teacher, "student", child, "identity") | {"birth_date": "05.07.2015"}
    answer = teacher.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "расходится с закрытыми сведениями" in page.replace("\u00a0", " ")
    assert "01.06.2015" not in page


def test_a_protected_address_is_neither_shown_nor_edited_here(school, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(is_address_protected=True)
    client = client_of(school.host, "secretary")
    page = page_of(client, f"/cards/student/{child.pk}/contacts/shown/")
    assert "Адрес под защитой" in page
    assert "Белореченск" not in page
    assert client.post(f"/cards/student/{child.pk}/reveal/registration_address/").status_code == 404
    assert "registration_address" not in opened(client, "student", child, "contacts")


def test_without_consent_only_the_name_of_a_guardian_is_shown_and_written(school, child):
    with school.work():
        known = Guardian.objects.create(last_name="Ёлкин", first_name="Лев", phone="+7 900 111-22-33")
        GuardianLink.objects.create(student=child, guardian=known, relation="father")
    client = client_of(school.host, "secretary")
    page = page_of(client, f"/cards/guardian/{known.pk}/")
    assert "нет согласия" in page
    assert "22-33" not in page
    data = opened(client, "guardian", known, "identity")
    assert "snils" not in data
    data["first_name"] = "Леонид"
    assert client.post(f"/cards/guardian/{known.pk}/identity/", data, headers=HTMX).status_code == 200
    assert client.get(f"/cards/guardian/{known.pk}/contacts/").status_code == 404
    assert client.post(f"/cards/guardian/{known.pk}/reveal/phone/").status_code == 404


def queries_of(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        page_of(client, path)
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_card(school, child):
    client, path = client_of(school.host, "secretary"), f"/cards/student/{child.pk}/"
    with school.work():
        factories.withdraw(child, day=datetime.date(2026, 10, 10))
    before = queries_of(client, path)
    with school.work():
        factories.enroll(child, into=factories.group("6А"), day=datetime.date(2026, 10, 20))
        factories.withdraw(child, day=datetime.date(2026, 10, 30))
    assert queries_of(client, path) == before


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_section_of_every_kind_has_a_word_for_its_fields(kind):
    for section in KINDS[kind].sections():
        assert section.title
        assert all(one.label for one in section.fields)
