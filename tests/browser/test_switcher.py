"""One person, two workplaces: the switcher takes him from his school to the municipal office and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import PASSWORD
from tests.running import asuso

LOGIN = "nina"


@pytest.fixture
def nina(site):
    """A deputy of school 1 who also works in the municipal office."""
    who = ("--login", LOGIN, "--last-name", "Нилова", "--password", PASSWORD)
    asuso(site.data_dir, "users", "create", *who, "--role", "deputy_uvr", "--organization", "school-1")
    office = ("--role", "mun_specialist", "--authority", "office-03608000")
    asuso(site.data_dir, "users", "grant", "--login", LOGIN, *office)
    return LOGIN


def test_a_person_with_two_places_moves_between_hosts_and_works_in_both(visit, nina):
    visit.sign_in("school-1", nina)
    page = visit.page
    move(visit, "Муниципальный")
    expect(page).to_have_url(visit.site.url("municipality"))
    page.get_by_role("link", name="СОШ № 1", exact=True).click()
    expect(page.get_by_text("только чтение")).to_be_visible()

    move(visit, "СОШ № 1")
    expect(page).to_have_url(visit.site.url("school-1"))
    page.get_by_role("link", name="Обучающиеся", exact=True).click()
    expect(page.get_by_role("heading", name="Обучающиеся", exact=True)).to_be_visible()
    assert visit.go("region").url == visit.site.url("region", "/login/?next=%2F"), "no place, no entry"
    assert visit.complaints == []


def move(visit, place: str) -> None:
    visit.page.locator(".sidebar__org").click()
    visit.page.locator("#places").get_by_role("button", name=place).click()
