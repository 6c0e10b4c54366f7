"""A real ``asuso serve`` with two schools and their people, and Chromium to look at it. Source: ARCHITECTURE 10."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    StorageState,
    expect,
    sync_playwright,
)

from devdb import Server
from tests import factor
from tests.browser.contingent import learner, written
from tests.browser.people import PASSWORD
from tests.running import ROOT, Running, asuso, environment

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
# htmx calls it an error that a search was replaced by the next one; a refusal or a lost network has names of their own.
ABORTED = ("htmx:afterRequest", "htmx:sendAbort")
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SECRETS: dict[str, str] = {}
SCHOOLS = (
    {"slug": "school-1", "short_name": "СОШ № 1", "oktmo": "03608000", "full_name": "Средняя школа № 1 Белореченска"},
    {"slug": "school-2", "short_name": "СОШ № 2", "oktmo": "03601000", "full_name": "Средняя школа № 2 Абинска"},
)


expect.set_options(timeout=15_000)  # the machine may be busy with the other tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs the browser, and all of them share one server: one xdist worker."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def site() -> Iterator[Running]:
    """The running product; what a test changes stays, so tests take groups and learners of their own."""
    folder = Path(tempfile.mkdtemp(prefix="asuso-browser-"))
    folder.chmod(0o755)  # the database may run as another user
    server = Server(folder, fast=True)
    try:
        with server.lease():
            asuso(folder, "migrate")
            asuso(folder, "organizations", "import", str(_organizations(folder)))
            ours = environment(folder) | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
            subprocess.run([sys.executable, "-m", "tests.browser.people"], cwd=ROOT, env=ours, check=True)
            running = Running.start(folder)
            yield running
            running.stop()
    finally:
        server.destroy()
        shutil.rmtree(folder)


def _organizations(folder: Path) -> Path:
    path = folder / "organizations.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["slug", "short_name", "full_name", "oktmo", "type", "urban_rural"])
        writer.writeheader()
        writer.writerows({**school, "type": "school", "urban_rural": "urban"} for school in SCHOOLS)
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of one module: its event loop must not outlive it, other tests use the database in this thread."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.fail("Не найден Chromium: выполните make setup-browser.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A person at the browser: goes to addresses of the site, and remembers what the browser complained of."""

    site: Running
    page: Page
    complaints: list[str] = field(default_factory=list)
    clicks: int = 0

    def press(self, what: Locator) -> None:
        """One click of a person, counted for the budgets of JOURNEYS."""
        what.click()
        self.clicks += 1

    def go(self, name: str, path: str = "/") -> Response:
        answer = self.page.goto(self.site.url(name, path))
        if "/purpose/" in self.page.url:
            answer = self.state_purpose()
        assert answer is not None
        return answer

    def state_purpose(self) -> Response | None:
        """What for a level above looks at persons: asked once an hour, so no click of a journey."""
        self.page.check("input[value=contingent]")
        with self.page.expect_navigation() as going:
            self.page.click("button:text-is('Продолжить')")
        return going.value

    def sign_in(self, name: str, login: str, password: str = PASSWORD) -> None:
        """Through the form of this host; afterwards the first page is open."""
        self.go(name, "/login/")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("button:text-is('Войти')")
        assert "/login/" not in self.page.url, self.page.inner_text("main")
        if "/second-factor/new/" in self.page.url:
            self.connect_app(login)
        elif "/second-factor/" in self.page.url:
            self.page.fill("input[name=code]", factor.fresh_code(login, SECRETS.get(login, factor.SECRET)))
            with self.page.expect_navigation():
                self.page.click("button:text-is('Подтвердить')")
        assert "/second-factor/" not in self.page.url, self.page.inner_text("main")

    def connect_app(self, login: str) -> None:
        """A role that demands a second factor, for the first time: its app is remembered for the next sign-in."""
        SECRETS[login] = self.page.locator("#secret").inner_text().replace(" ", "")
        self.page.fill("input[name=code]", factor.fresh_code(login, SECRETS[login]))
        self.page.click("button:text-is('Подключить приложение')")
        self.page.click("text=Коды сохранены, продолжить")
        self.page.wait_for_load_state()


def _visit(context: BrowserContext, site: Running) -> Visit:
    visit = Visit(site, context.new_page())

    def listen(said: ConsoleMessage) -> None:
        # Chromium says in the console what the content security policy forbade and what could not be loaded.
        if said.type in ("error", "warning") and not said.text.startswith(ABORTED):
            visit.complaints.append(said.text)

    visit.page.on("console", listen)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit


@pytest.fixture(scope="session")
def contingent(site: Running) -> None:
    """Learners of school 1: two of one surname, one of another, and one who waits for a consent."""
    rows = [learner("Журавлёв", "Артём", "М"), learner("Журавлёва", "Анна", "Ж"), learner("Белова", "Инна", "Ж")]
    sealed = learner("Тихонов", "Марк", "М", consent=False)
    path = written(site.data_dir / "contingent.csv", [*rows, sealed])
    asuso(site.data_dir, "contingent", "import", "--organization", "school-1", str(path))


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, site: Running) -> Iterator[Callable[..., Visit]]:
    """``signed_in(host, login)``: a new window of a person who signed in once for the whole module."""
    sessions: dict[tuple[str, str], StorageState] = {}
    contexts: list[BrowserContext] = []

    def open_window(name: str, login: str, **options: Any) -> Visit:
        state = sessions.get((name, login))
        options = {"viewport": WIDE, "locale": "ru-RU", "timezone_id": "Europe/Moscow", **options}
        contexts.append(chromium.new_context(storage_state=state, **options))
        visit = _visit(contexts[-1], site)
        if state is None:
            visit.sign_in(name, login)
            sessions[name, login] = contexts[-1].storage_state()
        return visit

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(chromium: Browser, site: Running) -> Iterator[Callable[..., Visit]]:
    """People at their own computers: ``visitor(host, login)`` signs one in, ``visitor()`` is a stranger."""
    contexts = []

    def come(name: str | None = None, login: str = "", password: str = PASSWORD) -> Visit:
        contexts.append(chromium.new_context(viewport=WIDE, locale="ru-RU", timezone_id="Europe/Moscow"))
        visit = _visit(contexts[-1], site)
        if name is not None:
            visit.sign_in(name, login, password)
        return visit

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(params=[WIDE, PHONE], ids=["1440", "390"])
def any_size(request: pytest.FixtureRequest, chromium: Browser, site: Running) -> Iterator[Visit]:
    """The same test at a desk and on a phone."""
    context = chromium.new_context(viewport=request.param, locale="ru-RU", timezone_id="Europe/Moscow")
    yield _visit(context, site)
    context.close()


@pytest.fixture
def visit(chromium: Browser, site: Running) -> Iterator[Visit]:
    """A fresh browser profile at a desk; nobody is signed in."""
    context = chromium.new_context(viewport=WIDE, locale="ru-RU", timezone_id="Europe/Moscow")
    yield _visit(context, site)
    context.close()
