"""«Справочники» on the hosts of the region, a municipality and an organization. Source: R-115, R-117, R-207."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.classifiers.books import GENERAL_KNOWLEDGE, books
from shared.classifiers.models import ClassifierValue
from tests.shared.classifiers.keeping import MUNICIPALITY, REGION, add, ministry, office, officer, row
from tests.support import client_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def keeper(school, other_school):
    """The administrator of the ministry."""
    return officer("rita", "region_admin", "ministry-03")


@pytest.fixture
def administrator(school):
    return client_of(school.host, "org_admin")


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def sheet(response) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))


def new(label: str, day: datetime.date, **facts: str) -> dict[str, str]:
    return {"label": label, "valid_from": f"{day:%d.%m.%Y}", "after": "", **facts}


@pytest.mark.proves("R-207")
def test_every_classifier_stands_in_the_list_with_its_origin(keeper):
    page = text_of(keeper.get("/classifiers/"))
    for book in books().values():
        assert f"/classifiers/{book.name}/" in page
    assert GENERAL_KNOWLEDGE in page
    assert "никто: по кодам считает программа" in page


@pytest.mark.parametrize("asked", ["внедрение", "%00", "'; select"])
def test_nothing_found_says_so(keeper, asked):
    assert "Справочник не нашли" in text_of(keeper.get(f"/classifiers/?q={asked}"))


def test_a_classifier_is_found_by_its_title_its_code_and_a_value(keeper):
    for asked in ("степень родства", "guardian_relation", "МАЧЕХА"):
        page = text_of(keeper.get("/classifiers/", {"q": asked}, headers=HTMX))
        assert "/classifiers/guardian_relation/" in page
        assert "<html" not in page
        assert "/classifiers/sex/" not in page


@pytest.mark.proves("R-115", "R-207")
def test_the_region_adds_a_value_and_a_school_sees_and_cannot_change_it(keeper, administrator, today):
    form = text_of(keeper.get("/classifiers/staff_position/add/"))
    assert "Считать так же, как" in form
    sent = new("Тьютор", today, like="teacher", other_names="Тьютер\nНаставник класса")
    answer = keeper.post("/classifiers/staff_position/add/", sent)
    assert answer.headers["Location"] == "/classifiers/staff_position/"
    page = text_of(keeper.get(answer.headers["Location"] + "?q=тьютор"))
    assert "Значение «Тьютор» добавлено." in page
    assert "также: Тьютер; Наставник класса" in page
    assert "создание записи" in page
    value = ClassifierValue.objects.get(code="r_tiutor")
    there = text_of(administrator.get("/classifiers/staff_position/?q=тьютор"))
    assert "Тьютор" in there
    assert str(value.pk) not in there
    for part in ("name", "term", "names"):
        assert administrator.get(f"/classifiers/staff_position/{value.pk}/{part}/").status_code == 404
        assert administrator.post(f"/classifiers/staff_position/{value.pk}/{part}/").status_code == 404
    assert administrator.get("/classifiers/staff_position/add/").status_code == 403


@pytest.mark.proves("R-207")
def test_a_school_adds_a_value_for_itself_and_another_never_sees_it(school, other_school, keeper, today):
    administrator = client_of(school.host, "org_admin")
    assert administrator.post("/classifiers/subject/add/", new("Азбука юнги", today)).status_code == 302
    assert "Азбука юнги" in text_of(administrator.get("/classifiers/subject/"))
    assert "организации: 1" in text_of(administrator.get("/classifiers/?q=subject"))
    value = "l_azbuka_iungi"
    vera = client_of(other_school.host, "vera")
    for client in (vera, keeper, client_of(MUNICIPALITY, "boris")):
        assert "Азбука юнги" not in text_of(client.get("/classifiers/subject/?state=all"))
        assert value not in str(sheet(client.get("/classifiers/subject/export.xlsx")))
        assert "организации: 1" not in text_of(client.get("/classifiers/"))


def test_a_value_of_another_school_does_not_exist(school, other_school, administrator):
    with office(other_school) as there:
        value = add(there, "subject", "Азбука юнги")
    with office(school) as here:
        own = add(here, "subject", "Азбука юнги")
    assert administrator.get(f"/classifiers/subject/{value.pk}/name/").status_code == 404
    assert administrator.post(f"/classifiers/subject/{value.pk}/term/", {"version": 1}).status_code == 404
    assert administrator.get(f"/classifiers/subject/{own.pk}/name/").status_code == 200
    assert administrator.get(f"/classifiers/sex/{own.pk}/name/").status_code == 404


@pytest.mark.proves("R-115")
def test_a_name_changes_from_a_day_and_the_page_shows_both(keeper, today):
    value = row("marital_status", "married")
    path = f"/classifiers/marital_status/{value.pk}/name/"
    assert "О перемене предупреждают за 10 дней" in text_of(keeper.get(path))
    sent = {"label": "В браке", "valid_from": f"{today:%d.%m.%Y}", "version": value.version, "act": "Приказ № 7"}
    assert keeper.post(path, sent).status_code == 302
    page = text_of(keeper.get("/classifiers/marital_status/?state=all"))
    assert "Приказ № 7" in page
    assert page.count("Состоит в браке") > 1
    history = page.partition("История изменений")[2]
    assert "Не действует с" in history
    assert "Rita" in history


def test_the_second_of_two_pages_is_told_and_keeps_what_was_typed(keeper, today):
    value = row("social_status", "chernobyl")
    path = f"/classifiers/social_status/{value.pk}"
    day = f"{today:%d.%m.%Y}"
    assert keeper.post(f"{path}/term/", {"version": 1, "last_day": day, "act": ""}).status_code == 302
    page = text_of(keeper.post(f"{path}/names/", {"version": 1, "other_names": "Чернобыльцы"}), 422)
    assert "изменил другой сотрудник: Rita" in page
    assert "Чернобыльцы" in page
    assert "по " + day in text_of(keeper.get("/classifiers/social_status/"))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"label": ""}, "Поле «Название» пустое"),
        ({"label": "—"}, "нет ни буквы, ни цифры"),
        ({"label": "Азбука\u200b"}, "невидимые знаки"),
        ({"label": "я" * 301}, "300"),
        ({"label": "Физика"}, "уже означает «Физика»"),
        ({"valid_from": "31.02.2026"}, "Введите правильную дату"),
        ({"valid_from": "01.01.1200"}, "Дата вне пределов"),
        ({"last_day": "01.01.2000"}, "раньше первого"),
        ({"after": "nothing"}, "nothing"),
        ({"other_names": "\n".join(f"Имя {number}" for number in range(30))}, "Больше 20 других названий"),
        ({"other_names": "химия"}, "«химия» уже означает «Химия»"),
    ],
)
def test_bad_input_is_answered_in_russian_on_the_same_page(keeper, today, facts, words):
    page = text_of(keeper.post("/classifiers/subject/add/", {**new("Азбука юнги", today), **facts}), 422)
    assert words in page


def test_a_closed_classifier_says_why_and_takes_no_value(keeper, today):
    assert "Справочник закрыт для новых значений" in text_of(keeper.get("/classifiers/sex/"))
    assert "/classifiers/sex/add/" not in text_of(keeper.get("/classifiers/sex/"))
    assert keeper.get("/classifiers/sex/add/").status_code == 403
    assert keeper.post("/classifiers/sex/add/", new("Иной", today)).status_code == 403


@pytest.mark.parametrize(
    ("login", "host"), [("marina", REGION), ("boris", MUNICIPALITY), ("anna", ""), ("coordinator", "")]
)
def test_whoever_may_only_read_finds_no_way_to_change(school, login, host, today):
    client = client_of(host or school.host, login)
    page = text_of(client.get("/classifiers/subject/"))
    assert "Добавить" not in page
    assert "Переименовать" not in page
    assert "История изменений" not in page
    value = row("subject", "physics")
    for address in ("add/", f"{value.pk}/name/", f"{value.pk}/term/", f"{value.pk}/names/"):
        for answer in (client.get(f"/classifiers/subject/{address}"), client.post(f"/classifiers/subject/{address}")):
            assert answer.status_code == (404 if host == MUNICIPALITY else 403)


def test_a_teacher_has_no_right_to_the_settings(school):
    assert client_of(school.host, "teacher").get("/classifiers/").status_code == 403


def test_another_branch_of_the_region_only_reads(school, other_school, today):
    other = officer("kolya", "region_admin", "culture-03")
    assert "Добавить" not in text_of(other.get("/classifiers/subject/"))
    assert other.post("/classifiers/subject/add/", new("Азбука юнги", today)).status_code == 403


def test_where_the_installation_names_its_region_another_ministry_only_reads(keeper, settings, today):
    settings.REGION = "63"
    assert keeper.post("/classifiers/subject/add/", new("Азбука юнги", today)).status_code == 403
    settings.REGION = "03"
    assert keeper.post("/classifiers/subject/add/", new("Азбука юнги", today)).status_code == 302


@pytest.mark.parametrize("path", ["nothing/", "nothing/export.xlsx", "nothing/add/"])
def test_an_unknown_classifier_is_not_found(keeper, path):
    assert keeper.get(f"/classifiers/{path}").status_code == 404


def test_the_files_have_a_line_for_every_classifier_and_value(keeper):
    titles = {line[0] for line in sheet(keeper.get("/classifiers/export.xlsx"))}
    assert {book.title for book in books().values()} <= titles
    lines = sheet(keeper.get("/classifiers/sex/export.xlsx"))
    assert [line[:2] for line in lines if line[1] in ("M", "F")] == [("Мужской", "M"), ("Женский", "F")]
    assert len(sheet(keeper.get("/classifiers/country/export.xlsx?q=россия"))) < 10


@pytest.mark.parametrize("place", ["region", "organization"])
def test_the_pages_cost_the_same_for_few_and_for_many_values(school, keeper, administrator, place):
    client = keeper if place == "region" else administrator

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    paths = ("/classifiers/", "/classifiers/subject/", "/classifiers/subject/?state=all&q=а")
    few = [cost(path) for path in paths]
    with ministry() as ours:
        for number in range(5):
            add(ours, "subject", f"Предмет {number}")
    with office(school) as own:
        for number in range(5):
            add(own, "subject", f"Свой предмет {number}")
    assert [cost(path) for path in paths] == few
