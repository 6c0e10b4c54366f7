"""From the skip link to the main action without a mouse, as the help window of the pages promises."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("contingent")


@pytest.mark.parametrize(
    ("name", "login", "path"),
    [("school-1", "anna", "/students/"), ("region", "marina", "/registry/")],
    ids=["learners", "registry"],
)
def test_a_list_is_walked_from_the_skip_link_to_a_learner(signed_in, name, login, path):
    visit = signed_in(name, login)
    visit.go(name, path)
    page, keys = visit.page, visit.page.keyboard

    keys.press("Tab")
    expect(page.get_by_role("link", name="Перейти к содержанию")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()

    keys.press("/")
    search = page.locator("[data-asuso-search]")
    expect(search).to_be_focused()
    keys.type("журавлев")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(2)
    while not page.evaluate("document.activeElement.matches('tbody tr')"):
        keys.press("Tab")
    expect(rows.first).to_be_focused()

    keys.press("ArrowDown")
    expect(rows.last).to_be_focused()
    keys.press("ArrowUp")
    keys.press("ArrowRight")
    panel = page.get_by_role("complementary", name="Обучающийся")
    expect(panel).to_contain_text("Журавлёв")
    keys.press("Escape")
    expect(panel).to_be_hidden()
    expect(rows.first).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Журавлёв").first).to_be_attached()
    expect(search).to_have_count(0)
    assert visit.complaints == []
