"""What people and programs meet during a break: reading goes on, a write is refused and nothing typed is lost. R-279"""

from __future__ import annotations

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shared.accounts.models import Session
from shared.maintenance import services
from shared.tenancy import scopes
from tenants.groups.models import Group
from tenants.history.models import HistoryEvent
from tenants.intake import fields
from tests.platform.maintenance.breaks import begin
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.intake.bringing import learner

SENTENCE = "сведения можно смотреть, но не менять"
HOUR = datetime.timedelta(hours=1)
TOMORROW = f"{timezone.localdate() + datetime.timedelta(days=1):%d.%m.%Y}"
TYPED = {"kind": "class", "name": "7Ю", "academic_year": "2026", "places": "25"}


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def groups(school) -> int:
    with school.work():
        return Group.objects.count()


@pytest.mark.proves("R-279")
def test_a_form_comes_back_filled_with_the_reason(school, secretary):
    before = groups(school)
    begin()
    answer = secretary.post("/groups/new/", TYPED)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert SENTENCE in page
    assert 'value="7Ю"' in page
    assert groups(school) == before


@pytest.mark.proves("R-279")
def test_where_a_view_shows_no_form_what_was_sent_waits_on_the_page(school):
    director = client_of(school.host, "anna")
    opened = director.post("/support/open/", {"question": "Не сходится отчёт", "hours": "1", "rows": "10"})
    assert opened.status_code == 302, opened.content.decode()
    begin()
    answer = director.post(f"{opened.url}close/", {"reason": "Ответ <получен>", "password": "тайна"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert SENTENCE in page
    assert 'name="reason" value="Ответ &lt;получен&gt;"' in page
    assert "Отправить ещё раз" in page
    assert "тайна" not in page


def test_htmx_says_it_and_leaves_the_form_alone(school, secretary):
    begin()
    answer = secretary.post("/groups/new/", TYPED, headers={"hx-request": "true"})
    assert (answer.status_code, answer.content) == (503, b"")
    assert SENTENCE in json.loads(answer.headers["HX-Trigger"])["asuso:toast"]


def test_a_file_is_refused_and_asked_for_again(school, secretary):
    begin()
    row = learner()
    lines = [";".join(fields.HEADERS), ";".join(row.get(header, "") for header in fields.HEADERS)]
    file = SimpleUploadedFile("дети.csv", "\n".join(lines).encode(), content_type="text/csv")
    answer = secretary.post("/import/new/", {"file": file, "year": "2026"})
    assert answer.status_code == 503
    assert SENTENCE in answer.content.decode()
    assert "Отправить ещё раз" not in answer.content.decode()


@pytest.mark.proves("R-279")
def test_reading_goes_on_and_is_logged_also_by_post(school, secretary):
    with school.work():
        child = factories.student(snils="11223344595")
        factories.enroll(child, into=factories.group("5А"))
    begin()
    assert secretary.get("/students/").status_code == 200
    assert secretary.post(f"/cards/student/{child.pk}/reveal/snils/").content.decode() == "112-233-445 95"
    with school.work():
        assert HistoryEvent.objects.filter(action="revealed").exists()


@pytest.mark.proves("R-279")
def test_a_program_gets_a_problem(school, secretary):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group("5А"))
    address = f"/api/v1/cards/student/{child.pk}/"
    tag = secretary.get(address).headers["ETag"]
    begin()
    body = {"values": {"home_pc": True}}
    answer = secretary.patch(address, body, content_type="application/json", headers={"If-Match": tag})
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "maintenance_break"
    assert SENTENCE in answer.json()["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert secretary.get(address).headers["ETag"] == tag


def test_entering_and_leaving_go_on(school):
    begin()
    client = client_of(school.host, "anna")
    assert client.get("/").status_code == 200
    assert client_of("region.localhost", "marina").get("/").status_code == 200
    assert client.post("/logout/").status_code == 302
    assert not Session.objects.filter(account__login="anna", host=school.host).exists()


def test_a_wrong_password_is_still_only_a_wrong_password(school):
    begin()
    answer = client_of(school.host).post("/login/", {"login": "anna", "password": "не тот"})
    assert answer.status_code == 422


@pytest.mark.proves("R-279")
def test_levels_above_do_not_write_either(school):
    ministry = client_of("region.localhost", "marina")
    begin()
    remark = {"organization": school.organization.pk, "kind": "", "text": "Проверьте СНИЛС", "due_on": TOMORROW}
    answer = ministry.post("/quality/remarks/new/", remark)
    assert answer.status_code == 503
    assert SENTENCE in answer.content.decode()
    assert "Проверьте СНИЛС" in answer.content.decode()


def test_the_console_of_the_operator_works(school, other_school):
    operator = client_of("operator.localhost", "oleg")
    begin()
    assert operator.post("/organizations/school-2/suspend/").status_code == 302
    assert operator.post("/organizations/school-2/resume/").status_code == 302


def test_every_page_tells_of_a_break_before_and_during_it(school, other_school):
    with scopes.enter(scopes.of_operator()):
        start = timezone.now() + HOUR
        services.announce(reason="Замена диска", planned_start=start, planned_end=start + HOUR, by="Олег")
    pages = [
        client_of(school.host, "secretary").get("/students/"),
        client_of("region.localhost", "marina").get("/"),
        client_of("operator.localhost", "oleg").get("/"),
        client_of(school.host).get("/login/"),
        client_of("localhost").get("/"),
        client_of("services.localhost").get("/"),
        client_of("training.localhost").get("/login/"),
    ]
    for page in pages:
        text = page.content.decode()
        assert "Технологический перерыв" in text
        assert "Причина: Замена" in text
        assert "http://localhost/status/" in text


def test_a_break_of_one_organization_is_told_there_alone(school, other_school):
    begin(school)
    assert "Идёт технологический перерыв" in client_of(school.host).get("/login/").content.decode()
    assert "технологический перерыв" not in client_of(other_school.host).get("/login/").content.decode()
    assert client_of(school.host, "secretary").post("/groups/new/", TYPED).status_code == 503
