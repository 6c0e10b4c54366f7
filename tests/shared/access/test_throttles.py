"""Limits of requests for pages and for the API, by person, token and address."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from redis.exceptions import ConnectionError as RedisAway

from tests.support import PASSWORD, client_of
from tests.tenants import factories

pytestmark = pytest.mark.proves("R-178", "R-179")


@pytest.fixture
def limits(settings):
    """The limits as given, the others far away; counters begin at zero."""
    cache.clear()
    settings.THROTTLE_SCALE = 1
    usual = dict.fromkeys(settings.THROTTLES, 1000)

    def give(**kinds: int) -> None:
        settings.THROTTLES = {**usual, **kinds}

    yield give
    cache.clear()


def statuses(client, path: str, times: int, **extra: str) -> list[int]:
    return [client.get(path, **extra).status_code for _ in range(times)]


def test_a_person_is_counted_by_his_account_and_told_when_to_come_back(school, limits):
    anna, secretary = client_of(school.host, "anna"), client_of(school.host, "secretary")
    limits(user=3)
    assert statuses(anna, "/", 4) == [200, 200, 200, 429]
    refused = anna.get("/")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    page = refused.content.decode()
    assert "Слишком много запросов" in page
    assert refused.headers["X-Request-ID"] in page
    assert secretary.get("/").status_code == 200  # one address, another person


def test_the_same_limit_holds_for_the_api_with_a_session(school, limits):
    anna = client_of(school.host, "anna")
    limits(user=2)
    assert statuses(anna, "/api/v1/me/", 3) == [200, 200, 429]
    refused = anna.get("/api/v1/me/")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "throttled"
    assert refused.json()["facts"]["number"] == refused.headers["X-Request-ID"]


def test_a_stranger_is_counted_by_his_address_whatever_he_claims(school, limits):
    limits(address=3)
    stranger = client_of(school.host)
    forged = [stranger.get("/login/", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(4)]
    assert forged == [200, 200, 200, 429]
    assert stranger.get("/login/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_each_host_counts_for_itself(school, other_school, limits):
    limits(address=1)
    assert statuses(client_of(school.host), "/login/", 2) == [200, 429]
    assert statuses(client_of(other_school.host), "/login/", 1) == [200]


def test_signing_in_has_a_limit_of_its_own(school, limits):
    limits(sign_in=2)
    client = client_of(school.host)
    answers = [client.post("/login/", {"login": "anna", "password": "не тот"}).status_code for _ in range(3)]
    assert answers == [422, 422, 429]
    assert client.post("/login/", {"login": "anna", "password": PASSWORD}).status_code == 429
    assert client.get("/login/").status_code == 200


def test_revealing_and_exporting_have_limits_of_their_own(school, limits):
    with school.work():
        student = factories.student(snils="11223344595")
    anna = client_of(school.host, "anna")
    limits(reveal=2, export=1)
    reveal = f"/cards/student/{student.pk}/reveal/snils/"
    answers = [anna.post(reveal, {"reason": "сверка с документом"}).status_code for _ in range(3)]
    assert answers[2] == 429
    assert 429 not in answers[:2]
    assert statuses(anna, "/students/export.xlsx", 2) == [200, 429]
    assert anna.get("/students/").status_code == 200


def test_probes_are_never_refused(school, limits):
    limits(address=0)
    assert statuses(client_of(school.host), "/healthz", 3) == [200, 200, 200]


def test_keys_of_counters_name_the_workspace_and_nobody(school, limits, monkeypatch):
    keys: set[str] = set()
    add = LocMemCache.add
    monkeypatch.setattr(LocMemCache, "add", lambda self, key, *rest, **named: keys.add(key) or add(self, key, *rest))
    anna = client_of(school.host, "anna")
    anna.get("/")
    assert keys
    for key in keys:
        assert school.host in key
        assert "anna" not in key
        assert "127.0.0.1" not in key


def test_a_cache_that_is_away_closes_nothing(school, limits, monkeypatch):
    def away(*args: object, **named: object) -> None:
        raise RedisAway("away")

    limits(user=1, address=1)
    monkeypatch.setattr(LocMemCache, "add", away)
    assert statuses(client_of(school.host, "anna"), "/", 3) == [200, 200, 200]
