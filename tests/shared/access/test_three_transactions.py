"""A request is three transactions: work commits if and only if the view returned, closing always. ARCHITECTURE 3."""

from __future__ import annotations

import sys

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import clear_url_caches

from shared.accounts.models import Session, SignInAttempt
from shared.accounts.sealing import digest, keyed_digest
from tenants.people.models import Student
from tests.shared.access import probe_urls
from tests.support import PASSWORD, School, connect, person


@pytest.fixture(scope="module")
def probe(world, django_db_blocker) -> School:
    """An organization of these tests, with committed rows and a director."""
    with django_db_blocker.unblock():
        place = connect("probe")
        person("polina", "director", school=place)
        connections.close_all()
    return place


@pytest.fixture
def polina(probe, committed, monkeypatch) -> Client:
    """The director in a browser; the host answers with the views of ``probe_urls``."""
    monkeypatch.setitem(sys.modules, "config.urls.organization", probe_urls)
    clear_url_caches()
    client = Client(headers={"host": probe.host}, raise_request_exception=False)
    assert client.post("/login/", {"login": "polina", "password": PASSWORD}).status_code == 302
    yield client
    clear_url_caches()


def names(place: School) -> set[str]:
    with place.work():
        return set(Student.objects.values_list("last_name", flat=True))


def session_of(client: Client) -> Session:
    with transaction.atomic():
        return Session.objects.get(digest=digest(client.cookies["asuso_session"].value))


def test_what_a_view_wrote_before_it_returned_is_kept(polina, probe):
    assert polina.post("/saves/").status_code == 200
    assert "Сохранённый" in names(probe)


@pytest.mark.parametrize(
    ("address", "status", "name"),
    [("/faults/", 500, "Сбойный"), ("/absent/", 404, "Ненайденный"), ("/api/refusing/", 400, "Неверный")],
)
def test_what_a_view_wrote_before_it_failed_is_undone(polina, probe, address, status, name):
    assert polina.post(address).status_code == status
    assert name not in names(probe)


def test_closing_commits_after_a_fault(polina):
    assert polina.post("/faults/").status_code == 500
    assert session_of(polina).data == {"seen": "before the fault"}


def test_a_refusal_is_an_answer_and_its_page_commits(polina, probe):
    assert polina.post("/refuses/").status_code == 422
    assert "Черновой" in names(probe)


def test_a_get_cannot_write(polina, probe):
    before = names(probe)
    assert polina.get("/saves/").status_code == 500
    assert polina.head("/refuses/").status_code == 500
    assert names(probe) == before


def test_a_view_without_a_declared_right_does_not_answer(polina):
    refused = polina.get("/unmarked/")
    assert refused.status_code == 403
    assert "открыто всем" not in refused.content.decode()


def test_a_failed_sign_in_is_remembered_by_closing(probe, committed):
    client = Client(headers={"host": probe.host})
    client.post("/login/", {"login": "nobody-at-all", "password": "x"})
    with transaction.atomic():
        attempt = SignInAttempt.objects.get(login_digest=keyed_digest("nobody-at-all"))
    assert not attempt.succeeded


def test_every_answer_carries_the_number_of_its_request_and_is_not_cached(polina):
    answer = polina.post("/faults/")
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Request-ID"] in answer.content.decode()
