"""Signing in: one answer for everyone who fails, a limit for those who try again, one-time passwords changed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from shared.access.services import create_account, give_role
from shared.accounts.lockout import SIGN_IN
from shared.accounts.models import Account, SignInAttempt
from shared.accounts.passwords import one_time_password
from shared.tenancy import scopes
from tests.support import PASSWORD, SINCE, client_of


def sign_in(host: str, login: str, password: str):
    return Client(headers={"host": host}).post("/login/", {"login": login, "password": password})


def shown(response) -> str:
    """The page without what differs on every page: the login typed in, tokens, nonces."""
    text = response.content.decode()
    return re.sub(r'value="[^"]*"|nonce="[^"]*"|CSRFToken": "[^"]*"', "", text)


@pytest.fixture
def newcomer(school) -> Account:
    """A teacher with a one-time password."""
    with scopes.enter(scopes.of_accounts()):
        account = create_account(login="newcomer", password=PASSWORD)
        give_role(account=account, role="teacher", organization_id=school.organization.pk, valid_from=SINCE)
    return account


def test_the_answer_does_not_tell_whether_the_login_exists(school):
    known = sign_in(school.host, "anna", "не тот пароль")
    unknown = sign_in(school.host, "nobody", "не тот пароль")
    assert known.status_code == unknown.status_code == 422
    assert shown(known) == shown(unknown)
    assert not known.cookies.get("asuso_session")


def test_a_closed_account_answers_as_an_unknown_one(school):
    with scopes.enter(scopes.of_accounts()):
        Account.objects.filter(login="anna").update(is_active=False)
    assert shown(sign_in(school.host, "anna", PASSWORD)) == shown(sign_in(school.host, "nobody", PASSWORD))


def test_after_ten_failures_even_the_right_password_waits(school, other_school):
    for _ in range(SIGN_IN.from_one_address):
        assert "Слишком много попыток" not in sign_in(school.host, "anna", "мимо").content.decode()
    blocked = sign_in(school.host, "anna", PASSWORD)
    assert blocked.status_code == 422
    assert "Слишком много попыток" in blocked.content.decode()
    assert "Слишком много попыток" in sign_in(other_school.host, "ANNA ", PASSWORD).content.decode()
    assert sign_in(school.host, "secretary", PASSWORD).status_code == 302


def test_logins_and_passwords_never_reach_the_table_of_attempts(school):
    sign_in(school.host, "anna", "мимо")
    kept = SignInAttempt.objects.values().get()
    assert "anna" not in str(kept)
    assert "мимо" not in str(kept)


@pytest.mark.parametrize("login", ["\x00", "a" * 5000, "' or 1=1 --", ""])
def test_an_absurd_login_is_refused_in_words(school, login):
    assert sign_in(school.host, login, "x").status_code == 422


def test_signing_in_changes_the_cookie_and_signing_out_ends_the_session(school):
    anna = client_of(school.host, "anna")
    first = anna.cookies["asuso_session"].value
    anna.post("/login/", {"login": "anna", "password": PASSWORD})
    assert anna.cookies["asuso_session"].value != first
    kept = anna.cookies["asuso_session"].value
    anna.post("/logout/")
    for value in (first, kept):
        thief = Client(headers={"host": school.host})
        thief.cookies["asuso_session"] = value
        assert thief.get("/api/v1/me/").status_code == 401


def test_after_signing_in_nobody_is_sent_to_another_site(school):
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client = Client(headers={"host": school.host})
        answer = client.post("/login/", {"login": "anna", "password": PASSWORD, "next": wanted})
        assert answer.headers["Location"] == "/"


def test_a_one_time_password_must_be_changed_first(school, newcomer):
    client = Client(headers={"host": school.host})
    assert client.post("/login/", {"login": "newcomer", "password": PASSWORD}).headers["Location"] == "/password/"
    for address in ("/api/v1/students/", "/api/v1/me/"):
        assert client.get(address).status_code == 403
    new = one_time_password()
    weak = {"current": PASSWORD, "new": "qwerty", "repeated": "qwerty"}
    assert client.post("/password/", weak).status_code == 422
    changed = client.post("/password/", {"current": PASSWORD, "new": new, "repeated": new})
    assert changed.headers["Location"] == "/"
    assert client.get("/api/v1/students/").status_code == 200
    assert sign_in(school.host, "newcomer", PASSWORD).status_code == 422
    assert sign_in(school.host, "newcomer", new).headers["Location"] == "/"
