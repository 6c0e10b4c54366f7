"""Security keys: connected once, asked at sign-in, refused when copied, stolen, or asked by another site."""

from __future__ import annotations

import json

import pytest
from django.test import Client, override_settings

from shared.accounts import keys
from shared.accounts.models import Account, SecurityKey
from shared.tenancy import scopes
from tests.shared.accounts.authenticator import SoftwareKey
from tests.support import PASSWORD, client_of

pytestmark = pytest.mark.proves("R-030", "R-097")
ORIGIN = "http://school-1.localhost:8000"


def connect_key(client: Client, key: SoftwareKey, name: str = "брелок"):
    options = client.post("/second-factor/new/key/options/").json()
    return client.post("/second-factor/new/key/", {"answer": key.create(options), "name": name})


def half_signed_in(host: str, login: str = "anna") -> Client:
    client = Client(headers={"host": host})
    client.post("/login/", {"login": login, "password": PASSWORD})
    return client


def enter(client: Client, key: SoftwareKey):
    return client.post("/second-factor/", {"answer": key.get(client.post("/second-factor/key/").json())})


@pytest.fixture
def key() -> SoftwareKey:
    return SoftwareKey(ORIGIN)


@pytest.fixture
def connected(school, key) -> Client:
    """Anna, who has just connected her first key."""
    anna = client_of(school.host, "anna")
    shown = connect_key(anna, key)
    assert len(shown.context["codes"]) == 10
    return anna


def test_a_key_is_connected_and_then_lets_in(school, connected, key):
    assert connected.get("/api/v1/me/").status_code == 200
    half = half_signed_in(school.host)
    assert half.get("/api/v1/me/").json()["code"] == "second_factor_required"
    assert "Войти ключом" in half.get("/second-factor/").content.decode()
    assert enter(half, key).status_code == 302
    assert half.get("/api/v1/me/").status_code == 200
    with scopes.enter(scopes.of_accounts()):
        kept = SecurityKey.objects.get()
    assert (kept.name, kept.sign_count) == ("брелок", 1)
    assert kept.last_used_at is not None


def test_an_answer_serves_one_sign_in(school, connected, key):
    half = half_signed_in(school.host)
    answer = key.get(half.post("/second-factor/key/").json())
    assert half.post("/second-factor/", {"answer": answer}).status_code == 302
    again = half_signed_in(school.host)
    again.post("/second-factor/key/")
    assert again.post("/second-factor/", {"answer": answer}).status_code == 422
    without_question = half_signed_in(school.host)
    assert (
        without_question.post("/second-factor/", {"answer": key.get({"rpId": "x", "challenge": "A" * 43})}).status_code
        == 422
    )


@pytest.mark.parametrize(
    "origin",
    ["http://school-2.localhost:8000", "https://evil.example", "http://school-1.localhost.evil.example", "null"],
)
def test_an_answer_collected_by_another_site_is_refused(school, connected, key, origin):
    key.origin = origin
    half = half_signed_in(school.host)
    assert enter(half, key).status_code == 422
    assert half.get("/api/v1/me/").status_code == 403


def test_another_key_and_a_key_of_another_person_are_refused(school, connected, key):
    half = half_signed_in(school.host)
    assert enter(half, SoftwareKey(ORIGIN, id=key.id)).status_code == 422
    assert enter(half, SoftwareKey(ORIGIN)).status_code == 422
    vera = client_of("school-2.localhost", "vera")
    hers = SoftwareKey("http://school-2.localhost")
    connect_key(vera, hers)
    hers.origin = ORIGIN
    assert enter(half, hers).status_code == 422


def test_a_copied_key_shows_itself_by_its_counter(school, connected, key):
    copy = SoftwareKey(ORIGIN, secret=key.secret, id=key.id)
    assert enter(half_signed_in(school.host), key).status_code == 302
    assert enter(half_signed_in(school.host), copy).status_code == 422


def test_one_key_is_not_connected_twice(school, connected, key):
    connect_key(connected, key)
    assert "уже подключён" in connected.get("/account/").content.decode()
    second = connect_key(connected, SoftwareKey(ORIGIN), name="")
    assert second.headers["Location"] == "/account/"
    with scopes.enter(scopes.of_accounts()):
        assert SecurityKey.objects.filter(account__login="anna").count() == 2


def sent(**parts: str) -> str:
    return json.dumps({"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "e30", **parts}})


@pytest.mark.parametrize(
    "answer",
    [
        *("", "нет", "{}", "[]", "null", '{"id": 1}', '{"rawId": "AA", "response": {}}', "[" * 5000, "1" * 25_000),
        sent(attestationObject="oA"),
        sent(authenticatorData="", signature=""),
    ],
)
def test_an_invented_answer_is_refused_in_words(school, connected, answer):
    half = half_signed_in(school.host)
    half.post("/second-factor/key/")
    assert half.post("/second-factor/", {"answer": answer}).status_code == 422
    connected.post("/second-factor/new/key/options/")
    connected.post("/second-factor/new/key/", {"answer": answer})
    assert "не подтвердил" in connected.get("/account/").content.decode() or not answer


def test_who_has_no_key_is_asked_for_none(school):
    half = half_signed_in(school.host, "org_admin")
    assert half.post("/second-factor/key/").status_code == 422
    assert "Войти ключом" not in half.get("/second-factor/").content.decode()


def test_one_key_works_on_every_host_of_a_registrable_domain(school):
    with override_settings(BASE_DOMAIN="asuso.example"):
        assert {keys.relying_party(f"{name}.asuso.example") for name in ("school-1", "region")} == {"asuso.example"}
    assert keys.relying_party("school-1.localhost") == "school-1.localhost"


def test_without_encryption_a_key_answers_on_this_machine_only(school, connected, key, settings):
    settings.IS_DEVELOPMENT = False
    assert enter(half_signed_in(school.host), key).status_code == 422
    key.origin = "https://school-1.localhost"
    assert enter(half_signed_in(school.host), key).status_code == 302


def test_disconnecting_the_last_key_ends_the_factor(school, connected, key):
    with scopes.enter(scopes.of_accounts()):
        kept = SecurityKey.objects.get()
    connected.post("/second-factor/remove/", {"factor": str(kept.pk), "password": PASSWORD})
    with scopes.enter(scopes.of_accounts()):
        assert Account.objects.get(login="anna").second_factor_since is None
        assert not SecurityKey.objects.exists()
    assert half_signed_in(school.host).get("/api/v1/me/").status_code == 200
