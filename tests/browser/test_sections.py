"""A section of a card is filled in by keyboard alone; what is typed outlives the page; a phone holds it all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.usefixtures("contingent")


def open_card(visit, name: str) -> Page:
    """The sections of a learner's card, found as a person finds them."""
    page = visit.page
    visit.go("school-1", "/students/")
    page.get_by_role("link", name=re.compile(name)).first.click()
    expect(page.get_by_role("heading", name="Личные сведения").first).to_be_visible()
    visit.go("school-1", f"/cards/student/{page.url.rstrip('/').rpartition('/')[2]}/")
    return page


def fits(page: Page) -> bool:
    """Whether nothing makes the page wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def draft_saved(page: Page) -> None:
    expect(page.get_by_text(re.compile("Черновик сохранён в"))).to_be_visible()


@pytest.mark.proves("R-091")
def test_a_section_is_opened_filled_and_saved_by_keyboard_alone(signed_in):
    visit = signed_in("school-1", "secretary")
    page, keys = open_card(visit, "Белова"), visit.page.keyboard
    section = page.locator("#section-identity")
    edit = section.get_by_role("link", name=re.compile("Изменить"))
    while not edit.evaluate("one => one === document.activeElement"):
        keys.press("Tab")
    keys.press("Enter")

    expect(section.get_by_label("Фамилия")).to_be_focused()
    keys.press("Tab")
    expect(section.get_by_label("Имя", exact=True)).to_be_focused()
    keys.press("ControlOrMeta+A")
    keys.type("Инесса")
    keys.press("Enter")

    expect(page.locator("#toast")).to_contain_text("сохранён")
    expect(section).to_contain_text("Инесса")
    expect(edit).to_be_focused()

    keys.press("Enter")
    expect(section.get_by_label("Фамилия")).to_be_focused()
    keys.press("Escape")
    expect(edit).to_be_focused()
    expect(section.locator("form")).to_have_count(0)
    assert visit.complaints == []


def test_save_and_go_on_moves_the_cursor_to_the_next_section_that_lacks_something(signed_in):
    visit = signed_in("school-1", "secretary")
    page = open_card(visit, "Журавлёв")
    section = page.locator("#section-identity")
    section.get_by_role("link", name=re.compile("Изменить")).click()
    section.get_by_role("button", name="Сохранить и дальше").click()
    following = page.locator("#section-document form")
    expect(following).to_be_visible()
    expect(following.get_by_label("Тип документа")).to_be_focused()
    expect(section.locator("form")).to_have_count(0)
    assert visit.complaints == []


def test_what_was_typed_is_found_again_after_a_reload(signed_in):
    visit = signed_in("school-1", "secretary")
    page = open_card(visit, "Журавлёва")
    section = page.locator("#section-personal_file")
    section.get_by_role("link", name="Изменить").click()
    section.locator("[name=personal_file_no]").fill("Ж-77")
    draft_saved(page)
    expect(section.locator("[name=personal_file_no]")).to_have_value("Ж-77")  # the form is still there to go on

    page.reload()
    expect(section).to_contain_text("не сохранён в карточке")
    section.get_by_role("link", name="Продолжить").click()
    expect(section).to_contain_text("Восстановлен черновик от")
    expect(section.locator("[name=personal_file_no]")).to_have_value("Ж-77")
    section.get_by_role("button", name="Отбросить").click()
    expect(section.locator("[name=personal_file_no]")).to_have_value("")
    assert visit.complaints == []


def test_what_was_typed_into_a_form_of_the_room_is_found_again_and_thrown_away(signed_in):
    visit = signed_in("school-1", "secretary")
    page = open_card(visit, "Белова")
    key = page.url.rstrip("/").rpartition("/")[2]
    visit.go("school-1", f"/students/{key}/address/new/")
    field = page.locator("[name=address]")
    field.fill("г. Анапа, ул. Морская, д. 1")
    draft_saved(page)
    expect(field).to_have_value("г. Анапа, ул. Морская, д. 1")

    visit.go("school-1", f"/students/{key}/address/new/")
    expect(page.get_by_text("Восстановлен черновик от")).to_be_visible()
    expect(field).to_have_value("г. Анапа, ул. Морская, д. 1")
    page.get_by_role("button", name="Продолжить").click()
    expect(page.get_by_text("Восстановлен черновик от")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Отбросить").click()
    expect(page.get_by_text("Восстановлен черновик от")).to_have_count(0)
    expect(field).to_have_value("")
    assert visit.complaints == []


def test_a_phone_holds_the_sections_and_the_form(signed_in):
    visit = signed_in("school-1", "secretary", viewport=PHONE)
    page = open_card(visit, "Белова")
    page.locator("#section-contacts").get_by_role("link", name="Изменить").click()
    expect(page.locator("#section-contacts form")).to_be_visible()
    assert fits(page)
    visit.go("school-1", "/students/")
    for box in page.locator("[data-asuso-select]").all()[:2]:
        box.check()
    keys = [box.get_attribute("value") for box in page.locator("[data-asuso-select]").all()[:2]]
    assert fits(page)
    page.get_by_role("button", name="Изменить у выбранных").click()
    page.get_by_role("button", name="Выбрать").click()
    page.select_option("[name=home_pc]", "нет")
    page.get_by_role("button", name="Показать, что изменится").click()
    expect(page.get_by_role("heading", name="Что изменится")).to_be_visible()
    assert fits(page)
    visit.go("school-1", f"/cards/student/same/{keys[0]}/{keys[1]}/")
    expect(page.get_by_role("button", name="Объединить")).to_be_visible()
    assert fits(page)
    assert visit.complaints == []
