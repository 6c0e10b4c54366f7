"""Who is let into the API, and that every refusal is a problem document with a Russian sentence."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shared.access.services import issue_token
from shared.accounts.models import Account, ApiToken
from shared.tenancy import scopes
from tests.support import client_of

ME = "/api/v1/me/"


def token_of(login: str, host: str, *, days: int = 1) -> str:
    with scopes.enter(scopes.of_accounts()):
        return issue_token(account=Account.objects.get(login=login), host=host, days=days)


def bearer(host: str, token: str) -> Client:
    return Client(headers={"host": host, "authorization": f"Bearer {token}"})


def assert_problem(response, status: int) -> dict[str, object]:
    assert response.status_code == status, response.content.decode()
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "facts", "errors"}
    assert body["status"] == status
    assert re.match(r"[А-ЯЁ].*\.$", str(body["detail"])), body["detail"]
    return body


def test_nobody_gets_in_without_a_session_or_a_token(school):
    refused = Client(headers={"host": school.host}).get(ME)
    assert_problem(refused, 401)
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["", "нет", "a" * 43, "\x01", "x y z"])
def test_an_invented_token_is_refused(school, token):
    header = token.encode().decode("latin-1")
    assert_problem(Client(headers={"host": school.host, "authorization": f"Bearer {header}"}).get(ME), 401)


def test_a_token_works_on_its_host_alone(school, other_school):
    token = token_of("anna", school.host)
    assert bearer(school.host, token).get(ME).json()["login"] == "anna"
    assert_problem(bearer(other_school.host, token).get(ME), 401)
    assert_problem(bearer("region.localhost", token).get(ME), 401)


def test_the_word_bearer_is_read_in_any_case(school):
    token = token_of("anna", school.host)
    assert Client(headers={"host": school.host, "authorization": f"bearer {token}"}).get(ME).status_code == 200


def test_an_expired_token_is_refused(school):
    token = token_of("anna", school.host)
    with scopes.enter(scopes.of_accounts()):
        ApiToken.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert_problem(bearer(school.host, token).get(ME), 401)


def test_a_bad_token_beside_a_good_session_does_not_fall_back_to_the_session(school):
    anna = client_of(school.host, "anna")
    assert anna.get(ME).status_code == 200
    assert_problem(anna.get(ME, headers={"authorization": "Bearer nonsense"}), 401)


def test_a_session_works_on_its_host_alone(school, other_school):
    cookie = client_of(school.host, "anna").cookies["asuso_session"].value
    for host in (other_school.host, "region.localhost", "operator.localhost"):
        thief = Client(headers={"host": host})
        thief.cookies["asuso_session"] = cookie
        assert_problem(thief.get(ME), 401)


def test_a_person_signed_in_where_he_has_no_place_is_nobody_there(school):
    assert_problem(client_of(school.host, "vera").get(ME), 401)
    assert_problem(client_of("services.localhost", "vera").get(ME), 401)


def test_me_names_the_caller_his_place_and_his_rights(school):
    found = client_of(school.host, "anna").get(ME).json()
    assert found["login"] == "anna"
    assert found["workspace"] == "organization"
    assert found["here"][0]["place"] == "СОШ № 1"
    assert "orders.sign" in found["capabilities"]


@pytest.mark.parametrize("host", ["school-1", "region", "municipality", "operator", "services", "training"])
def test_an_unknown_address_of_the_api_is_a_problem(school, host):
    assert_problem(Client(headers={"host": f"{host}.localhost"}).get("/api/v1/nonsense/"), 401)
    assert_problem(Client(headers={"host": f"{host}.localhost"}).get("/api/"), 404)


def test_an_unknown_address_is_told_to_a_known_caller_and_to_no_foreign_token(school):
    token = token_of("anna", "school-1.localhost")
    assert_problem(bearer("school-1.localhost", token).get("/api/v1/nonsense/"), 404)
    assert_problem(bearer("region.localhost", token).get("/api/v1/students/"), 401)


def test_an_unknown_host_is_a_problem_too(db):
    assert_problem(Client(headers={"host": "nobody.localhost"}).get(ME), 404)
    assert_problem(Client(headers={"host": "example.org"}).get(ME), 404)


def test_methods_and_formats_the_api_does_not_have(school):
    token = bearer(school.host, token_of("anna", school.host))
    for method in ("post", "put", "patch", "delete"):
        assert_problem(getattr(token, method)(ME), 405)
    assert_problem(token.get(ME, headers={"accept": "text/html"}), 406)


def test_a_session_that_writes_without_its_csrf_token_is_refused(school):
    browser = Client(headers={"host": school.host}, enforce_csrf_checks=True)
    browser.cookies["asuso_session"] = client_of(school.host, "anna").cookies["asuso_session"].value
    assert assert_problem(browser.post(ME), 403)["code"] == "csrf_failed"


def test_a_one_time_password_must_be_changed_before_the_api_answers(school):
    with scopes.enter(scopes.of_accounts()):
        Account.objects.filter(login="anna").update(must_change_password=True)
    assert assert_problem(client_of(school.host, "anna").get(ME), 403)["code"] == "password_expired"
    assert bearer(school.host, token_of("anna", school.host)).get(ME).status_code == 200


def test_too_many_requests_are_told_when_to_come_back(school, settings):
    cache.clear()
    settings.THROTTLES = {**settings.THROTTLES, "token": 3}
    settings.THROTTLE_SCALE = 1
    caller = bearer(school.host, token_of("secretary", school.host))
    assert [caller.get(ME).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = caller.get(ME)
    assert_problem(refused, 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_the_throttle_of_the_contract_is_1200_a_minute(settings):
    assert settings.THROTTLES["token"] == 1200
