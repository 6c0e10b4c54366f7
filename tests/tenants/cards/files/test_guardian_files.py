"""Representatives brought by a file: whose they are, one person for two children, sealed cards, undo."""

from __future__ import annotations

import datetime

import pytest

from tenants.cards.models import CardFile, CardFileRow
from tenants.people.models import Guardian, GuardianLink
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.cards.files.bringing import bring, csv_of, place, sent_back, taken, text_of, upload

MOTHER = {
    "Фамилия": "Ёлкина",
    "Имя": "Анна",
    "Отчество": "Львовна",
    "Телефон": "+7 918 000-11-22",
    "Степень родства": "Мать",
    "Согласие на обработку ПДн": "20.08.2026",
}


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.fixture
def children(school):
    with school.work():
        return [
            factories.student(last_name="Ёлкин", first_name=name, patronymic="Ильич", birth_date=born)
            for name, born in (("Пётр", datetime.date(2015, 3, 5)), ("Олег", datetime.date(2017, 4, 6)))
        ]


@pytest.mark.proves("R-121", "R-164")
def test_one_mother_of_two_children_becomes_one_card_with_two_links(school, secretary, children):
    first = {**MOTHER, "Ребёнок (Ф. И. О.)": "Ёлкин Пётр Ильич", "Дата рождения ребёнка": "05.03.2015"}
    second = {**MOTHER, "Ключ ребёнка": str(children[1].pk)}
    page = bring(secretary, "guardian", first, second)
    with school.work():
        mother = Guardian.objects.get()
        assert (mother.phone, mother.consent_on) == ("+7 918 000-11-22", datetime.date(2026, 8, 20))
        links = GuardianLink.objects.values_list("student_id", "relation")
        assert set(links) == {(child.pk, "mother") for child in children}
    book = taken(secretary, "guardian")
    assert book.worksheets[0].max_row == 3
    upload(secretary, "guardian", sent_back(book))
    with school.work():
        assert CardFile.objects.order_by("made_at").last().summary["same"] == 2
    secretary.post(f"{page}undo/")
    with school.work():
        assert not Guardian.objects.exists()
        assert not GuardianLink.objects.exists()


def test_a_known_mother_gets_one_more_child_and_undo_takes_the_link_back(school, secretary, children):
    with school.work():
        mother = Guardian.objects.create(last_name="Ёлкина", first_name="Анна", consent_on=datetime.date(2026, 8, 20))
        GuardianLink.objects.create(student=children[0], guardian=mother, relation="mother")
    row = {"Ключ": str(mother.pk), "Ключ ребёнка": str(children[1].pk), "Степень родства": "Мать"}
    page = bring(secretary, "guardian", row)
    with school.work():
        assert GuardianLink.objects.get(student=children[1]).relation == "mother"
    secretary.post(f"{page}undo/")
    with school.work():
        assert [link.student_id for link in GuardianLink.objects.all()] == [children[0].pk]


def test_a_new_representative_of_nobody_is_refused(secretary, children):
    page = upload(secretary, "guardian", csv_of(MOTHER, {**MOTHER, "Ключ ребёнка": str(children[0].pk)[::-1]}))
    shown = text_of(secretary.get(page))
    assert "Не сказано, чей это представитель" in shown


def test_a_sealed_card_gives_out_its_name_alone_and_takes_no_more(school, secretary, children):
    with school.work():
        sealed = Guardian.objects.create(last_name="Ёлкина", first_name="Анна", phone="+7 918 000-11-22")
        GuardianLink.objects.create(student=children[0], guardian=sealed, relation="mother")
    book = taken(secretary, "guardian")
    sheet = book.worksheets[0]
    assert sheet.cell(2, place(book, "Фамилия")).value == "Ёлкина"
    assert sheet.cell(2, place(book, "Мобильный телефон")).value is None
    rows = [{"Ключ": str(sealed.pk), "Ключ ребёнка": str(children[0].pk), "Телефон": "+7 918 000-99-99"}]
    page = upload(secretary, "guardian", csv_of(*rows))
    assert "менять можно только имя" in text_of(secretary.get(page))


def test_two_rows_that_say_different_things_of_one_person_are_refused(school, secretary, children):
    with school.work():
        mother = Guardian.objects.create(last_name="Ёлкина", first_name="Анна", consent_on=datetime.date(2026, 8, 20))
        for child in children:
            GuardianLink.objects.create(student=child, guardian=mother, relation="mother")
    rows = [
        {"Ключ": str(mother.pk), "Ключ ребёнка": str(child.pk), "Место работы": work}
        for child, work in zip(children, ("Лицей", "Завод"), strict=True)
    ]
    upload(secretary, "guardian", csv_of(*rows))
    with school.work():
        verdicts = list(CardFileRow.objects.order_by("number").values_list("verdict", flat=True))
        assert verdicts == ["changed", "refused"]
