"""The main pages of every role at a desk and on a phone: they open, fit, break no policy and are accessible."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, Visit

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}, "resultTypes": ["violations"]}
# A star at the end: the page that the first row of that list leads to.
PAGES = {
    ("school-1", "secretary"): [
        *("/", "/students/", "/students/*", "/groups/", "/groups/*", "/orders/", "/orders/*", "/movement/"),
        *("/import/", "/import/*", "/import/new/", "/import/sealed/", "/import/sealed/*"),
    ],
    ("school-1", "anna"): [
        *("/", "/students/*", "/orders/*", "/forms/", "/forms/oo-1/", "/audit/", "/audit/access/", "/visits/"),
        *("/security/", "/security/review/", "/security/regulation/", "/security/incidents/new/"),
    ],
    ("school-1", "org_admin"): [
        *("/users/", "/users/*", "/users/new/", "/users/known/", "/rights/", "/rights/?role=nurse", "/rights/change/"),
        *("/rights/student_list.read/nurse/", "/duties/"),
    ],
    ("school-1", "teacher"): ["/", "/students/", "/groups/*", "/duties/"],
    ("municipality", "boris"): [
        *("/", "/organizations/school-1/", "/organizations/school-1/learners/", "/organizations/school-1/movement/"),
        "/forms/oo-1/",
    ],
    ("municipality", "galina"): ["/security/"],
    ("region", "marina"): ["/", "/registry/", "/registry/*", "/registry/counts/"],
    ("region", "zoya"): ["/", "/registry/counts/", "/forms/", "/forms/oo-1/"],
    ("operator", "oleg"): ["/", "/onboarding/", "/organizations/school-2/suspend/"],
}
pytestmark = pytest.mark.usefixtures("contingent")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
@pytest.mark.parametrize(("name", "login"), PAGES, ids=lambda word: word)
def test_pages_open_fit_and_are_accessible(signed_in, name, login, size):
    visit = signed_in(name, login, viewport=size)
    problems = [f"{path}: {problem}" for path in PAGES[name, login] for problem in problems_at(visit, name, path)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("name", "login", "path"), [("school-1", "anna", "/students/*"), ("region", "marina", "/")])
def test_pages_are_accessible_in_the_dark(signed_in, name, login, path):
    visit = signed_in(name, login, viewport=WIDE, color_scheme="dark")
    assert problems_at(visit, name, path) == []
    assert visit.page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_the_steps_of_an_order_fit_and_are_accessible(signed_in, size):
    visit = signed_in("school-1", "secretary", viewport=size)
    problems = problems_at(visit, "school-1", "/orders/new/enrollment/")
    visit.press(visit.page.get_by_role("button", name="Продолжить"))
    visit.press(visit.page.get_by_text("Новая карточка"))
    expect(visit.page.get_by_label("Фамилия").first).to_be_visible()
    problems += problems_of(visit)
    visit.page.goto(visit.page.url.replace("/learners/", "/check/"))
    assert problems + problems_of(visit) == []


def problems_at(visit: Visit, name: str, path: str) -> list[str]:
    answer = visit.go(name, path.removesuffix("*"))
    if path.endswith("*"):
        visit.press(visit.page.locator("main tbody a").first)
        visit.page.wait_for_load_state()
    problems = [] if answer.status == 200 else [f"status {answer.status}"]
    return problems + problems_of(visit)


def problems_of(visit: Visit) -> list[str]:
    """What the browser, a ruler and axe have against the page that is open."""
    page = visit.page
    expect(page.locator(".htmx-request")).to_have_count(0)
    width = page.evaluate("document.documentElement.scrollWidth")
    problems = [f"{width} px wide"] if width > page.viewport_size["width"] else []
    found = Axe().run(page, options=RULES)
    for violation in found.response["violations"]:
        where = ", ".join(node["html"][:160] for node in violation["nodes"][:3])
        problems.append(f"{violation['id']}: {where}")
    problems += visit.complaints
    visit.complaints.clear()
    return problems
