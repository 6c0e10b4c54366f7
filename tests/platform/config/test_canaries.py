"""Personal data and secrets are planted everywhere and looked for where they must not be.

A learner is brought in by a file, looked for, looked at, revealed; requests fail in every way, a task fails, sign-in
fails, the API is used. Then logs, Sentry, cache keys, addresses and metrics are searched for every canary.
"""

from __future__ import annotations

import sys
from base64 import b64decode

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import clear_url_caches, path

from config.urls import organization
from config.urls.common import handler400, handler403, handler404, handler500  # noqa: F401
from shared.access.declarations import requires
from shared.access.services import issue_token
from shared.accounts.models import Account
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted, want_task
from shared.tenancy import scopes
from tenants.intake import fields as f
from tenants.people.models import Student
from tests.platform.config.watching import CACHE_KEYS, Watch, watching
from tests.support import PASSWORD, client_of
from tests.tenants.intake.bringing import learner

SURNAME, NAME, SNILS, NUMBER = "Канарейкин", "Кенарий", "112-233-445 95", "918273"
PHONE, ADDRESS, FILE = "+7 918 045-13-37", "Коноплянковая", "Список-Чижиковой.csv"
SEARCHED, LOGIN, WRONG = "Иволгина", "щегол-логин", "Пароль-Снегирь-1"
REFUSED, EXPLODED, LOCAL, TASK = "Свиристелев", "Зимородкова", "Трясогузкин", "Оляпкина"
PLAIN = (SURNAME, SNILS, "11223344595", NUMBER, PHONE, "9180451337", ADDRESS, "Чижиковой", REFUSED)
CANARIES = (*PLAIN, SEARCHED, LOGIN, WRONG, PASSWORD, EXPLODED, LOCAL, TASK, NAME)


@requires("home.view")
def explodes(request):
    name = LOCAL
    raise ValueError(f"duplicate key (last_name)=({EXPLODED}{name})")


urlpatterns = [path("explodes/", explodes), path("api/explodes/", explodes), *organization.urlpatterns]


@current_app.task(name="tests.canary")
def failing(*, who: str) -> None:
    name = TASK
    raise ValueError(f"{who} {name}")


@pytest.fixture
def watch(settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "tests.platform.config.watching.RecordingCache"}}
    monkeypatch.setitem(sys.modules, "config.urls.organization", sys.modules[__name__])
    clear_url_caches()
    with watching() as watch:
        yield watch
    clear_url_caches()


def bring_learners(watch: Watch, secretary: Client) -> None:
    good = learner(surname=SURNAME, name=NAME, snils=SNILS, phone=PHONE, home_address=ADDRESS)
    good |= {f.DOC_TYPE: "паспорт", f.DOC_SERIES: "0312", f.DOC_NUMBER: NUMBER}
    bad = learner(surname=REFUSED, sex="?", snils="112-233-445 00")
    other = learner(surname=f"{SURNAME}а", name=NAME)
    cells = [[row.get(header, "") for header in f.HEADERS] for row in (good, bad, other)]
    lines = map(";".join, [f.HEADERS, *cells])
    file = SimpleUploadedFile(FILE, "\n".join(lines).encode(), content_type="text/csv")
    staged = watch.look(secretary.post("/import/new/", {"file": file, "year": "2026"}))
    assert staged.status_code == 302, staged.content.decode()
    page = staged.headers["Location"]
    for answer in (secretary.get(page), secretary.post(f"{page}apply/"), secretary.get(f"{page}rejected.csv")):
        assert watch.look(answer).status_code in (200, 302)
    broken = SimpleUploadedFile(FILE, f"%PDF-1.7 {REFUSED}".encode())
    assert watch.look(secretary.post("/import/new/", {"file": broken, "year": "2026"})).status_code == 422


def use_pages(watch: Watch, anna: Client, key: object) -> None:
    found = watch.look(anna.post("/students/", {"q": SURNAME, "status": ""}))
    assert found.status_code == 302
    assert SURNAME in watch.look(anna.get(found.headers["Location"])).content.decode()
    watch.look(anna.post("/students/", {"q": SEARCHED, "status": ""}))
    watch.look(anna.post("/find/", {"q": SEARCHED}))
    for address in (f"/students/{key}/", f"/students/{key}/peek/", f"/cards/student/{key}/", "/movement/"):
        assert watch.look(anna.get(address)).status_code in (200, 403), address
    for field in ("snils", "doc_number", "phone"):
        watch.look(anna.post(f"/cards/student/{key}/reveal/{field}/", {"reason": "сверка с документом"}))
    assert watch.look(anna.post(f"/cards/student/{key}/identity/", {"last_name": SURNAME})).status_code in (403, 422)
    watch.look(anna.get("/students/export.xlsx"))


def fail_in_every_way(watch: Watch, anna: Client, school) -> None:
    anna.raise_request_exception = False
    assert watch.look(anna.get(f"/students/{SURNAME}/")).status_code == 404
    assert anna.get(f"/nowhere/{SNILS}/?q={SURNAME}").status_code == 404
    assert watch.look(anna.get("/explodes/", {"q": SURNAME})).status_code == 500
    assert watch.look(anna.post("/explodes/", {"name": SURNAME, "snils": SNILS})).status_code == 500
    assert watch.look(anna.get("/api/explodes/")).status_code == 500
    assert Client(headers={"host": f"{SURNAME}.localhost"}).get(f"/{SURNAME}/").status_code == 404
    guarded = Client(headers={"host": school.host}, enforce_csrf_checks=True)
    assert guarded.post("/login/", {"login": LOGIN, "password": WRONG}).status_code == 403
    stranger = client_of(school.host)
    assert watch.look(stranger.post("/login/", {"login": LOGIN, "password": WRONG})).status_code == 422
    assert watch.look(stranger.post("/login/", {"login": "anna", "password": WRONG})).status_code == 422
    watch.look(stranger.get(f"/students/?q={SURNAME}"))


def use_api(watch: Watch, school) -> str:
    with scopes.enter(scopes.of_accounts()):
        token = issue_token(account=Account.objects.get(login="anna"), host=school.host, days=1)
    caller = Client(headers={"host": school.host, "authorization": f"Bearer {token}"}, raise_request_exception=False)
    page = watch.look(caller.get("/api/v1/students/", {"page_size": 1, "search": SURNAME}))
    assert page.status_code == 200
    cursor = page.json()["next"]
    assert cursor
    assert SURNAME.lower() not in b64decode(f"{cursor}===", altchars=b"-_").decode("utf-8", "replace").lower()
    following = watch.look(caller.get("/api/v1/students/", {"page_size": 1, "search": SURNAME, "cursor": cursor}))
    assert following.json()["results"][0]["last_name"].startswith(SURNAME)
    assert watch.look(caller.get("/api/v1/students/", {"sex": SURNAME})).status_code == 400
    assert watch.look(caller.get("/api/explodes/")).status_code == 500
    caller.get("/api/v1/me/", headers={"authorization": f"Bearer {WRONG}".encode().decode("latin-1")})
    return token


def fail_a_task(school) -> None:
    with school.work("anna"):
        key = want_task("tests.canary", who=SURNAME).pk
    assert run_wanted(TaskOutbox.objects.get(pk=key)) is False


@pytest.mark.proves("R-178", "R-179", "R-309", "R-031")
def test_no_canary_is_found_outside_the_pages(school, watch, monkeypatch):
    bring_learners(watch, client_of(school.host, "secretary"))
    with school.work():
        student = Student.objects.get(last_name=SURNAME)
    anna = client_of(school.host, "anna")
    use_pages(watch, anna, student.pk)
    fail_in_every_way(watch, anna, school)
    token = use_api(watch, school)
    fail_a_task(school)
    metrics = client_of("operator.localhost", "oleg").get("/metrics")
    assert metrics.status_code == 200
    seen = {**watch.everything(), "metrics": metrics.content.decode()}
    # The test looks where there is something to find: unscrubbed, the same lines hold what was planted.
    assert all(canary in "\n".join(watch.unscrubbed) for canary in (EXPLODED, LOCAL, TASK, SNILS))
    assert any(school.host in key for key in CACHE_KEYS)
    assert any(str(student.pk) in address for address in watch.addresses)
    assert len(watch.transport.events) >= 5
    cookie = anna.cookies["asuso_session"].value
    for place, text in seen.items():
        assert text, place
        for canary in (*CANARIES, token, cookie):
            at = text.lower().find(canary.lower())
            assert at < 0, f"{canary} in {place}: …{text[max(0, at - 300) : at + 200]}…"


@pytest.mark.proves("R-178")
def test_an_event_says_where_and_under_which_number_and_nothing_else(school, watch):
    anna = client_of(school.host, "anna")
    anna.raise_request_exception = False
    answer = anna.get("/explodes/", {"q": SURNAME})
    fail_a_task(school)
    fault, task = watch.transport.events[-2:]
    schema = school.organization.schema_name
    assert fault["tags"] == {"schema": schema, "request_id": answer.headers["X-Request-ID"]}
    assert task["tags"]["schema"] == schema
    for event in (fault, task):
        assert set(event) <= {
            *("event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "sdk", "tags"),
            *("exception", "logentry", "logger"),
        }
        last = event["exception"]["values"][-1]
        assert last["type"] == "ValueError"
        assert "value" not in last
        assert {"filename", "function", "lineno"} <= set(last["stacktrace"]["frames"][-1])
        assert not {"vars", "context_line", "pre_context", "post_context"} & set(last["stacktrace"]["frames"][-1])
    assert task["logentry"] == {"message": "task failed"}
