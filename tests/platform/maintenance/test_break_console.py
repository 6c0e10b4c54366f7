"""Breaks in the operator's console: from the announcement to the end, by buttons. Source: R-277, R-278."""

from __future__ import annotations

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from shared.maintenance.models import MaintenanceBreak, Stage
from tests.support import client_of

HOST = "operator.localhost"
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def operator(school):
    return client_of(HOST, "oleg")


def at(after: datetime.timedelta) -> str:
    return f"{timezone.localtime() + after:%d.%m.%Y %H:%M}"


def announced(operator, *, after: datetime.timedelta = HOUR, **typed: str) -> MaintenanceBreak:
    data = {"kind": "planned", "reason": "Замена диска", "planned_start": at(after), "planned_end": at(after + HOUR)}
    answer = operator.post("/maintenance/announce/", data | typed)
    assert answer.status_code == 302, answer.content.decode()
    return MaintenanceBreak.objects.get(pk=answer.url.strip("/").split("/")[-1])


@pytest.mark.proves("R-277", "R-278")
def test_a_break_from_its_announcement_to_its_end(operator):
    one = announced(operator)
    page = f"/maintenance/{one.pk}/"
    assert "Начать перерыв" in operator.get(page).content.decode()
    assert operator.post(f"{page}start/").status_code == 302
    closing = operator.get(f"{page}state/?stage=closing")
    assert "hx-post" in closing.content.decode()
    assert "HX-Refresh" not in closing.headers
    settled = operator.post(f"{page}settle/?stage=closing")
    assert settled.headers["HX-Refresh"] == "true"
    assert "Сведения неизменны с" in settled.content.decode()

    early = operator.post(f"{page}announce-end/", {"end-ends_at": at(10 * MINUTE)})
    assert early.status_code == 422
    assert "не позднее чем за 15 минут" in early.content.decode()
    assert operator.post(f"{page}end/").status_code == 422
    assert operator.post(f"{page}announce-end/", {"end-ends_at": at(17 * MINUTE)}).status_code == 302
    refused = operator.post(f"{page}end/")
    assert refused.status_code == 422
    assert "Завершите его в это время или позже" in refused.content.decode()
    assert operator.post(f"{page}extend/", {"until-planned_end": at(5 * HOUR)}).status_code == 302
    assert "перерыв" in operator.get(page).content.decode()
    one.refresh_from_db()
    assert (one.stage, one.ends_at, one.announced_by) == (Stage.RUNNING, None, "Oleg Тест")


def test_an_announced_end_is_offered_early_enough(operator):
    answer = operator.post("/maintenance/announce/", {"kind": "failure", "reason": "Отказ диска"})
    page = answer.url
    form = operator.get(page).context["end_form"]
    offered = form.initial["ends_at"]
    assert operator.post(f"{page}announce-end/", {"end-ends_at": offered}).status_code == 302


def test_the_second_operator_reads_who_was_first(operator, school):
    one = announced(operator)
    assert operator.post(f"/maintenance/{one.pk}/start/").status_code == 302
    second = operator.post(f"/maintenance/{one.pk}/start/")
    assert second.status_code == 422
    assert "уже начат: Oleg Тест" in second.content.decode().replace("\xa0", " ")
    assert operator.post(f"/maintenance/{one.pk}/withdraw/").status_code == 422


def test_a_planned_break_is_called_off(operator):
    one = announced(operator)
    assert operator.post(f"/maintenance/{one.pk}/withdraw/").status_code == 302
    assert "Отменён" in operator.get("/maintenance/").content.decode()


def test_what_is_missing_is_said_and_what_was_typed_stays(operator):
    answer = operator.post("/maintenance/announce/", {"kind": "planned", "reason": "Замена диска"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Плановому перерыву нужны начало и окончание" in page
    assert "Замена диска" in page
    past = operator.post(
        "/maintenance/announce/",
        {"kind": "planned", "reason": "Р", "planned_start": at(-HOUR), "planned_end": at(HOUR), "organization": "нет"},
    )
    assert "Организации с адресом «нет» нет" in past.content.decode()


def test_one_organization_may_be_named(operator, school):
    one = announced(operator, organization=school.organization.slug)
    assert (one.organization_id, one.place) == (school.organization.pk, school.organization.number)


def test_the_register_is_a_file_with_the_imprint(operator):
    announced(operator)
    answer = operator.get("/maintenance/list.xlsx")
    cells = [cell.value for row in load_workbook(io.BytesIO(answer.content)).active for cell in row if cell.value]
    assert "Замена диска" in cells
    assert any("Oleg Тест" in str(cell) for cell in cells)


def test_the_list_asks_the_same_number_of_queries_whatever_it_holds(operator, django_assert_num_queries):
    announced(operator)
    with CaptureQueriesContext(connection) as few:
        assert operator.get("/maintenance/").status_code == 200
    asked = len(few)
    for number in range(2, 6):
        announced(operator, after=3 * number * HOUR)
    with django_assert_num_queries(asked):
        operator.get("/maintenance/")


def test_an_unknown_break_does_not_exist(operator):
    assert operator.get("/maintenance/100500/").status_code == 404


def test_an_empty_register_says_so(operator):
    assert "Перерывов не было" in operator.get("/maintenance/").content.decode()
