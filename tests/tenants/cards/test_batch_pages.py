"""A change of many cards afterwards: its page shows no more than the cards do, and its undo writes no more."""

from __future__ import annotations

import datetime

import pytest

from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.cards.models import Batch, CardFile
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, GuardianLink, Student
from tests.support import appoint_to, client_of
from tests.tenants import factories
from tests.tenants.cards.files.bringing import bring, text_of
from tests.tenants.cards.pages import SNILS

AGREED = datetime.date(2026, 8, 20)
LATER = datetime.date(2026, 9, 20)


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.fixture
def class_teacher(school):
    with scopes.enter(scopes.of_accounts()):
        Account.objects.get(login="teacher").grants.update(role="class_teacher")
    with school.work():
        group = factories.group("5А")
    appoint_to("teacher", group)
    return client_of(school.host, "teacher")


@pytest.fixture
def children(school):
    with school.work():
        made = [factories.student() for _ in range(3)]
        factories.enroll(*made, into=factories.group("5А"))
    return made


def changed(school) -> str:
    """The page of the last change."""
    with school.work():
        batch = Batch.objects.latest("made_at")
    return f"/cards/{batch.kind}/changes/{batch.pk}/"


def read(client, path: str) -> str:
    return text_of(client.get(path)).replace("\u00a0", " ")


def give_computers(client, children, value: str = "да") -> None:
    """As far as the preview."""
    client.post("/cards/student/group/choose/", {"id": [str(one.pk) for one in children]})
    assert client.post("/cards/student/group/", {"field": "home_pc", "home_pc": value}).status_code == 200


def test_values_of_cards_that_are_closed_by_now_are_not_on_the_page(school, secretary, children):
    guarded, blocked, known = children
    rows = [
        {"Ключ": str(one.pk), "Место жительства": f"г. Анапа, ул. Тайная, д. {number}", "Наличие ПК дома": "да"}
        for number, one in enumerate(children, 1)
    ]
    bring(secretary, "student", *rows)
    with school.work():
        Student.objects.filter(pk=guarded.pk).update(is_address_protected=True)
        Student.objects.filter(pk=blocked.pk).update(consent_withdrawn_on=LATER)
    page = read(secretary, changed(school))
    assert "Тайная, д. 3" in page
    assert "Тайная, д. 1" not in page
    assert "Тайная, д. 2" not in page
    assert page.count('<td data-label="Стало">да</td>') == 2  # of the blocked card nothing is told
    assert "Карточка недоступна" in page
    with school.work():
        looks = HistoryEvent.objects.filter(action="revealed")
        assert [(look.object_id, look.facts["field"]) for look in looks] == [(str(known.pk), "address")]


def test_of_a_sealed_card_the_name_alone_is_on_the_page(school, secretary, children):
    with school.work():
        mother = Guardian.objects.create(last_name="Ёлкина", first_name="Анна", consent_on=AGREED)
        GuardianLink.objects.create(student=children[0], guardian=mother, relation="mother")
    bring(secretary, "guardian", {"Ключ": str(mother.pk), "Место работы": "Лицей", "Отчество": "Львовна"})
    with school.work():
        Guardian.objects.filter(pk=mother.pk).update(consent_withdrawn_on=LATER)
    page = read(secretary, changed(school))
    assert "Львовна" in page
    assert "Лицей" not in page
    assert secretary.post(f"{changed(school)}undo/", {"reason": "не тот файл"}).status_code == 302
    with school.work():
        mother.refresh_from_db()
        assert (mother.workplace, mother.patronymic) == ("Лицей", "")


def test_who_sees_no_documents_sees_masks_and_nothing_is_disclosed(school, class_teacher, children):
    stays, goes, _ = children
    with school.work():
        factories.withdraw(goes, day=datetime.date(2026, 9, 2))
        Student.objects.filter(pk=stays.pk).update(snils=SNILS)
        batch = Batch.objects.create(origin="group", kind="student", title="СНИЛС", changed=1, made_by="Teacher Тест")
        batch.changes.create(card_id=stays.pk, old={"snils": ""}, new={"snils": SNILS})
    page = read(class_teacher, changed(school))
    assert "•••-•••-••5 95" in page
    assert "112-233-445 95" not in page
    with school.work():
        assert not HistoryEvent.objects.filter(action="revealed").exists()
    refused = class_teacher.post(f"{changed(school)}undo/", {"reason": "ошибка"})
    assert refused.status_code == 422
    assert "сведения, которые вам не открыты: «СНИЛС»" in text_of(refused).replace("\u00a0", " ")
    with school.work():
        assert Student.objects.get(pk=stays.pk).snils == SNILS


def test_a_card_closed_after_the_preview_is_not_written(school, secretary, children):
    give_computers(secretary, children)
    with school.work():
        Student.objects.filter(pk=children[0].pk).update(consent_withdrawn_on=LATER)
    page = text_of(secretary.post("/cards/student/group/apply/", follow=True)).replace("\u00a0", " ")
    assert "Записано в 2 карточках" in page
    assert "1 карточку за это время изменил или закрыл кто-то ещё" in page
    with school.work():
        assert Student.objects.get(pk=children[0].pk).home_pc is None


def test_an_undo_writes_neither_blocked_cards_nor_those_of_other_classes(school, class_teacher, children):
    give_computers(class_teacher, children)
    assert class_teacher.post("/cards/student/group/apply/").status_code == 302
    blocked, gone, here = children
    with school.work():
        Student.objects.filter(pk=blocked.pk).update(consent_withdrawn_on=LATER)
        factories.withdraw(gone, day=datetime.date(2026, 9, 2))
    told = text_of(class_teacher.post(f"{changed(school)}undo/", {"reason": "ошибка"}, follow=True))
    assert "В 2 карточках значение с тех пор изменили или закрыли" in told.replace("\u00a0", " ")
    with school.work():
        having = Student.objects.filter(home_pc=True)
        assert {one.pk for one in having} == {blocked.pk, gone.pk}
        assert Student.objects.get(pk=here.pk).home_pc is None


def test_documents_brought_by_another_are_taken_back_by_who_sees_them(school, secretary, children):
    phone = {"Ключ": str(children[0].pk), "Домашний телефон": "+7 918 000-11-22"}
    theirs = bring(secretary, "student", phone)
    coordinator = client_of(school.host, "coordinator")
    refused = coordinator.post(f"{theirs}undo/")
    assert refused.status_code == 422
    assert "«Домашний телефон»" in text_of(refused)
    with school.work():
        assert Student.objects.get(pk=children[0].pk).phone == "+7 918 000-11-22"
        assert CardFile.objects.get().status == "applied"
    own = bring(coordinator, "student", {**phone, "Домашний телефон": "+7 918 000-33-44"})
    assert coordinator.post(f"{own}undo/").status_code == 302
    assert secretary.post(f"{theirs}undo/").status_code == 302
    with school.work():
        assert Student.objects.get(pk=children[0].pk).phone == ""


def test_many_cards_are_shown_by_pages_of_whole_cards(school, secretary, django_assert_max_num_queries):
    with school.work():
        known = [factories.student() for _ in range(53)]
    rows = [{"Ключ": str(one.pk), "Наличие ПК дома": "да", "Родной язык": "Русский"} for one in known]
    bring(secretary, "student", *rows)
    with django_assert_max_num_queries(20):
        first = secretary.get(changed(school))
    assert len(first.context["lines"]) == 100
    assert "1–50 из 53" in text_of(first).replace("\u00a0", " ")
    last = secretary.get(f"{changed(school)}?page=2")
    assert len(last.context["lines"]) == 6
