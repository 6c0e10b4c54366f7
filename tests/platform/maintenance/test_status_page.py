"""The public page of the state: for everybody, cheap, without names, also while the database is away. R-278"""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.status import pages, parts
from shared.contingent.models import Outbox
from shared.maintenance import services
from shared.maintenance.models import Heartbeat, MaintenanceBreak
from shared.maintenance.watching import WORKER, beat
from shared.tenancy import scopes
from tenants.handup.services import hand_up_everything
from tests.platform.maintenance.breaks import begin
from tests.support import client_of

HOST = "localhost"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _anew():
    pages.forget_snapshot()
    yield
    pages.forget_snapshot()


def state_of(code: str) -> dict[str, str]:
    pages.forget_snapshot()
    return next(one for one in client_of(HOST).get("/status.json").json()["parts"] if one["code"] == code)


@pytest.mark.proves("R-278")
def test_a_stranger_reads_the_state_and_the_breaks(school):
    beat(WORKER)
    answer = client_of(HOST).get("/status/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for title in ("Веб-сервер", "База данных", "Фоновые задачи", "Хранилище файлов", "Передача в реестр"):
        assert title in page
    assert "Перерывов нет и не объявлено" in page


@pytest.mark.proves("R-277", "R-278")
def test_the_announcement_the_end_and_the_past_stand_there(school):
    one = begin()
    page = client_of(HOST).get("/status/").content.decode()
    assert "Идёт технологический перерыв" in page
    assert "Отказ диска" in page
    assert "не позднее чем за 15 минут" in page
    assert "Олег" not in page
    with scopes.enter(scopes.of_operator()):
        services.announce_end(one.pk, ends_at=timezone.now() + 20 * MINUTE, by="Олег")
    pages.forget_snapshot()
    assert "окончание объявлено на" in client_of(HOST).get("/status/").content.decode()
    hour = 60 * MINUTE
    with scopes.enter(scopes.of_operator()):
        now = timezone.now()
        MaintenanceBreak.objects.filter(pk=one.pk).update(
            closing_at=now - hour, started_at=now - hour, end_announced_at=now - hour, ends_at=now - 30 * MINUTE
        )
        services.end(one.pk, by="Олег")
    pages.forget_snapshot()
    document = client_of(HOST).get("/status.json").json()
    assert document["breaks"]["open"] == []
    assert [past["reason"] for past in document["breaks"]["past"]] == ["Отказ диска"]
    assert "Олег" not in str(document)


def test_a_break_longer_ago_than_ninety_days_is_not_told(school):
    one = begin()
    old = timezone.now() - datetime.timedelta(days=91)
    with scopes.enter(scopes.of_operator()):
        MaintenanceBreak.objects.filter(pk=one.pk).update(
            closing_at=old, started_at=old, end_announced_at=old, ends_at=old + 20 * MINUTE, ended_at=old + 20 * MINUTE
        )
    assert client_of(HOST).get("/status.json").json()["breaks"]["past"] == []


def test_an_organization_that_is_not_in_the_catalog_has_no_name_here(school):
    begin(school)
    assert "СОШ № 1" in str(client_of(HOST).get("/status.json").json()["breaks"])
    with scopes.enter(scopes.of_operator()):
        type(school.organization).objects.filter(pk=school.organization.pk).update(status="suspended")
    pages.forget_snapshot()
    services.forget_breaks()
    assert "СОШ № 1" not in str(client_of(HOST).get("/status.json").json()["breaks"])


def test_the_worker_is_judged_by_its_last_sign_of_life(school):
    assert state_of("worker")["state"] == "broken"
    beat(WORKER)
    beat(WORKER)
    assert state_of("worker")["state"] == "fine"
    Heartbeat.objects.update(at=timezone.now() - 2 * MINUTE)
    assert state_of("worker") == {
        "code": "worker",
        "title": "Фоновые задачи",
        "state": "slow",
        "words": "Выполняются с задержкой",
    }


def test_the_registry_is_judged_by_its_oldest_waiting_change(school):
    assert state_of("registry")["state"] == "fine"
    with school.work():
        hand_up_everything()
    with scopes.enter(scopes.of_projector()):
        Outbox.objects.update(at=timezone.now() - 5 * MINUTE)
    assert state_of("registry") | {"title": ""} == {
        "code": "registry",
        "title": "",
        "state": "slow",
        "words": "Задержка 5 минут",
    }


@pytest.mark.parametrize(
    ("outcome", "age", "state"), [("done", 1, "fine"), ("failed", 1, "broken"), ("done", 3, "slow")]
)
def test_the_nightly_rehearsal_is_told(outcome: str, age: int, state: str):
    assert parts.drill_of(timezone.now() - datetime.timedelta(days=age), outcome).state == state


def test_a_store_of_files_that_fails_or_hangs_is_said(school, monkeypatch):
    assert state_of("files")["state"] == "fine"

    def fail() -> bool:
        raise SuspiciousOperation("no such bucket")

    monkeypatch.setattr(parts, "_files_answer", fail)
    assert state_of("files")["state"] == "broken"
    monkeypatch.setattr(parts, "FILES_PATIENCE_SECONDS", 0.01)
    release = threading.Event()
    monkeypatch.setattr(parts, "_files_answer", lambda: release.wait(5))
    assert state_of("files")["state"] == "slow"
    release.set()


def test_it_is_put_together_once_in_ten_seconds(school):
    client = client_of(HOST)
    assert client.get("/status.json").headers["Cache-Control"] == "public, max-age=10"
    assert client.get("/status/").headers["Cache-Control"] == "private, max-age=10"
    with CaptureQueriesContext(connection) as asked:
        client.get("/status/")
        client.get("/status.json")
    assert not [one for one in asked.captured_queries if "maintenance" in one["sql"] or "outbox" in one["sql"]]


@pytest.mark.proves("R-278")
def test_it_answers_while_the_database_is_away(school, monkeypatch):
    begin()
    client = client_of(HOST)
    client.get("/status/")
    client.raise_request_exception = False

    def away(*args, **kwargs):
        raise OperationalError("the server is away")

    monkeypatch.setattr("shared.access.middleware.workspace_of", away)
    monkeypatch.setattr("config.status.middleware.database_answers", lambda: False)
    answer = client.get("/status/")
    assert answer.status_code == 503
    assert "Не отвечает, оператор уже знает об этом" in answer.content.decode()
    assert "Отказ диска" in answer.content.decode()
    twin = client.get("/status.json")
    assert (twin.status_code, twin.json()["status"]) == (503, "maintenance")
    assert client.get("/status/", headers={"host": "operator.localhost"}).status_code == 500


def test_it_stands_on_the_public_host_alone(school):
    assert client_of(school.host).get("/status/").status_code == 404
    assert client_of("operator.localhost").get("/status.json").status_code == 404


def test_metrics_tell_of_breaks_and_of_the_worker(school):
    beat(WORKER)
    begin()
    text = client_of("operator.localhost", "oleg").get("/metrics").content.decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert figures['asuso_maintenance_breaks{stage="running"}'] == "1"
    assert float(figures["asuso_worker_beat_age_seconds"]) < 60
    assert "asuso_maintenance_break_seconds" in figures
