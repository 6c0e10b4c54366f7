"""Every host answers a browser, people get in, and nothing breaks on the way."""

import pytest
from axe_playwright_python.sync_playwright import Axe

HOSTS = ["", "services", "training", "municipality", "region", "operator", "school-1", "school-2"]


def test_every_host_answers_with_its_sign_in_page(visit):
    for name in HOSTS:
        assert visit.go(name, "/login/").status == 200
        assert visit.page.get_by_role("heading", name="Вход в систему").is_visible()
    assert visit.complaints == []


def test_the_sign_in_page_is_accessible_and_fits(any_size):
    any_size.go("school-1", "/login/")
    found = Axe().run(any_size.page)
    assert found.violations_count == 0, found.generate_report()
    assert any_size.page.evaluate("document.documentElement.scrollWidth") <= any_size.page.viewport_size["width"]
    assert any_size.complaints == []


@pytest.mark.parametrize("name", ["", "services"])
def test_public_pages_are_clean_and_accessible(any_size, name):
    any_size.go(name)
    any_size.page.get_by_role("searchbox").fill("белореченск")
    any_size.page.get_by_text("Найдено").wait_for()
    assert any_size.page.get_by_role("link", name="СОШ № 1").get_attribute("href") == any_size.site.url("school-1")
    assert any_size.page.get_by_role("link", name="СОШ № 2").count() == 0
    found = Axe().run(any_size.page)
    assert found.violations_count == 0, found.generate_report()
    width = any_size.page.viewport_size["width"]
    assert any_size.page.evaluate("document.documentElement.scrollWidth") <= width
    assert any_size.complaints == []


@pytest.mark.parametrize(
    ("name", "login"),
    [("school-1", "anna"), ("municipality", "boris"), ("region", "marina"), ("operator", "oleg"), ("training", "vera")],
)
def test_people_get_in(visit, name, login):
    visit.sign_in(name, login)
    assert visit.page.url == visit.site.url(name)
    assert visit.complaints == []


def test_an_unknown_host_does_not_exist(visit):
    assert visit.go("nobody").status == 404
