"""Columns of the fleet's table: size, faults of seven days, last work; counted where they happen, without persons."""

from __future__ import annotations

import datetime
import sys
import uuid
from unittest import mock

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path
from django.utils import timezone

from config.urls import organization
from config.urls.common import handler400, handler403, handler404, handler500  # noqa: F401
from shared.access.declarations import public
from shared.maintenance import faults
from shared.maintenance.models import Fault
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tests.support import client_of, connect, person

OPERATOR = "operator.localhost"


@public()
def faulty(request):
    raise RuntimeError


urlpatterns = [path("faulty/", faulty), *organization.urlpatterns]


@pytest.fixture
def ours(committed):
    mark = f"flt-{uuid.uuid4().hex[:8]}"
    return connect(mark, full_name=f"Школа {mark}", short_name=mark)


@pytest.fixture
def console(ours):
    return client_of(OPERATOR, "oleg")


def fail_once(ours, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "config.urls.organization", sys.modules[__name__])
        clear_url_caches()
        client = client_of(f"{ours.organization.slug}.localhost")
        client.raise_request_exception = False
        assert client.get("/faulty/").status_code == 500
    clear_url_caches()


def found(ours) -> dict[str, int]:
    return dict(Fault.objects.filter(organization_id=ours.organization.pk).values_list("source", "number"))


def test_answers_that_failed_are_counted_in_their_organization(console, ours, monkeypatch):
    fail_once(ours, monkeypatch)
    fail_once(ours, monkeypatch)
    assert found(ours) == {"answer": 2}
    assert client_of(f"{ours.organization.slug}.localhost").get("/absent/").status_code == 404
    assert found(ours) == {"answer": 2}
    table = console.get("/", {"q": ours.organization.slug, "faults": "some"}).content.decode()
    assert "Сбоев: 2" in table
    page = console.get(f"/organizations/{ours.organization.slug}/").content.decode()
    assert "Ответы, последний в" in page


def test_a_task_that_failed_is_counted_and_one_that_is_done_is_not(ours):
    wish = TaskOutbox.objects.create(name="nobody.knows.it", organization_id=ours.organization.pk, attempts=1)
    try:
        assert not run_wanted(wish)
        assert found(ours) == {"task": 1}
    finally:
        wish.delete()


def test_faults_of_no_organization_share_one_row(committed):
    before = sum(Fault.objects.filter(organization_id=None).values_list("number", flat=True))
    for _ in range(2):
        faults.note_fault(Fault.Source.ANSWER, None)
    rows = Fault.objects.filter(organization_id=None, day=timezone.localdate())
    assert rows.count() == 1
    assert rows.get().number == before + 2


def test_a_count_that_fails_does_not_spoil_the_answer(ours):
    with mock.patch.object(faults.transaction, "atomic", side_effect=DatabaseError):
        faults.note_fault(Fault.Source.ANSWER, ours.organization.pk)
    assert found(ours) == {}


def test_old_days_are_not_shown_and_in_the_end_forgotten(console, ours):
    today = timezone.localdate()
    for age, number in ((6, 3), (7, 5), (91, 7)):
        day = today - datetime.timedelta(days=age)
        facts = {"day": day, "organization_id": ours.organization.pk, "source": "answer", "number": number}
        Fault.objects.create(**facts, last_at=timezone.now())
    assert "Сбоев: 3" in console.get("/", {"q": ours.organization.slug}).content.decode()
    faults.forget_faults()
    assert sorted(Fault.objects.filter(organization_id=ours.organization.pk).values_list("number", flat=True)) == [3, 5]


def test_the_table_shows_size_and_last_work_in_a_fixed_number_of_queries(console, ours):
    row = console.get("/", {"q": ours.organization.slug}).content.decode()
    assert "МБ" in row
    assert "никогда" in row
    person(f"worked-{ours.organization.slug}", "secretary", school=ours)
    client_of(f"{ours.organization.slug}.localhost", f"worked-{ours.organization.slug}").get("/")
    assert "никогда" not in console.get("/", {"q": ours.organization.slug}).content.decode()
    with CaptureQueriesContext(connection) as one:
        console.get("/", {"q": ours.organization.slug})
    with CaptureQueriesContext(connection) as many:
        console.get("/")
    assert Organization.objects.count() > 2
    assert len(one) == len(many)


def test_the_operator_reads_when_somebody_worked_and_not_who(committed):
    def ask(columns: str) -> None:
        with transaction.atomic(), scopes.enter(scopes.of_operator()), connection.cursor() as cursor:
            cursor.execute(f"select {columns} from audit_visit limit 1")

    ask("organization_id, day, seen_at")
    with pytest.raises(ProgrammingError, match="permission denied"):
        ask("account_id")
