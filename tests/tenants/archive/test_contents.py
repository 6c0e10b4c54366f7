"""What stands in a sealed archive is what stands in the database, and nothing that must stay closed."""

from __future__ import annotations

import hashlib

import pytest

from shared.archive.parts import Span
from tenants.archive.registry import PARTS
from tenants.archive.services import choose
from tenants.consents.models import Consent
from tenants.groups.models import Group
from tenants.history.models import HistoryEvent
from tenants.orders.models import Order, OrderRow, Placement
from tenants.people.models import Student
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.archive import filling
from tests.tenants.archive.filling import BLOCKED, CHARTER, ILLNESS, PHONE, SEALED_STREET, STREET, YEAR, Archive, D


def test_the_tables_hold_as_many_rows_as_the_database(place, archive):
    with place.work():
        expected = {
            "learners": Student.objects.known().count(),
            "learners_closed": 1,
            "learner_documents": Student.objects.known().count(),
            "class_lists": Placement.objects.count(),
            "groups": Group.objects.count(),
            "orders": Order.objects.in_force().count(),
            "movement": OrderRow.objects.count(),
            "consents": Consent.objects.count(),
            "staff": 2,
            "staff_documents": 1,
            "guardians": 2,
            "guardian_documents": 1,
            "documents": 2,
        }
    assert {code: len(archive.table(code)) for code in expected} == expected
    told = {part["code"]: part["rows"] for part in archive.manifest["parts"]}
    assert {code: told[code] for code in expected} == expected
    assert set(told) == set(PARTS)


def test_a_learner_stands_in_the_tables_the_books_and_the_prints_as_on_his_card(place, archive):
    with place.work():
        one = Student.objects.get(first_name="Вера")
    key = str(one.pk)
    (card,) = [row for row in archive.table("learners") if row["Код записи"] == key]
    assert card["Ф.И.О."] == "'=Антипова Вера Петрович"  # a spreadsheet would compute it
    assert (card["Класс, группа"], card["Зачислен"], card["Выбыл"]) == ("5А", "2026-09-01", "")
    (papers,) = [row for row in archive.table("learner_documents") if row["Код записи"] == key]
    assert (papers["СНИЛС"], STREET in papers["Место регистрации"]) == ("112-233-445 95", True)
    assert PHONE[-4:] in papers["Домашний телефон"].replace("-", "").replace(" ", "")
    assert [row["Код класса"] for row in archive.table("class_lists") if row["Код обучающегося"] == key]
    assert "=Антипова Вера Петрович" in archive.text("pdf/class_lists.pdf")
    (special,) = archive.table("learner_special")
    assert (special["Заболевания"], special["ОВЗ"]) == (ILLNESS, "да")
    (gone,) = [row for row in archive.table("learners") if row["Ф.И.О."].startswith("Ушедший")]
    assert gone["Выбыл"] == "2026-10-01"


def test_the_book_of_orders_holds_their_texts(archive):
    texts = {row["Номер"]: row["Текст"] for row in archive.table("orders")}
    assert set(texts) == {"12-у", "13-у", "5-в"}
    assert "1) =Антипова Вера Петрович, 05.05.2015 г. р., в 5А с 01.09.2026" in texts["12-у"]
    assert "не числится с 01.10.2026" in texts["5-в"]
    printed = archive.text("pdf/orders.pdf")
    assert "Приказ о зачислении № 12-у от 01.09.2026" in printed
    assert "Внести сведения в книгу движения" in printed


@pytest.mark.proves("R-031")
def test_closed_cards_are_a_name_and_the_withdrawn_learner_has_none(archive):
    (closed,) = [row for row in archive.table("guardians") if row["Карточка"]]
    assert (closed["Представитель"], closed["Карточка"]) == ("Закрытая", "закрыта: нет согласия")
    everything = archive.everything()
    assert SEALED_STREET not in everything
    assert "ул. Тихая" not in everything
    assert "ул. Работная" in everything
    assert {part for part in PARTS if BLOCKED in str(archive.table(part))} == {"learners_closed"}
    assert "Заблокировано" in archive.text("pdf/movement.pdf")
    said = archive.text("act.pdf")
    assert "Карточек без согласия: 1; в них только фамилия, имя, отчество и степень родства" in said
    assert "Карточек, закрытых отзывом согласия: 1" in said


def test_scans_lie_beside_and_a_lost_one_is_named(archive):
    digest = hashlib.sha256(CHARTER).hexdigest()
    assert archive.file.read(f"files/{digest}.pdf") == CHARTER
    assert [row["Файл"] for row in archive.table("documents") if row["Документ"] == "Устав"] == [f"files/{digest}.pdf"]
    assert archive.manifest["missing"] == ["0" * 64]
    assert "Содержимого 1 файла нет в хранилище" in archive.text("act.pdf")


@pytest.mark.proves("R-171")
def test_the_act_bears_the_sums_the_executor_and_the_day(place, archive):
    said = archive.text("act.pdf")
    bare = said.replace(" ", "")
    assert "Средняя школа № 7 города Анапы" in said
    assert f"Director-{place.organization.slug}"[:8] in said
    assert archive.manifest["digest"] in bare
    assert archive.manifest["fingerprint"] in bare
    for words in ("2026/2027 учебный год", "Книга движения", "Сдал", "Принял на хранение", "съёмном носителе №"):
        assert words in said


def test_the_extract_of_the_log_carries_the_seals_and_no_values(place, archive):
    rows = archive.table("log")
    assert "Антипова" not in str(rows)
    with place.work():
        first = HistoryEvent.objects.order_by("id").first()
    assert str(first.pk) in {row["№ записи"] for row in rows}
    sealed = [row for row in rows if row["№ в цепочке"]]
    assert [row["№ в цепочке"] for row in sealed] == [str(number) for number in range(1, len(sealed) + 1)]
    assert len(sealed) > 20
    assert sealed[-1]["Печать"] in archive.text("act.pdf").replace(" ", "")
    assert "Значения полей в выписку не входят" in archive.text("act.pdf")


@pytest.mark.proves("R-053")
def test_what_left_is_in_the_log_of_actions_with_the_rows(place, archive):
    with place.work():
        (made,) = HistoryEvent.objects.filter(action="archive.made")
        taken = HistoryEvent.objects.filter(action="archive.taken").first()
    people = [part["rows"] for part in archive.manifest["parts"] if PARTS[part["code"]].is_people]
    assert (made.rows, made.reason) == (sum(people), "номенклатура дел")
    assert made.facts["learner_special"] == 1
    assert taken.rows == sum(part["rows"] for part in archive.manifest["parts"])


@pytest.mark.proves("R-031", "R-053")
def test_without_the_right_a_part_is_left_out_and_the_act_says_so(place, archive):
    """The administrator may order an archive; documents and special facts are not his."""
    admin = client_of(place.host, f"org_admin-{place.organization.slug}")
    shown = admin.get("/archive/").content.decode()
    assert "Обучающиеся: особые сведения" in shown
    assert 'name="special"' not in shown
    page = admin.post("/archive/", {**YEAR, "special": "on", "reason": "хочу"}).headers["Location"]
    assert filling.work(place)
    found = Archive(b"".join(admin.get(f"{page}file/").streaming_content))
    for text in (ILLNESS, STREET, BLOCKED, SEALED_STREET, PHONE):
        assert text not in found.everything()
    left = {one["code"]: one["reason"] for one in found.manifest["left_out"]}
    assert {"learner_special", "learner_documents", "learners_closed", "guardian_documents", "staff_documents"} <= set(
        left
    )
    said = found.text("act.pdf")
    assert "Обучающиеся: особые сведения: не вошло" in said
    assert "У исполнителя нет права «Документы, СНИЛС, адреса и телефоны" in said


def test_special_facts_go_in_only_when_they_are_asked_for():
    everything = choose(lambda right: True, with_special=False)
    assert {part.code for part, _ in everything.left_out} == {one.code for one in PARTS.values() if one.is_special}
    assert {why for _, why in everything.left_out} == {"Не заказано."}
    nothing = choose(lambda right: False, with_special=True)
    assert nothing.parts == ()


def test_of_a_day_only_who_was_here_on_it_is_listed(school):
    with school.work():
        gone, here = factories.student(last_name="Ушедший"), factories.student(last_name="Здешний")
        factories.enroll(gone, here, into=factories.group("5А"))
        factories.withdraw(gone, day=D(2026, 10, 1))
        names = {}
        spans = Span.of_day(D(2026, 9, 30)), Span.of_day(D(2026, 10, 1)), Span.of_year(2026, D(2026, 11, 1))
        for span in spans:
            names[str(span)] = [row[1].split()[0] for row in PARTS["learners"].rows(span)]
            listed = [row[3].split()[0] for row in PARTS["class_lists"].rows(span)]
            assert sorted(listed) == sorted(names[str(span)])
        assert list(names.values()) == [["Здешний", "Ушедший"], ["Здешний"], ["Здешний", "Ушедший"]]
        assert not list(PARTS["learners"].rows(Span.of_year(2024, D(2026, 11, 1))))
