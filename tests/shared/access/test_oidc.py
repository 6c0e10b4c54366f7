"""Entering through an OpenID provider, against a real one: linked once by the password, never by name."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from shared.access import provider
from shared.accounts.models import Account, ExternalIdentity
from shared.tenancy import scopes
from tests.oidc.process import running
from tests.support import PASSWORD, client_of

REDIRECT_URI = "http://localhost/login/oidc/callback/"
SECRET = "a-secret-of-the-tests-only-1234567890"
pytestmark = [pytest.mark.proves("R-030", "R-280"), pytest.mark.xdist_group("oidc")]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running(REDIRECT_URI) as address:
        yield address


@pytest.fixture
def connected(school, issuer, settings) -> str:
    """The installation knows the provider."""
    facts = {"oidc_issuer": issuer, "oidc_client_id": "asuso", "oidc_client_secret": SECRET}
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=facts)
    provider._known.clear()
    return issuer


def at_the_provider(address: str, subject: str) -> str:
    """What a person does there: signs in and agrees; returns the address that leads back to us."""
    browser = requests.Session()
    answer = browser.get(address, allow_redirects=False, timeout=10)
    for _ in range(12):
        where = answer.headers.get("Location")
        if where and where.startswith(REDIRECT_URI):
            return where
        if where:
            answer = browser.get(urljoin(answer.url, where), allow_redirects=False, timeout=10)
            continue
        prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
        action = re.search(r'action="([^"]+)"', answer.text)
        assert prompt, answer.text
        assert action, answer.text
        given = {"prompt": prompt[1], "login": subject, "password": "x"}
        answer = browser.post(urljoin(answer.url, action[1]), data=given, allow_redirects=False, timeout=10)
    raise AssertionError("the provider never sent the browser back")


def to_the_provider(entrance: Client, host: str, wanted: str = "/") -> str:
    """From the button of a host to the provider's door."""
    button = Client(headers={"host": host}).get("/login/oidc/", {"next": wanted}).headers["Location"]
    assert urlsplit(button).hostname == "localhost"
    answer = entrance.get(button)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def back(entrance: Client, address: str):
    parts = urlsplit(address)
    return entrance.get(f"{parts.path}?{parts.query}")


def arrive(page, host: str) -> tuple[Client, str]:
    """The page that carries the code posts itself to the host."""
    assert page.status_code == 200, page.content.decode()
    assert urlsplit(page.context["target"]).hostname == host
    client = Client(headers={"host": host})
    answer = client.post("/enter/", {"code": page.context["code"], "next": page.context["next"]})
    return client, answer.headers["Location"]


@pytest.fixture
def entrance() -> Client:
    return Client(headers={"host": "localhost"})


def link(entrance: Client, host: str, subject: str, login: str, password: str = PASSWORD):
    back(entrance, at_the_provider(to_the_provider(entrance, host), subject))
    return entrance.post("/login/oidc/continue/", {"login": login, "password": password})


def test_without_the_setting_there_is_no_button_and_no_address(school):
    assert "Войти через" not in Client(headers={"host": school.host}).get("/login/").content.decode()
    for address in ("", "start/", "callback/", "continue/"):
        assert Client(headers={"host": "localhost"}).get(f"/login/oidc/{address}").status_code == 404


def test_the_first_time_asks_for_the_password_and_the_next_time_does_not(school, connected, entrance):
    assert "Войти через Госуслуги" in Client(headers={"host": school.host}).get("/login/").content.decode()
    came_back = back(entrance, at_the_provider(to_the_provider(entrance, school.host, "/groups/"), "subject-anna"))
    assert came_back.headers["Location"] == "/login/oidc/continue/"
    assert "Свяжите учётную запись" in entrance.get("/login/oidc/continue/").content.decode()
    wrong = entrance.post("/login/oidc/continue/", {"login": "anna", "password": "мимо"})
    assert wrong.status_code == 422
    anna, wanted = arrive(entrance.post("/login/oidc/continue/", {"login": "anna", "password": PASSWORD}), school.host)
    assert wanted == "/groups/"
    assert anna.get("/api/v1/me/").json()["login"] == "anna"
    assert "связана" in anna.get("/account/").content.decode()

    again = Client(headers={"host": "localhost"})
    back(again, at_the_provider(to_the_provider(again, school.host), "subject-anna"))
    assert "подтвердили, что это вы" in again.get("/login/oidc/continue/").content.decode()
    second, _ = arrive(again.post("/login/oidc/continue/"), school.host)
    assert second.get("/api/v1/me/").json()["login"] == "anna"
    assert entrance.get("/api/v1/me/").status_code == 401, "the entrance itself let nobody in"


def test_nobody_is_linked_by_name(school, connected, entrance):
    back(entrance, at_the_provider(to_the_provider(entrance, school.host), "anna"))
    page = entrance.get("/login/oidc/continue/")
    assert page.context["is_linked"] is False
    assert ExternalIdentity.objects.none().count() == 0
    with scopes.enter(scopes.of_accounts()):
        assert not ExternalIdentity.objects.exists()


def test_the_provider_is_the_first_factor_only(school, connected, entrance):
    page = link(entrance, school.host, "subject-admin", "org_admin")
    admin, wanted = arrive(page, school.host)
    assert wanted == "/second-factor/"
    assert admin.get("/api/v1/me/").json()["code"] == "second_factor_required"


def test_one_account_has_one_identity_and_it_can_be_removed(school, connected, entrance):
    anna, _ = arrive(link(entrance, school.host, "subject-one", "anna"), school.host)
    other = Client(headers={"host": "localhost"})
    refused = link(other, school.host, "subject-two", "anna")
    assert "уже есть связь" in refused.content.decode()
    anna.post("/account/identity/remove/")
    arrive(link(Client(headers={"host": "localhost"}), school.host, "subject-two", "anna"), school.host)


def test_a_closed_account_and_a_reset_password_are_refused(school, connected, entrance):
    arrive(link(entrance, school.host, "subject-anna", "anna"), school.host)
    for facts, said in (({"must_change_password": True}, "одноразовый пароль"), ({"is_active": False}, "не подходят")):
        with scopes.enter(scopes.of_accounts()):
            Account.objects.filter(login="anna").update(**facts)
        again = Client(headers={"host": "localhost"})
        back(again, at_the_provider(to_the_provider(again, school.host), "subject-anna"))
        refused = again.post("/login/oidc/continue/")
        assert refused.status_code == 422
        with scopes.enter(scopes.of_accounts()):
            Account.objects.filter(login="anna").update(must_change_password=False, is_active=True)
        assert said in refused.content.decode()


def test_an_answer_without_our_question_is_refused(school, connected, entrance):
    answer = at_the_provider(to_the_provider(entrance, school.host), "subject-anna")
    stranger = Client(headers={"host": "localhost"})
    assert back(stranger, answer).status_code == 422, "another browser"
    state = parse_qs(urlsplit(answer).query)["state"][0]
    assert entrance.get("/login/oidc/callback/", {"code": "x", "state": f"{state}x"}).status_code == 422
    assert back(entrance, answer).status_code == 422, "one question, one answer"
    refusal = entrance.get("/login/oidc/callback/", {"error": "access_denied"})
    assert "не удался" in refusal.content.decode()


def test_the_way_back_leads_only_to_hosts_of_ours(school, connected, entrance):
    for wanted in ("evil.example", "nobody.localhost", "", "school-1.localhost.evil.example"):
        assert entrance.get("/login/oidc/start/", {"to": wanted}).status_code == 404
    assert Client(headers={"host": school.host}).get("/login/oidc/start/", {"to": school.host}).status_code == 404


def forged(key, **claims: object) -> str:
    now = int(time.time())
    usual = {"iss": "", "aud": "asuso", "sub": "subject-anna", "nonce": "n", "iat": now, "exp": now + 60}
    return jwt.encode({"alg": "RS256", "kid": "k"}, {**usual, **claims}, key)


@pytest.fixture
def own_keys(connected, monkeypatch):
    """As if the provider signed with this key."""
    key = RSAKey.generate_key(2048, {"kid": "k"})
    said = provider._metadata()
    ours = provider.Metadata(said.authorization_endpoint, said.token_endpoint, KeySet([key]))
    monkeypatch.setattr(provider, "_metadata", lambda: ours)
    return key


def test_an_id_token_is_ours_fresh_signed_by_the_issuer_and_for_this_sign_in(connected, own_keys):
    good = forged(own_keys, iss=connected)
    assert provider._verified(good, "n")["sub"] == "subject-anna"
    stranger = RSAKey.generate_key(2048, {"kid": "k"})
    bad = [
        forged(stranger, iss=connected),
        forged(own_keys, iss="https://evil.example"),
        forged(own_keys, iss=connected, aud="another"),
        forged(own_keys, iss=connected, exp=int(time.time()) - 3600),
        forged(own_keys, iss=connected, nonce="of another sign-in"),
        jwt.encode({"alg": "HS256"}, {"iss": connected, "aud": "asuso", "sub": "x", "nonce": "n"}, _secret_key()),
        good[:-4] + "AAAA",
        "не токен",
    ]
    for token in bad:
        with pytest.raises((provider.JoseError, ValueError)):
            provider._verified(token, "n")


def _secret_key():
    from joserfc.jwk import OctKey

    return OctKey.import_key(SECRET)


def test_a_provider_that_is_away_is_a_sentence(school, connected, entrance, settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    answer = entrance.get("/login/oidc/start/", {"to": school.host})
    assert answer.status_code == 422
    assert "не удался" in answer.content.decode()
    assert client_of(school.host, "anna").get("/api/v1/me/").status_code == 200
