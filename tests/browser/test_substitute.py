"""JOURNEYS: the administrator gives a substitute teacher one class until Friday by order № 41, in five clicks."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("contingent")


@pytest.mark.proves("R-060", "R-102", "R-163", "R-238")
def test_a_substitute_gets_one_class_until_friday_in_five_clicks(signed_in):
    visit = signed_in("school-1", "org_admin")
    visit.go("school-1", "/")
    page, visit.clicks = visit.page, 0
    friday = f"{datetime.date.today() + datetime.timedelta(days=4):%d.%m.%Y}"
    visit.press(page.get_by_role("link", name="Пользователи"))
    page.get_by_placeholder("Фамилия, имя или логин").fill("teacher")
    row = page.get_by_role("row", name="Teacher Тест")
    expect(page.get_by_role("heading", name="1 человек")).to_be_visible()
    visit.press(row.get_by_role("link", name="Назначить"))
    page.get_by_label("Роль").select_option("class_teacher")
    visit.clicks += 1  # a choice from the list
    visit.press(page.locator("input[name=groups]").first)
    page.get_by_label("№ приказа").fill("41")
    page.get_by_label("Дата приказа").fill(f"{datetime.date.today():%d.%m.%Y}")
    page.get_by_label("По день включительно").fill(friday)
    visit.press(page.get_by_role("button", name="Назначить"))
    given = page.get_by_role("row", name="Классный руководитель")
    expect(given).to_contain_text("приказ № 41")
    expect(given).to_contain_text(f"по {friday} включительно")
    assert visit.clicks == 5
    assert visit.complaints == []
