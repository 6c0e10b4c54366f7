"""The main job by clicks: a school is connected, brings its learners, enrolls one more, and the region counts him."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.contingent import TODAY, YEAR, learner, written
from tests.browser.people import PASSWORD
from tests.running import Running, asuso

SLUG = "school-chain"
SCHOOL = "СОШ цепочки"
BORN = f"14.03.{YEAR - 11}"
DOCUMENT = "654321"
SECONDS_TO_THE_REGISTRY = 2


def test_the_chain_from_the_operators_file_to_the_list_behind_a_cell(site, visitor, tmp_path):
    oleg = visitor("operator", "oleg")
    login, first_password = connect_from_file(oleg, organizations_file(tmp_path))

    administrator = visitor()
    change_the_one_time_password(administrator, login, first_password)

    hire(site)
    secretary = visitor(SLUG, f"secretary-{SLUG}")
    bring_contingent(secretary, contingent_file(tmp_path))
    number = draft_an_enrollment(secretary)

    director, marina = visitor(SLUG, f"director-{SLUG}"), visitor("region", "marina")
    look_for_the_child(marina)
    sign(director, number)
    find_in_the_registry(marina)
    open_the_list_behind_a_cell(marina)

    boris = visitor("municipality", "boris")
    look_from_the_municipality(boris)

    for person in (oleg, administrator, secretary, director, marina, boris):
        assert person.complaints == []


def connect_from_file(oleg, path: Path) -> tuple[str, str]:
    """Six clicks with the printing; returns the login of the first administrator and the one-time password."""
    page = oleg.page
    oleg.press(page.get_by_role("link", name="Подключить из файла"))
    with page.expect_file_chooser() as choosing:
        oleg.press(page.get_by_label("Файл"))
    choosing.value.set_files(path)
    oleg.press(page.get_by_role("button", name="Проверить файл"))

    refused = page.get_by_role("row").filter(has=page.locator(".field__error"))
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text("4")
    expect(refused).to_contain_text("inn:")
    assert oleg.site.status(f"{SLUG}.localhost", "/login/") == 404, "nothing is written before the operator confirms"

    oleg.press(page.get_by_role("button", name="Подключить 2"))
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("heading", name="Готово")).to_be_visible(timeout=30_000)
    oleg.press(page.get_by_role("link", name="Открыть ведомость"))
    line = page.get_by_role("row").filter(has_text=f"{SLUG}.localhost")
    assert oleg.clicks <= 6 - 1, "one click of six is left for printing"
    login, password = line.locator(".mono").all_inner_texts()
    return login, password


def change_the_one_time_password(administrator, login: str, first: str) -> None:
    page = administrator.page
    administrator.sign_in(SLUG, login, first)
    expect(page.get_by_role("heading", name="Новый пароль")).to_be_visible()
    administrator.go(SLUG, "/students/")
    expect(page.get_by_role("heading", name="Новый пароль")).to_be_visible()
    page.get_by_label("Текущий пароль").fill(first)
    page.get_by_label("Новый пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Новый пароль ещё раз").fill(PASSWORD)
    administrator.press(page.get_by_role("button", name="Сменить пароль"))
    expect(page.get_by_role("heading", name="Подключите второй фактор")).to_be_visible()
    administrator.connect_app(login)
    expect(page.get_by_role("link", name="Главная")).to_be_visible()


def hire(site: Running) -> None:
    for role in ("secretary", "director"):
        who = ("--login", f"{role}-{SLUG}", "--last-name", "Кузьмина", "--first-name", role.capitalize())
        asuso(site.data_dir, "users", "create", *who, "--role", role, "--organization", SLUG, "--password", PASSWORD)


def bring_contingent(secretary, path: Path) -> None:
    """Five clicks of eight: the other three are for undoing and repeating."""
    page = secretary.page
    secretary.press(page.get_by_role("link", name="Загрузка", exact=True))
    secretary.press(page.get_by_role("link", name="Загрузить файл").first)
    with page.expect_file_chooser() as choosing:
        secretary.press(page.get_by_label("Файл контингента"))
    choosing.value.set_files(path)
    secretary.press(page.get_by_role("button", name="Проверить файл"))

    refused = page.get_by_role("row").filter(has_text="Отказов Лев")
    expect(refused).to_contain_text("Пол:")
    expect(page.get_by_role("row").filter(has_text="Тихонов Марк")).to_contain_text("Ожидает согласия")
    secretary.press(page.get_by_role("button", name="Загрузить 3 строки"))
    result = page.locator(".kpi")
    expect(result.filter(has_text="Принято")).to_contain_text("2")
    expect(result.filter(has_text="Ожидает согласия")).to_contain_text("1")
    expect(result.filter(has_text="Отклонено")).to_contain_text("1")
    expect(page.get_by_role("link", name="Отклонённые строки").first).to_be_visible()
    assert secretary.clicks <= 5
    secretary.press(page.get_by_role("link", name="К списку учеников"))
    learners = page.get_by_role("table", name="Обучающиеся")
    expect(learners).to_contain_text("Ильина Анна")
    expect(learners).not_to_contain_text("Тихонов")


def draft_an_enrollment(secretary) -> str:
    """One child with two guardians in six clicks, the printing included; returns the number of the order."""
    page = secretary.page
    secretary.press(page.get_by_role("link", name="Главная"))
    secretary.clicks = 0
    secretary.press(page.get_by_role("link", name="Приказ о зачислении"))
    number = page.get_by_label("Номер приказа").input_value()
    secretary.press(page.get_by_role("button", name="Продолжить"))

    search = page.get_by_label("Найти ученика")
    expect(search).to_be_focused()
    search.press_sequentially("Фёдоров")
    expect(page.locator("#found")).to_contain_text("никого нет")
    secretary.press(page.get_by_text("Новая карточка"))
    page.get_by_label("Класс, группа").select_option(index=1)
    card = page.locator(".new-card")
    names = {"last_name": "Фёдоров-Алёшин", "first_name": "Семён", "patronymic": "Артёмович"}
    facts = {
        **names,
        "birth_date": BORN,
        "consent_on": f"{TODAY:%d.%m.%Y}",
        "doc_series": "IV-АГ",
        "doc_number": DOCUMENT,
    }
    for name, value in facts.items():
        card.locator(f"[name={name}]").fill(value)
    card.get_by_label("Мужской").press("Space")
    card.locator("[name=doc_type]").select_option(label="Свидетельство о рождении")
    for n, (first, patronymic, relation) in enumerate([("Мария", "Олеговна", "Мать"), ("Артём", "Ильич", "Отец")]):
        guardian = {"last_name": "Алёшин", "first_name": first, "patronymic": patronymic}
        for name, value in guardian.items():
            card.locator(f"[name=guardians-{n}-{name}]").fill(value)
        card.locator(f"[name=guardians-{n}-relation]").select_option(label=relation)
    secretary.press(page.get_by_role("button", name="Добавить и проверить"))
    expect(page.get_by_role("list", name="Ученики в приказе")).to_contain_text("Фёдоров-Алёшин Семён")
    secretary.press(page.get_by_role("button", name="На подпись"))
    expect(page.get_by_text("передан на подпись")).to_be_visible()
    assert secretary.clicks <= 6 - 1, "one click of six is left for printing"
    return number


def look_for_the_child(marina) -> None:
    """Before the order is signed nobody is found; е is typed for ё."""
    page = marina.page
    marina.press(page.get_by_role("link", name="Найти в реестре"))
    expect(page.get_by_role("heading", name="Цель просмотра")).to_be_visible()
    marina.state_purpose()
    page.get_by_label("Поиск по реестру").fill("федоров-алешин семен")
    expect(page.get_by_text("Никого не нашли")).to_be_visible()


def sign(director, number: str) -> None:
    page = director.page
    director.press(page.get_by_role("link", name=f"№ {number}"))
    expect(page.get_by_role("link", name="Фёдоров-Алёшин Семён")).to_be_visible()
    director.press(page.get_by_role("button", name="Подписать"))
    expect(page.get_by_text("подписан: места изменены")).to_be_visible()
    assert director.clicks <= 2


def find_in_the_registry(marina) -> None:
    """The order stands in the registry within two seconds."""
    deadline = time.monotonic() + SECONDS_TO_THE_REGISTRY
    page = marina.page
    search = page.get_by_label("Поиск по реестру")
    found = page.get_by_role("table").get_by_role("row").filter(has_text="Фёдоров-Алёшин")
    while found.count() == 0:
        assert time.monotonic() < deadline, f"not in the registry within {SECONDS_TO_THE_REGISTRY} s"
        with page.expect_response(lambda answer: answer.status == 200 and "/registry/" in answer.url):
            search.press("Enter")
    expect(found.first).to_contain_text(SCHOOL)


def open_the_list_behind_a_cell(marina) -> None:
    page = marina.page
    marina.press(page.get_by_role("link", name="Федеральные формы"))
    marina.press(page.get_by_role("link", name="ОО-1", exact=True))
    page.get_by_label("Охват").select_option(label=SCHOOL)
    expect(page.locator(".page-head__sub")).to_contain_text(SCHOOL)
    page.get_by_label("Отчётная дата").fill(f"{TODAY:%d.%m.%Y}")
    page.get_by_label("Отчётная дата").press("Enter")
    expect(page).to_have_url(re.compile(f"as_of={TODAY:%d.%m.%Y}"))
    marina.press(page.get_by_role("link", name="Распределение обучающихся по классам, возрасту и полу"))
    marina.press(page.get_by_role("button", name="Строка 01, графа 8: 3", exact=True))
    panel = page.get_by_role("complementary", name="Откуда число и замечания")
    expect(panel).to_contain_text("Строка 01, графа 8")
    marina.press(panel.get_by_role("link", name="Список: 3 места"))
    listed = page.get_by_role("table", name="Кто посчитан в клетке")
    expect(listed.get_by_role("row")).to_have_count(1 + 3)
    expect(listed).to_contain_text("Фёдоров-Алёшин Семён")


def look_from_the_municipality(boris) -> None:
    """Two clicks to the limited view of the school: no document number anywhere in it."""
    page = boris.page
    boris.go("municipality", "/purpose/")
    line = page.get_by_role("row").filter(has=page.get_by_role("link", name=SCHOOL, exact=True))
    expect(line.locator("[data-label=Обучаются]")).to_have_text("3")
    boris.press(line.get_by_role("link", name=SCHOOL, exact=True))
    expect(page.get_by_role("note")).to_contain_text("ограниченные сведения")
    boris.press(page.get_by_role("link", name="Обучающиеся", exact=True))
    expect(page.get_by_role("row").filter(has_text="Фёдоров-Алёшин Семён")).to_have_count(1)
    assert DOCUMENT not in page.content()
    assert boris.clicks <= 2


def organizations_file(folder: Path) -> Path:
    """Two new schools and, in line 4 of the file, one with a wrong ИНН."""
    common = {"type": "school", "oktmo": "03608000", "urban_rural": "urban", "inn": ""}
    rows = [
        {**common, "slug": SLUG, "short_name": SCHOOL, "full_name": f"Средняя школа {SLUG}"},
        {**common, "slug": f"{SLUG}-2", "short_name": "Гимназия", "full_name": f"Средняя школа {SLUG} вторая"},
        {**common, "slug": f"{SLUG}-3", "short_name": "С ошибкой", "full_name": "С ошибкой", "inn": "7700000000"},
    ]
    return written(folder / "organizations.csv", rows)


def contingent_file(folder: Path) -> Path:
    """Two good rows, one with an unknown sex, one without consent."""
    rows = [learner("Ильина", "Анна", "Ж"), learner("Королёв", "Пётр", "М"), learner("Отказов", "Лев", "?")]
    return written(folder / "contingent.csv", [*rows, learner("Тихонов", "Марк", "М", consent=False)])
