"""The second factor in a real browser: an app by its secret, a key by Chromium's own virtual authenticator."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.people import PASSWORD
from tests.running import asuso

pytestmark = pytest.mark.proves("R-030", "R-097", "R-287", "R-352")


@pytest.fixture
def newcomer(site):
    """A person of school 1 without a second factor; each test has its own."""

    def come(login: str, role: str = "teacher") -> str:
        who = ("--login", login, "--last-name", "Ключников", "--password", PASSWORD)
        asuso(site.data_dir, "users", "create", *who, "--role", role, "--organization", "school-1")
        return login

    return come


def accessible(visit) -> None:
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    width = visit.page.viewport_size["width"]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def give_a_key(visit) -> None:
    """A security key that answers by itself, as if it were touched."""
    devtools = visit.page.context.new_cdp_session(visit.page)
    devtools.send("WebAuthn.enable", {"enableUI": False})
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False}
    options |= {"automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_administrator_connects_an_app_at_the_first_entry_and_gives_its_code_at_the_next(any_size, newcomer):
    login = newcomer(f"app-{any_size.page.viewport_size['width']}", "org_admin")
    page = any_size.page
    any_size.go("school-1", "/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button:text-is('Войти')")
    expect(page.get_by_role("heading", name="Подключите второй фактор")).to_be_visible()
    expect(page.locator(".qr svg")).to_be_visible()
    accessible(any_size)
    any_size.connect_app(login)
    assert page.url == any_size.site.url("school-1")
    any_size.go("school-1", "/account/")
    accessible(any_size)
    page.context.clear_cookies()
    any_size.sign_in("school-1", login)
    assert page.url == any_size.site.url("school-1")
    assert any_size.complaints == []


def test_a_key_is_connected_and_signs_in(visit, newcomer):
    login = newcomer("key-holder")
    visit.sign_in("school-1", login)
    give_a_key(visit)
    page = visit.page
    visit.go("school-1", "/second-factor/new/")
    page.fill("input[name=name]", "брелок")
    page.get_by_role("button", name="Подключить ключ").click()
    expect(page.get_by_role("heading", name="Сохраните резервные коды")).to_be_visible()
    accessible(visit)
    expect(page.locator("#codes li")).to_have_count(10)
    page.get_by_role("link", name="Коды сохранены, продолжить").click()
    visit.go("school-1", "/account/")
    expect(page.get_by_text("брелок").first).to_be_visible()
    page.context.clear_cookies()
    visit.go("school-1", "/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button:text-is('Войти')")
    expect(page.get_by_role("heading", name="Подтвердите вход")).to_be_visible()
    accessible(visit)
    page.get_by_role("button", name="Войти ключом").click()
    expect(page).to_have_url(visit.site.url("school-1"))
    assert visit.complaints == []


def test_two_computers_see_each_other_and_one_ends_the_other(visitor, newcomer):
    login = newcomer("two-desks")
    first = visitor("school-1", login)
    second = visitor("school-1", login)
    second.go("school-1", "/account/")
    second.page.get_by_role("button", name="Завершить все другие").click()
    expect(second.page.get_by_text("Все другие сеансы завершены.")).to_be_visible()
    first.go("school-1", "/account/")
    assert "/login/" in first.page.url


def test_slips_are_downloaded_from_the_list_and_noted_as_handed_over(any_size, newcomer):
    login = newcomer(f"slip-{any_size.page.viewport_size['width']}")
    any_size.sign_in("school-1", "org_admin")
    page = any_size.page
    any_size.go("school-1", "/credentials/")
    accessible(any_size)
    page.get_by_role("searchbox").fill(login)
    page.get_by_role("button", name="Найти", exact=True).click()
    page.locator("input[name=account]").check()
    with page.expect_download() as got:
        page.get_by_role("button", name="Выдать пароли").click()
    assert got.value.suggested_filename.startswith("Данные для входа")
    any_size.go("school-1", "/credentials/register/")
    page.get_by_text("Отметить").first.click()
    accessible(any_size)
    page.get_by_role("button", name="Вручено").first.click()
    expect(page.get_by_text("Отмечено: пароль вручён")).to_be_visible()
    assert any_size.complaints == []
