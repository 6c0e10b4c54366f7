"""A new learner with two representatives without a mouse: from the list to the card, in the order of the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("contingent")

MOST_TABS = 60
CHILD = {
    "last_name": "Клавишин",
    "first_name": "Семён",
    "patronymic": "Ильич",
    "birth_date": "14.03.2016",
}
GUARDIANS: list[dict[str, str | int]] = [
    {"last_name": "Клавишина", "first_name": "Мария", "relation": 1, "phone": "8 918 123 45 67"},
    {"last_name": "Клавишин", "first_name": "Илья", "relation": 2, "phone": "8 918 123 45 68"},
]


class Typist:
    """Only keys: goes forward by Tab until the field of a name has the focus."""

    def __init__(self, page) -> None:
        self.page, self.keys = page, page.keyboard

    def reach(self, condition: str) -> None:
        for _ in range(MOST_TABS):
            if self.page.evaluate(f"(() => {{ const e = document.activeElement; return {condition}; }})()"):
                return
            self.keys.press("Tab")
        raise AssertionError(f"not reached by Tab: {condition}")

    def field(self, name: str, value: str | int) -> None:
        """A text is typed, a number is how far down the list the choice stands."""
        self.keys.press("Tab")
        self.reach(f"e.name === '{name}'")
        if isinstance(value, str):
            self.keys.type(value)
            return
        for _ in range(value):
            self.keys.press("ArrowDown")

    def press(self, words: str) -> None:
        self.reach(f"e.textContent.trim().startsWith('{words}')")
        self.keys.press("Enter")


@pytest.mark.proves("R-364", "R-382")
def test_a_learner_and_two_guardians_are_entered_by_keys_alone(signed_in):
    visit = signed_in("school-1", "secretary")
    visit.go("school-1", "/students/")
    page, typist = visit.page, Typist(visit.page)

    typist.press("Новый ученик")
    expect(page.get_by_role("heading", name="Новый ученик")).to_be_visible()
    typist = Typist(page)
    for name, text in CHILD.items():
        typist.field(name, text)
    typist.field("sex", " ")
    expect(page.locator("#same")).to_contain_text("Похожих карточек в организации нет")
    expect(page.locator("#same")).to_contain_text("В реестре региона такого человека")
    expect(page.locator("#file-no-hint")).to_contain_text("№ К-")
    typist.field("doc_type", 1)
    typist.field("doc_series", "IV-АГ")
    typist.field("doc_number", "654321")
    typist.field("registration_address", "г. Белореченск, ул. Садовая, д. 18")
    for number, guardian in enumerate(GUARDIANS):
        for name, text in guardian.items():
            typist.field(f"guardians-{number}-{name}", text)
    typist.field("consent_on", "01.10.2026")
    typist.press("Завести карточку")

    expect(page.get_by_role("heading", name="Клавишин Семён Ильич")).to_be_visible()
    expect(page.get_by_text("личное дело № К-")).to_be_visible()
    aside = page.get_by_role("complementary", name="Сводка карточки")
    expect(aside).to_contain_text("Клавишина Мария")
    expect(aside).to_contain_text("Клавишин Илья")
    assert visit.complaints == []


def test_a_refusal_keeps_everything_and_the_known_child_is_shown(signed_in):
    visit = signed_in("school-1", "secretary")
    visit.go("school-1", "/students/new/")
    page, typist = visit.page, Typist(visit.page)
    for name, text in {"last_name": "Журавлев", "first_name": "Артем", "birth_date": "01.01.2010"}.items():
        typist.field(name, text)
    typist.keys.press("Tab")
    expect(page.locator("#same")).to_contain_text("Журавлёв")
    typist.press("Завести карточку")
    expect(page.get_by_text("Укажите дату согласия").first).to_be_visible()
    expect(page.locator("[name=first_name]")).to_have_value("Артем")
