"""Pages of files: columns are chosen once, errors are marked in the cells, rights, queries, long files, two people."""

from __future__ import annotations

import io
import threading

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from shared.imports.tables import read_table
from shared.messaging.models import TaskOutbox
from tenants.cards.files import services
from tenants.cards.files.errors import CardsMoved
from tenants.cards.files.kinds import file_kinds
from tenants.cards.files.tasks import apply_cards, check_cards
from tenants.cards.models import CardFile, CardFileRow
from tenants.history.models import HistoryEvent
from tenants.people.models import Student
from tests.support import client_of, connect, person
from tests.tenants import factories
from tests.tenants.cards.files.bringing import CHILD, bring, csv_of, taken, text_of, upload, xlsx_of

FILES = "/cards/files/student/"


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def strange(row: dict[str, str]) -> dict[str, str]:
    """The same row under headers that nobody knows."""
    return {
        **{header: text for header, text in row.items() if header != "Имя"},
        "Как зовут": row["Имя"],
        "Кружок": "шахматы",
    }


@pytest.mark.proves("R-121")
def test_unknown_columns_are_chosen_once_and_remembered(school, secretary):
    page = upload(secretary, "student", csv_of(strange(CHILD)))
    assert page.endswith("/columns/")
    choice = text_of(secretary.get(page))
    assert "Как зовут" in choice
    assert "шахматы" in choice
    columns = [header for header in (*CHILD, "Как зовут") if header != "Имя"]
    headers = list(strange(CHILD))
    with school.work():
        run = CardFile.objects.get()
        chosen = {f"column_{index}": code for index, code in run.mapping.items()}
    assert len(columns) == len(chosen) + 1
    chosen[f"column_{headers.index('Как зовут')}"] = "first_name"
    twice = secretary.post(page, {**chosen, f"column_{headers.index('Кружок')}": "first_name"})
    assert twice.status_code == 422
    assert "выбрано для двух колонок" in text_of(twice)
    assert secretary.post(page, {}).status_code == 422
    checked = secretary.post(page, chosen)
    assert checked.status_code == 302
    assert secretary.post(f"{checked.headers['location']}apply/").status_code == 302
    with school.work():
        assert Student.objects.get().first_name == "Пётр"
    again = upload(secretary, "student", csv_of(strange({**CHILD, "Имя": "Олег", "Номер": "512347"})))
    assert not again.endswith("/columns/")
    with school.work():
        assert CardFileRow.objects.filter(run__status="staged").get().verdict == "new"


@pytest.mark.proves("R-121")
def test_errors_are_marked_in_the_cells_and_the_file_is_brought_again_as_it_is(school, secretary):
    rows = [list({**CHILD, "Пол": "?"}.values()), list({**CHILD, "Имя": "'=1+1", "Номер": "512346"}.values())]
    page = upload(secretary, "student", xlsx_of([*CHILD, "СНИЛС"], [*rows[0], "00123"], [*rows[1], ""]))
    response = secretary.get(f"{page}errors.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    sex, number = sheet.cell(2, headers.index("Пол") + 1), sheet.cell(2, headers.index("СНИЛС") + 1)
    assert sex.fill.fgColor.rgb.endswith("F8C9C9")
    assert "нет в справочнике" in sex.comment.text
    assert (number.value, number.number_format) == ("00123", "@")
    assert sheet.cell(2, 1).fill.fgColor.rgb == "00000000"
    assert sheet.cell(3, headers.index("Имя") + 1).data_type == "s"
    assert sheet.cell(3, headers.index("Имя") + 1).value == "=1+1"
    assert headers[-1] == "Ошибки строки"
    assert "Пол: «?» нет в справочнике" in sheet.cell(2, len(headers)).value
    sex.value, number.value = "Мужской", ""
    stream = io.BytesIO()
    book.save(stream)
    again = upload(secretary, "student", SimpleUploadedFile("ошибки.xlsx", stream.getvalue()))
    with school.work():
        run = CardFile.objects.order_by("made_at").last()
        assert run.notes == []
        assert CardFileRow.objects.get(run=run, number=2).verdict == "new"
    assert "не похоже на имя" in text_of(secretary.get(again))


def test_the_file_for_editing_offers_lists_and_explains_its_columns(school, secretary):
    with school.work():
        factories.student(snils="00123456789", last_name="=Соколов", phone="+7 918 000-11-22")
    book = taken(secretary, "student")
    cards, about, books = book.worksheets
    assert (cards.title, about.title, books.title) == ("Карточки", "Пояснения", "Справочники")
    assert cards.freeze_panes == "A2"
    headers = [cell.value for cell in cards[1]]
    name, number = cards.cell(2, headers.index("Фамилия") + 1), cards.cell(2, headers.index("СНИЛС") + 1)
    assert (name.value, name.data_type, name.quotePrefix) == ("=Соколов", "s", True)
    assert (number.data_type, number.number_format) == ("s", "@")
    assert len(cards.data_validations.dataValidation) >= 5
    explained = [[cell.value for cell in row] for row in about.iter_rows()]
    line = next(row for row in explained if row[0] == "Тип документа")
    assert line[2] == "обязательно"
    assert "Свидетельство о рождении" in line[5]
    assert "R-186" in line[6]
    empty = secretary.get(f"{FILES}template.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(empty.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == headers
    assert sheet.max_row == 1


@pytest.mark.proves("R-053")
def test_taking_the_cards_away_is_logged_and_many_of_them_want_a_second_signature(school, secretary, settings):
    with school.work():
        for _ in range(2):
            factories.student()
    taken(secretary, "student")
    with school.work():
        event = HistoryEvent.objects.filter(action="exported").latest("id")
        assert (event.rows, event.facts["identity"], event.facts["purpose"]) == (2, True, "edit")
    settings.BULK_EXPORT_PERSONS = 1
    for extension in ("xlsx", "csv"):
        refused = secretary.get(f"{FILES}edit.{extension}")
        assert refused.status_code == 403
        assert "Нужна вторая подпись" in text_of(refused)


def test_special_facts_are_never_in_a_file(school, secretary):
    headers = [cell.value for cell in taken(secretary, "student").worksheets[0][1]]
    assert not {"ОВЗ", "Инвалидность", "Группа здоровья", "Социальное положение"} & set(headers)


def test_a_csv_keeps_formulas_harmless_and_comes_back_equal(school, secretary):
    with school.work():
        factories.student(phone="+7 918 000-11-22", birth_place="=1+1")
    response = secretary.get(f"{FILES}edit.csv")
    text = response.content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "'+7 918 000-11-22" in text
    page = upload(secretary, "student", SimpleUploadedFile("карточки.csv", response.content))
    assert secretary.get(page).status_code == 200
    with school.work():
        assert CardFile.objects.get().summary["same"] == 1


@pytest.mark.parametrize("address", [FILES, f"{FILES}new/", "/cards/files/staff/", "/cards/files/organization/new/"])
def test_a_teacher_is_refused(school, address):
    assert client_of(school.host, "teacher").get(address).status_code == 403


def test_who_loads_the_contingent_without_seeing_documents_takes_none_away(school, secretary):
    with school.work():
        student = factories.student(snils="11223344595", phone="+7 918 000-11-22", home_pc=True)
    coordinator = client_of(school.host, "coordinator")
    assert coordinator.get(f"{FILES}edit.xlsx").status_code == 403
    assert "Выгрузить для правки" not in text_of(coordinator.get(FILES))
    row = {"Ключ": str(student.pk), "Домашний телефон": "+7 918 000-99-99", "Наличие ПК дома": "нет"}
    page = upload(coordinator, "student", csv_of(row))
    shown = text_of(coordinator.get(page))
    assert "+7 918 000-99-99" in shown
    assert "000-11-22" not in shown
    assert "<del>да</del> → <ins>нет</ins>" in shown
    admin = client_of(school.host, "org_admin")
    assert "000-99-99" not in text_of(admin.get(page))
    assert admin.get(f"{page}errors.xlsx").status_code == 403


def test_another_schools_file_does_not_exist_here(school, other_school, secretary):
    page = upload(secretary, "student", csv_of(CHILD))
    assert client_of(other_school.host, "vera").get(page).status_code in (403, 404)


def test_a_file_of_one_kind_is_no_file_of_another(secretary):
    page = upload(secretary, "student", csv_of(CHILD))
    assert secretary.get(page.replace("student", "guardian")).status_code == 404


def test_pages_take_a_constant_number_of_queries(school, secretary, django_assert_max_num_queries):
    rows = [{**CHILD, "Имя": name, "Номер": f"51234{at}"} for at, name in enumerate(("Олег", "Егор", "Марк", "Глеб"))]
    page = upload(secretary, "student", csv_of(*rows))
    with django_assert_max_num_queries(16):
        secretary.get(page)
    with django_assert_max_num_queries(14):
        secretary.get(FILES)


def test_a_check_takes_a_constant_number_of_queries(school, django_assert_max_num_queries):
    kind = file_kinds()["student"]
    rows = [
        {**CHILD, "Имя": "".join(chr(ord("а") + int(sign)) for sign in f"{at}"), "Номер": f"{at:06d}", "СНИЛС": ""}
        for at in range(300)
    ]
    content = csv_of(*rows).read()
    with school.work():
        bringer = services.Bringer(
            account_id=factories.student().pk, signature="Секретарь", may_write=frozenset(kind.columns)
        )
        with django_assert_max_num_queries(20):
            run = services.stage(
                read_table(content, "x.csv"), kind=kind, file_name="x.csv", checksum="0" * 64, bringer=bringer
            )
        assert run.summary["new"] == 300


def test_a_long_file_is_checked_and_applied_by_the_worker_and_says_how_far_it_is(school, secretary, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 1)
    monkeypatch.setattr(services, "STEP_SECONDS", 0.0)
    monkeypatch.setattr("tenants.cards.files.staging.PORTION", 2)
    page = upload(secretary, "student", csv_of(*({**CHILD, "Имя": name, "Номер": number} for name, number in PEOPLE)))
    assert "0 из 3 строк" in text_of(secretary.get(page))
    run_wanted(school, check_cards)
    shown = secretary.get(f"{page}progress/")
    assert "2 из 3 строк" in text_of(shown)
    assert "HX-Refresh" not in shown.headers
    run_wanted(school, check_cards)
    assert secretary.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    secretary.post(f"{page}apply/", {"all_or_nothing": "on"})
    assert "Файл записывается" in text_of(secretary.get(page))
    for _ in range(2):  # a task may run twice
        run_wanted(school, apply_cards)
    with school.work():
        assert (CardFile.objects.get().status, Student.objects.count()) == ("applied", 3)


PEOPLE = (("Олег", "512346"), ("Егор", "512347"), ("Марк", "512348"))


def run_wanted(school, task) -> None:
    wish = TaskOutbox.objects.filter(name=task.name).order_by("wanted_at").last()
    with school.work("secretary"):
        task.run(**wish.arguments)


def test_an_undone_file_is_not_undone_twice(secretary):
    page = bring(secretary, "student", CHILD)
    secretary.post(f"{page}undo/")
    response = secretary.post(f"{page}undo/")
    assert response.status_code == 422
    assert "уже другое: отменён" in text_of(response)


def test_of_two_people_with_two_files_one_writes_and_the_other_is_told(committed):
    school = connect("card-files-race")
    person("card-files-secretary", "secretary", school=school)
    client = client_of(school.host, "card-files-secretary")
    with school.work():
        student = factories.student(phone="")
    pages = [
        upload(client, "student", csv_of({"Ключ": str(student.pk), "Домашний телефон": f"+7 918 000-11-2{one}"}))
        for one in (1, 2)
    ]
    answers: list[object] = []

    def apply(page: str) -> None:
        try:
            with school.work():
                run = CardFile.objects.get(pk=page.rstrip("/").rpartition("/")[2])
                answers.append(
                    services.apply_or_mark(run, all_or_nothing=False, skip_moved=False, by="Секретарь").status
                )
        except CardsMoved as moved:
            answers.append(type(moved))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=apply, args=[page]) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == sorted(map(str, ["applied", CardsMoved]))


def test_the_batch_of_a_file_is_undone_in_one_place(school, secretary):
    page = bring(secretary, "student", CHILD)
    with school.work():
        batch = CardFile.objects.get().batch
    change = f"/cards/student/changes/{batch.pk}/"
    shown = text_of(secretary.get(change))
    assert f'href="{page}"' in shown
    assert "Отменить изменение" not in shown
    assert secretary.post(f"{change}undo/", {"reason": "не тот файл"}).status_code == 302
    with school.work():
        run = CardFile.objects.get()
        assert (run.status, run.undone_by, run.rows.count()) == ("undone", "Secretary Тест", 0)
        assert not Student.objects.known().exists()
    response = secretary.post(f"{page}undo/")
    assert response.status_code == 422
    assert "уже другое: отменён" in text_of(response)
