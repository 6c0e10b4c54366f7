"""The operator's console by a browser without scripts: fleet, wizard, suspending; nobody else may."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection

from fleet.models import OnboardingRun
from fleet.onboarding import runs
from fleet.tasks import run_onboarding
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tests.platform.fleet.onboarding.surroundings import GOOD, as_csv
from tests.support import client_of, connect

HOST = "operator.localhost"


def file_of(*rows: dict[str, str], name: str = "school list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_csv(*({**GOOD, **row} for row in rows)))


@pytest.fixture
def operator(committed):
    return client_of(HOST, "oleg")


@pytest.fixture
def mark() -> str:
    return f"cn-{uuid.uuid4().hex[:8]}"


def rows_of(mark: str, good: int, bad: int) -> list[dict[str, str]]:
    names = [{"full_name": f"Школа {mark} {number}", "slug": f"{mark}-{number}"} for number in range(good + bad)]
    return [*names[:good], *({**row, "inn": "12"} for row in names[good:])]


def test_a_hundred_rows_with_five_bad_ones_from_upload_to_the_credentials_sheet(operator, mark, tmp_path, settings):
    settings.FILES_ROOT = tmp_path
    assert operator.get("/onboarding/").status_code == 200
    answer = operator.post("/onboarding/", {"file": file_of(*rows_of(mark, 3, 5))})
    assert answer.status_code == 302
    page = operator.get(answer.url).content.decode()
    assert "Подключить 3" in page
    assert page.count("<b>inn:</b>") == 5
    assert not Organization.objects.filter(slug__startswith=mark).exists()

    refused = operator.get(f"{answer.url}rejected.csv")
    assert refused.content.decode("utf-8-sig").count("\n") == 6
    assert operator.get(f"{answer.url}credentials.csv").status_code == 404

    assert operator.post(f"{answer.url}start/").status_code == 302
    wish = TaskOutbox.objects.get(name=runs.TASK, arguments__run_id=answer.url.split("/")[-2])
    progress = operator.get(f"{answer.url}progress/").content.decode()
    assert 'hx-trigger="every 1s"' in progress
    assert "В очереди" in progress
    assert operator.post(f"{answer.url}start/").status_code == 422

    run_onboarding.run(**wish.arguments)
    wish.delete()
    done = operator.get(f"{answer.url}progress/").content.decode()
    assert "hx-trigger" not in done
    assert "Подключено 3 организации, отклонено 5 строк" in done
    sheet = operator.get(f"{answer.url}sheet/")
    assert f"admin-{mark}-0" in sheet.content.decode()
    download = operator.get(f"{answer.url}credentials.csv")
    assert download.headers["Cache-Control"] == "private, no-store"
    assert "school list.csv.credentials.csv" in download.headers["Content-Disposition"]
    assert len(download.content.decode().splitlines()) == 4
    assert Organization.objects.filter(slug__startswith=mark).count() == 3


def test_a_task_run_twice_changes_nothing(operator, mark, tmp_path, settings):
    settings.FILES_ROOT = tmp_path
    url = operator.post("/onboarding/", {"file": file_of(*rows_of(mark, 1, 0))}).url
    operator.post(f"{url}start/")
    wish = TaskOutbox.objects.get(name=runs.TASK, arguments__run_id=url.split("/")[-2])
    for _ in range(2):
        run_onboarding.run(**wish.arguments)
    wish.delete()
    run = OnboardingRun.objects.using("owner").get(pk=wish.arguments["run_id"])
    assert (run.status, run.counts["connected"], run.done) == ("done", 1, 1)


def test_an_interrupted_run_says_so_and_counts_what_was_connected_before(
    operator, mark, tmp_path, settings, monkeypatch
):
    settings.FILES_ROOT = tmp_path
    url = operator.post("/onboarding/", {"file": file_of(*rows_of(mark, 2, 0))}).url
    operator.post(f"{url}start/")
    wish = TaskOutbox.objects.get(name=runs.TASK, arguments__run_id=url.split("/")[-2])
    first_administrator = runs.services._first_administrator

    def fail_at_the_second(organization, one_time):
        if organization.slug.endswith("-1"):
            raise OSError("disk")
        return first_administrator(organization, one_time)

    monkeypatch.setattr(runs.services, "_first_administrator", fail_at_the_second)
    with pytest.raises(OSError, match="disk"):
        run_onboarding.run(**wish.arguments)
    assert "Работа прервалась" in operator.get(f"{url}progress/").content.decode()
    monkeypatch.undo()
    settings.FILES_ROOT = tmp_path
    run_onboarding.run(**wish.arguments)
    wish.delete()
    assert "Подключено 2 организации." in operator.get(url).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "Файл пуст"),
        ("photo.png", b"\x89PNG\r\n", "это не таблица CSV"),
        ("columns.csv", b"full_name,slug\nx,y\n", "нет столбцов: short_name, type"),
    ],
)
def test_a_file_that_is_not_a_list_is_refused_on_the_same_page(operator, name, content, sentence):
    answer = operator.post("/onboarding/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_file_over_the_limit_is_refused(operator):
    answer = operator.post("/onboarding/", {"file": SimpleUploadedFile("big.csv", b"x" * (5 * 1024 * 1024 + 1))})
    assert answer.status_code == 422
    assert "больше 5 МБ" in answer.content.decode().replace("\xa0", " ")


def test_a_file_of_known_organizations_offers_nothing_to_connect(operator, committed):
    known = committed.school.organization
    row = {"full_name": known.full_name, "slug": known.slug}
    url = operator.post("/onboarding/", {"file": file_of(row)}).url
    page = operator.get(url).content.decode()
    assert "1 уже подключены" in page
    assert "/start/" not in page
    assert operator.post(f"{url}start/").status_code == 422


def test_the_fleet_shows_organizations_without_people_and_finds_them(operator):
    page = operator.get("/", {"q": "school-1"}).content.decode()
    assert "СОШ № 1" in page.replace("\xa0", " ")
    found = operator.get("/", {"q": "school-2"}).content.decode()
    assert "school-2.localhost" in found
    assert "school-1.localhost" not in found
    fragment = operator.get("/", {"status": "suspended"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment


@pytest.mark.parametrize("sort", ["name", "-connected", "municipality", "type", "nonsense"])
def test_the_fleet_is_sorted_by_any_head(operator, sort):
    assert operator.get("/", {"sort": sort, "page": "99", "municipality": "03608000"}).status_code == 200


def test_a_longer_fleet_costs_no_more_queries(operator, mark, django_assert_max_num_queries):
    def cost() -> int:
        with django_assert_max_num_queries(30, connection=connection) as seen:
            operator.get("/")
        return len(seen.captured_queries)

    operator.get("/")
    before = cost()
    connect(f"{mark}-a", oktmo="03701000")
    connect(f"{mark}-b", oktmo="47701000")
    assert cost() == before


def test_suspending_asks_first_then_answers_503_with_an_explanation_until_resumed(operator, mark):
    slug = connect(mark).organization.slug
    host = client_of(f"{slug}.localhost")
    assert host.get("/login/").status_code == 200
    assert "вместо страниц будет объяснение" in operator.get(f"/organizations/{slug}/suspend/").content.decode()
    assert host.get("/login/").status_code == 200
    assert operator.post(f"/organizations/{slug}/suspend/").status_code == 302
    refused = host.get("/login/")
    assert refused.status_code == 503
    assert "приостановлен" in refused.content.decode().lower()
    assert host.get("/healthz").status_code == 200
    assert operator.post(f"/organizations/{slug}/resume/").status_code == 302
    assert host.get("/login/").status_code == 200
    assert Organization.objects.get(slug=slug).version == 3


@pytest.mark.parametrize("path", ["/", "/onboarding/", "/organizations/school-1/suspend/"])
@pytest.mark.parametrize("login", ["anna", "boris", "marina", "org_admin"])
def test_other_roles_are_refused_on_the_operators_host(committed, login, path):
    assert client_of(HOST, login).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/onboarding/", "/organizations/school-1/suspend/"])
def test_a_stranger_is_sent_to_sign_in(committed, path):
    assert client_of(HOST).get(path).status_code == 302


def test_the_console_role_may_not_create_an_organization_or_read_people(operator):
    for statement in (
        "insert into organizations_organization default values",
        "create schema intruder",
        "select 1 from accounts_account",
        "select ddl from tenancy_templatescript",
    ):
        with pytest.raises(ProgrammingError), scopes.enter(scopes.of_operator()), connection.cursor() as cursor:
            cursor.execute(statement)
