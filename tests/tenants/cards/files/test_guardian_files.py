"""Representatives brought by a file: whose they are, one person for two children, sealed cards, undo."""

from __future__ import annotations

import datetime

import pytest

from shared.classifiers.services import set_term
from tenants.cards.models import CardFile, CardFileRow
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, GuardianLink
from tests.shared.classifiers.keeping import ministry
from tests.shared.classifiers.keeping import row as value_row
from tests.shared.classifiers.keeping import shown as shown_now
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


@pytest.fixture
def father(school, children):
    """Known as the father of the first child and the guardian of the second."""
    with school.work():
        one = Guardian.objects.create(last_name="Ёлкин", first_name="Илья", consent_on=datetime.date(2026, 8, 20))
        GuardianLink.objects.create(student=children[0], guardian=one, relation="father")
        GuardianLink.objects.create(student=children[1], guardian=one, relation="guardian")
        return one


def relations(school) -> dict[object, str]:
    with school.work():
        return dict(GuardianLink.objects.values_list("student_id", "relation"))


@pytest.mark.proves("R-121", "R-192")
def test_another_relation_of_a_known_link_is_shown_as_a_change_written_and_taken_back(
    school, secretary, children, father
):
    row = {
        "Ключ": str(father.pk),
        "Ключ ребёнка": str(children[1].pk),
        "Степень родства": "Отец",
        "Место работы": "Порт",
    }
    page = upload(secretary, "guardian", csv_of(row))
    with school.work():
        checked = CardFileRow.objects.get()
        assert checked.verdict == "changed"
        assert ["relation", "Опекун", "Отец"] in checked.changes
    shown = text_of(secretary.get(page))
    assert "Опекун" in shown
    assert secretary.post(f"{page}apply/").status_code == 302
    assert relations(school) == {children[0].pk: "father", children[1].pk: "father"}
    secretary.post(f"{page}undo/")
    assert relations(school) == {children[0].pk: "father", children[1].pk: "guardian"}
    assert "Возвращено связей с детьми" in text_of(secretary.get(page))
    with school.work():
        reasons = HistoryEvent.objects.filter(object_kind="people_guardianlink", action="changed").order_by("id")
        assert [event.reason for event in reasons] == ["Загрузка «карточки.csv»", "Отмена: Загрузка «карточки.csv»"]


def test_a_file_that_changes_nothing_but_a_relation_is_applied_and_undone(school, secretary, children, father):
    book = taken(secretary, "guardian")
    sheet = book.worksheets[0]
    rows = {sheet.cell(number, place(book, "Ключ ребёнка")).value: number for number in (2, 3)}
    sheet.cell(rows[str(children[1].pk)], place(book, "Степень родства")).value = "Отчим"
    page = upload(secretary, "guardian", sent_back(book))
    with school.work():
        summary = CardFile.objects.get().summary
        assert (summary["changed"], summary["same"]) == (1, 1)
    secretary.post(f"{page}apply/")
    assert relations(school)[children[1].pk] == "stepfather"
    secretary.post(f"{page}undo/")
    assert relations(school)[children[1].pk] == "guardian"


def test_a_relation_that_somebody_has_changed_since_stays_and_is_named(school, secretary, children, father):
    row = {"Ключ": str(father.pk), "Ключ ребёнка": str(children[1].pk), "Степень родства": "Отец"}
    page = bring(secretary, "guardian", row)
    with school.work():
        GuardianLink.objects.filter(student=children[1]).update(relation="stepfather")
    secretary.post(f"{page}undo/")
    assert relations(school)[children[1].pk] == "stepfather"
    assert "Ёлкин Илья</b>: Степень родства" in text_of(secretary.get(page))


def test_a_relation_changed_after_the_check_is_not_overwritten(school, secretary, children, father):
    row = {"Ключ": str(father.pk), "Ключ ребёнка": str(children[1].pk), "Степень родства": "Отец"}
    page = upload(secretary, "guardian", csv_of(row))
    with school.work():
        GuardianLink.objects.filter(student=children[1]).update(relation="stepfather")
    assert secretary.post(f"{page}apply/").status_code == 422
    assert relations(school)[children[1].pk] == "stepfather"


def test_a_relation_is_not_cleared_by_a_file_and_an_empty_cell_leaves_it(school, secretary, children, father):
    row = {"Ключ": str(father.pk), "Ключ ребёнка": str(children[1].pk), "Степень родства": "очистить"}
    page = upload(
        secretary, "guardian", csv_of(row, {**row, "Ключ ребёнка": str(children[0].pk), "Степень родства": ""})
    )
    assert "обязательна, очистить её нельзя" in text_of(secretary.get(page))
    with school.work():
        assert list(CardFileRow.objects.order_by("number").values_list("verdict", flat=True)) == ["refused", "same"]


def test_an_ended_relation_stays_with_the_link_that_has_it_and_is_refused_to_others(
    school, secretary, children, father
):
    with ministry() as keeper:
        value = value_row("guardian_relation", "guardian")
        day = datetime.date(2026, 9, 1)
        set_term(keeper=keeper, value_id=value.pk, version=value.version, valid_to=day)
    shown_now()
    upload(secretary, "guardian", sent_back(taken(secretary, "guardian")))
    with school.work():
        assert CardFile.objects.get().summary["same"] == 2
    row = {"Ключ": str(father.pk), "Ключ ребёнка": str(children[0].pk), "Степень родства": "Опекун"}
    page = upload(secretary, "guardian", csv_of(row))
    assert "«Опекун» не действует с 01.09.2026" in text_of(secretary.get(page)).replace("\u00a0", " ")
