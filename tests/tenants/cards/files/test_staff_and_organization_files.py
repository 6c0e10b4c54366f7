"""Employees and the organization by files: what their rooms know stays true."""

from __future__ import annotations

import pytest

from tenants.cards.models import CardFile, CardFileRow
from tenants.organization.services import own_card
from tenants.staff.models import FormerValue, StaffMember
from tenants.staff.services import write
from tests.support import client_of
from tests.tenants.cards.files.bringing import WORKER, bring, csv_of, place, sent_back, taken, text_of, upload
from tests.tenants.staff.making import member


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.mark.proves("R-121")
def test_employees_are_brought_corrected_and_taken_back(school, secretary):
    page = bring(secretary, "staff", WORKER)
    with school.work():
        member = StaffMember.objects.known().get()
        assert (member.main_position, member.personnel_category) == ("teacher", "teaching")
        assert not member.is_sealed
    book = taken(secretary, "staff")
    upload(secretary, "staff", sent_back(book))
    with school.work():
        run = CardFile.objects.order_by("made_at").last()
        assert run.summary["same"] == 1, list(run.rows.values_list("changes", "problems"))
    book.worksheets[0].cell(2, place(book, "Место жительства")).value = "г. Анапа, ул. Новая, д. 2"
    bring_back = upload(secretary, "staff", sent_back(book))
    secretary.post(f"{bring_back}apply/")
    book.worksheets[0].cell(2, place(book, "Место жительства")).value = "г. Анапа, ул. Старая, д. 3"
    again = upload(secretary, "staff", sent_back(book))
    secretary.post(f"{again}apply/")
    with school.work():
        assert StaffMember.objects.known().get().residence_address.endswith("Старая, д. 3")
        assert FormerValue.objects.get().text.endswith("Новая, д. 2")
    secretary.post(f"{again}undo/")
    with school.work():
        assert StaffMember.objects.known().get().residence_address.endswith("Новая, д. 2")
        assert not FormerValue.objects.exists()
    secretary.post(f"{bring_back}undo/")
    secretary.post(f"{page}undo/")
    with school.work():
        assert not StaffMember.objects.known().exists()


def test_what_the_room_refuses_is_the_rows_own_error(school, secretary):
    page = upload(secretary, "staff", csv_of({**WORKER, "Дата рождения": "12.04.2014"}))
    assert "С ошибками" in text_of(secretary.get(page))
    with school.work():
        assert CardFileRow.objects.get().verdict == "refused"


@pytest.mark.proves("R-207")
def test_the_organization_card_travels_both_ways(school):
    client = client_of(school.host, "org_admin")
    book = taken(client, "organization")
    upload(client, "organization", sent_back(book))
    with school.work():
        run = CardFile.objects.get()
        assert run.summary["same"] == 1, list(run.rows.values_list("changes", "problems"))
        was = own_card().organization.email
    sheet = book.worksheets[0]
    sheet.cell(2, place(book, "Электронный адрес")).value = "school@example.ru"
    sheet.cell(2, place(book, "Проектная мощность")).value = "850"
    page = upload(client, "organization", sent_back(book))
    assert client.post(f"{page}apply/").status_code == 302
    with school.work():
        card = own_card()
        assert (card.organization.email, card.capacity) == ("school@example.ru", 850)
    assert client.post(f"{page}undo/").status_code == 302
    with school.work():
        card = own_card()
        assert (card.organization.email, card.capacity) == (was, None)


@pytest.mark.proves("R-249")
def test_an_undone_file_leaves_no_former_values_and_those_of_people_stay(school, secretary):
    with school.work():
        one = member(
            last_name="Дубов",
            residence_address="г. Анапа, ул. Первая, д. 1",
            registration_address="г. Анапа, ул. Первая, д. 1",
            main_position="educator",
        )
        write(one, {"residence_address": "г. Анапа, ул. Вторая, д. 2"}, by="секретарь")
    row = {
        "Ключ": str(one.pk),
        "Фамилия": "Дубовик",
        "Место жительства": "г. Анапа, ул. Третья, д. 3",
        "Место регистрации": "г. Анапа, ул. Третья, д. 3",
        "Основная должность": "Учитель",
    }
    page = bring(secretary, "staff", row)
    with school.work():
        assert FormerValue.objects.count() == 5
        one.refresh_from_db()
        write(one, {"registration_address": "г. Анапа, ул. Пятая, д. 5"}, by="секретарь")
    secretary.post(f"{page}undo/")
    with school.work():
        one.refresh_from_db()
        assert (one.last_name, one.main_position) == ("Дубов", "educator")
        assert one.residence_address.endswith("Вторая, д. 2")
        left = {(row.kind, row.text[-15:]) for row in FormerValue.objects.all()}
        assert left == {
            ("residence_address", "ул. Первая, д. 1"[-15:]),
            ("registration_address", "ул. Первая, д. 1"[-15:]),
            ("registration_address", "ул. Третья, д. 3"[-15:]),
        }
    assert "остались, вместе с их прежними значениями" in text_of(secretary.get(page)).replace("\u00a0", " ")


def test_a_passport_that_a_file_has_replaced_by_mistake_is_former_no_more(school, secretary):
    papers = {"doc_type": "passport_rf", "doc_series": "0305", "doc_number": "111222"}
    with school.work():
        one = member(last_name="Дубов", **papers)
    page = bring(secretary, "staff", {"Ключ": str(one.pk), "Номер": "333444"})
    with school.work():
        assert FormerValue.objects.get().doc_number == "111222"
    secretary.post(f"{page}undo/")
    with school.work():
        assert StaffMember.objects.get().doc_number == "111222"
        assert not FormerValue.objects.exists()
        assert FormerValue.with_annulled.get().is_annulled
