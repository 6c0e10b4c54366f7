"""A stranger registers on the training host, at a desk and on a phone."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.people import PASSWORD


def _fits_and_is_accessible(visit) -> None:
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= visit.page.viewport_size["width"]


def test_a_stranger_registers_signs_in_and_sees_his_request(any_size):
    page, width = any_size.page, any_size.page.viewport_size["width"]
    login = f"newcomer-{width}"
    any_size.go("training", "/register/")
    page.get_by_label("Фамилия").fill("Новикова")
    page.get_by_label("Имя", exact=True).fill("Дарья")
    page.get_by_label("Дата рождения").fill(f"01.02.{1980 + width % 9}")
    page.get_by_label("Электронная почта").fill(f"{login}@example.org")
    page.get_by_label("Найти организацию").press_sequentially("белореченск")
    page.get_by_label("СОШ № 1").check()
    page.get_by_label("Должность").fill("Учитель")
    page.get_by_label("Логин").fill(login)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Пароль ещё раз").fill(PASSWORD)
    page.get_by_label("Даю согласие").check()
    _fits_and_is_accessible(any_size)
    any_size.press(page.get_by_role("button", name="Зарегистрироваться"))
    page.get_by_role("heading", name="Вы зарегистрированы").wait_for()
    any_size.sign_in("training", login)
    page.get_by_text("На проверке").first.wait_for()
    for path in ("/", "/profile/", "/groups/new/"):
        any_size.go("training", path)
        _fits_and_is_accessible(any_size)
    assert any_size.complaints == []
