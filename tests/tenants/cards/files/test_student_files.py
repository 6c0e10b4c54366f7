"""Learners brought by a file, corrected in a spreadsheet, taken back: through the product's own pages."""

from __future__ import annotations

import datetime

import pytest

from tenants.cards.models import Batch, CardFile, CardFileRow
from tenants.consents.models import Consent
from tenants.people.models import Student
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.cards.files.bringing import CHILD, bring, csv_of, place, sent_back, taken, text_of, upload


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.mark.proves("R-121", "R-164")
def test_a_file_is_looked_at_applied_and_taken_back(school, secretary):
    page = upload(secretary, "student", csv_of(CHILD, {**CHILD, "Имя": "Олег", "Номер": "512346", "Пол": "?"}))
    preview = text_of(secretary.get(page))
    assert "Ёлкин Пётр Ильич" in preview
    assert "Пол: «?» нет в справочнике" in preview
    with school.work():
        assert not Student.objects.exists()
    assert secretary.post(f"{page}apply/").headers["location"] == page
    assert "Записано" in text_of(secretary.get(page))
    with school.work():
        made = Student.objects.get()
        assert (made.first_name, made.sex, made.consent_on) == ("Пётр", "M", datetime.date(2026, 8, 20))
        assert Consent.objects.current().get(student=made).recorded_by == "Secretary Тест"
        row = CardFileRow.objects.get(number=2)
        assert (row.cells, row.values, row.card_id) == (None, None, made.pk)
    assert secretary.post(f"{page}undo/").status_code == 302
    assert "Загрузка отменена" in text_of(secretary.get(page))
    with school.work():
        assert not Student.objects.known().exists()
    bring(secretary, "student", CHILD)
    with school.work():
        assert Student.objects.known().count() == 1


def test_what_was_downloaded_and_uploaded_again_changes_nothing(school, secretary):
    with school.work():
        factories.student(snils="11223344595", phone="+7 918 000-11-22", address="=1+1, д. 5", home_pc=True)
        factories.student(absences={"snils": "absent", "phone": "not_given"}, citizenship="")
    page = upload(secretary, "student", sent_back(taken(secretary, "student")))
    with school.work():
        run = CardFile.objects.get()
        assert run.summary["same"] == 2, list(run.rows.values_list("changes", "problems"))
        assert run.notes == []
    assert "Записать" not in text_of(secretary.get(page))
    assert "Записывать нечего" in text_of(secretary.post(f"{page}apply/"))


@pytest.mark.proves("R-121")
def test_only_what_was_corrected_in_the_spreadsheet_is_written_and_undo_keeps_what_came_later(school, secretary):
    with school.work():
        one = factories.student(last_name="Антипова", first_name="Вера", sex="F", phone="+7 918 000-11-22")
        other = factories.student(last_name="Борисов", phone="+7 918 000-11-33")
    book = taken(secretary, "student")
    sheet = book.worksheets[0]
    sheet.cell(2, place(book, "Домашний телефон")).value = "8 (918) 000-55-66"
    sheet.cell(2, place(book, "Отчество")).value = "отсутствует"
    sheet.cell(3, place(book, "Домашний телефон")).value = "очистить"
    page = upload(secretary, "student", sent_back(book))
    preview = text_of(secretary.get(f"{page}?show=changed"))
    assert "<del>+7 918 000-11-22</del> → <ins>+7 918 000-55-66</ins>" in preview
    assert "<del>Петрович</del> → <ins>отсутствует</ins>" in preview
    assert "<ins>пусто</ins>" in preview
    secretary.post(f"{page}apply/")
    with school.work():
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.phone, one.patronymic, one.absences) == ("+7 918 000-55-66", "", {"patronymic": "absent"})
        assert other.phone == ""
        assert Batch.objects.get().changed == 2
        Student.objects.filter(pk=one.pk).update(phone="+7 918 000-77-88")
    secretary.post(f"{page}undo/")
    result = text_of(secretary.get(page))
    assert "Антипова Вера" in result
    assert "Домашний телефон" in result
    with school.work():
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.phone, one.patronymic, one.absences) == ("+7 918 000-77-88", "Петрович", {})
        assert other.phone == "+7 918 000-11-33"


def test_a_learner_without_consent_is_refused_with_the_way_out(secretary):
    row = {header: text for header, text in CHILD.items() if not header.startswith("Согласие")}
    page = text_of(secretary.get(upload(secretary, "student", csv_of(row))))
    assert "Нет даты письменного согласия" in page
    assert "Получите согласие и впишите его дату" in page


def test_a_row_is_recognized_by_number_document_or_name_and_never_guessed(school, secretary):
    with school.work():
        by_number = factories.student(snils="11223344595", doc_number="")
        by_paper = factories.student(doc_series="II-АГ", doc_number="700001")
        by_name = factories.student(
            last_name="Ёжиков", birth_date=datetime.date(2014, 1, 2), doc_type="", doc_number=""
        )
        factories.student(last_name="Двойник", doc_type="", doc_number="")
        factories.student(last_name="Двойник", doc_type="", doc_number="")
        keys = [by_number.pk, by_paper.pk, by_name.pk]
    file = "email"
    rows = [
        {"СНИЛС": "112-233-445 95", file: "a@example.ru"},
        {"Тип документа": "Свидетельство о рождении", "Серия": "II-АГ", "Номер": "700001", file: "b@example.ru"},
        {
            "Фамилия": "ЕЖИКОВ",
            "Имя": "Иван",
            "Отчество": "Петрович",
            "Дата рождения": "02.01.2014",
            file: "c@example.ru",
        },
        {
            "Фамилия": "Двойник",
            "Имя": "Иван",
            "Отчество": "Петрович",
            "Дата рождения": "05.05.2015",
            file: "d@example.ru",
        },
        {file: "e@example.ru"},
    ]
    upload(secretary, "student", csv_of(*rows))
    with school.work():
        found = list(CardFileRow.objects.order_by("number").values_list("verdict", "card_id"))
        assert [key for _, key in found[:3]] == keys
        assert [verdict for verdict, _ in found[3:]] == ["refused", "refused"]
        sentences = list(CardFileRow.objects.filter(number__gte=5).values_list("problems", flat=True))
        assert "в нескольких карточках: 2" in str(sentences[0])
        assert "Не понять, о ком строка" in str(sentences[1])


def test_rows_that_contradict_each_other_or_the_cards_are_refused(school, secretary):
    with school.work():
        factories.student(snils="11223344595")
        other = factories.student()
        third = factories.student()
    rows = [
        {"Ключ": str(other.pk), "СНИЛС": "112-233-445 95"},
        {"Ключ": str(third.pk), "СНИЛС": "087-654-303 00"},
        {"Ключ": str(third.pk), "СНИЛС": ""},
        {"Ключ": "не ключ", "СНИЛС": ""},
    ]
    upload(secretary, "student", csv_of(*rows))
    with school.work():
        problems = [str(one) for one in CardFileRow.objects.order_by("number").values_list("problems", flat=True)]
        assert "уже стоит в другой карточке" in problems[0]
        assert "СНИЛС" in problems[1] or problems[1] == "[]"
        assert "О той же карточке говорит строка 3" in problems[2]
        assert "не похоже на ключ" in problems[3]


def test_a_card_of_another_organization_is_unknown(school, other_school, secretary):
    with other_school.work():
        foreign = factories.student()
    page = upload(secretary, "student", csv_of({"Ключ": str(foreign.pk), "Фамилия": "Чужой"}))
    assert "Карточки с таким ключом здесь нет" in text_of(secretary.get(page))
    with other_school.work():
        foreign.refresh_from_db()
        assert foreign.last_name != "Чужой"


def test_a_blocked_learner_is_neither_given_out_nor_brought_twice(school, secretary):
    with school.work():
        factories.student(
            last_name="Ёлкин", first_name="Пётр", patronymic="Ильич", birth_date=datetime.date(2015, 3, 5),
            snils="11223344595", consent_withdrawn_on=datetime.date(2026, 9, 1),
        )  # fmt: skip
    assert taken(secretary, "student").worksheets[0].max_row == 1
    page = text_of(secretary.get(upload(secretary, "student", csv_of(CHILD))))
    assert "закрыта: согласие отозвано" in page


def test_a_protected_address_neither_leaves_nor_is_written(school, secretary):
    with school.work():
        student = factories.student(address="г. Анапа, ул. Тайная, д. 1", is_address_protected=True)
    book = taken(secretary, "student")
    assert "Тайная" not in str([[cell.value for cell in row] for row in book.worksheets[0].iter_rows()])
    page = upload(
        secretary, "student", csv_of({"Ключ": str(student.pk), "Место жительства": "г. Анапа, ул. Новая, д. 2"})
    )
    assert "Адрес под защитой" in text_of(secretary.get(page))


def test_a_card_changed_after_the_check_stops_the_file_until_the_person_chooses(school, secretary):
    with school.work():
        one, other = factories.student(phone=""), factories.student(phone="")
    rows = [{"Ключ": str(key), "Домашний телефон": "+7 918 000-11-22"} for key in (one.pk, other.pk)]
    page = upload(secretary, "student", csv_of(*rows))
    with school.work():
        Student.objects.filter(pk=one.pk).update(phone="+7 918 999-99-99")
    refused = secretary.post(f"{page}apply/")
    assert refused.status_code == 422
    assert "карточки изменились: строк 1" in text_of(refused)
    with school.work():
        other.refresh_from_db()
        assert other.phone == ""
    assert "Изменена после проверки" in text_of(secretary.get(page))
    assert secretary.post(f"{page}apply/", {"skip_moved": "on"}).status_code == 302
    with school.work():
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.phone, other.phone) == ("+7 918 999-99-99", "+7 918 000-11-22")


def test_an_import_cannot_be_applied_twice(secretary):
    page = bring(secretary, "student", CHILD)
    response = secretary.post(f"{page}apply/")
    assert response.status_code == 422
    assert "уже другое: записан" in text_of(response)


def test_all_or_nothing_writes_nothing_while_there_are_errors(school, secretary):
    page = upload(secretary, "student", csv_of(CHILD, {**CHILD, "Имя": "Олег", "Номер": "1", "Пол": "?"}))
    response = secretary.post(f"{page}apply/", {"all_or_nothing": "on"})
    assert response.status_code == 422
    assert "«всё или ничего»" in text_of(response)
    with school.work():
        assert not Student.objects.exists()


def test_a_file_that_was_only_looked_at_is_forgotten_on_demand(school, secretary):
    page = upload(secretary, "student", csv_of(CHILD))
    assert secretary.post(f"{page}discard/").status_code == 302
    assert secretary.get(page).status_code == 404
    with school.work():
        assert not CardFileRow.objects.exists()
