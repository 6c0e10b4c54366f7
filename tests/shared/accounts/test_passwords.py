"""What a password may be, how it is kept, and how long a one-time one lives."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client, override_settings
from django.utils import timezone

from config.settings import security
from shared.access.services import create_account, give_role, reissue_password
from shared.accounts.models import Account
from shared.accounts.passwords import POLICY, one_time_password
from shared.tenancy import scopes
from tests.support import PASSWORD, SINCE

pytestmark = pytest.mark.proves("R-030", "R-097")
SOMEBODY = Account(login="sokolova.ma", last_name="Соколова", first_name="Мария", patronymic="Александровна")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("короткий-11", "слишком короткий"),
        ("administrator", "слишком широко распространён"),
        ("йцукенгшщзхъ", "слишком широко распространён"),
        ("123456789012", "только из цифр"),
        ("sokolova.ma2026", "слишком похож"),
        ("Александровна1", "слишком похож"),
        ("а" * 201, "длиннее 200"),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(password, reason):
    assert reason in " ".join(POLICY.reasons_against(password, SOMEBODY))


GOOD = ("кот пьёт молоко утром", "correct horse battery", "abcd-efgh-jkmn-p234", PASSWORD)


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_needs_no_special_characters(password):
    assert POLICY.reasons_against(password, SOMEBODY) == []


def test_one_time_passwords_are_long_random_and_readable():
    made = {one_time_password() for _ in range(1000)}
    assert len(made) == 1000
    assert not set("".join(made)) & set("0O1lIi")


def test_passwords_are_kept_as_argon2id_with_the_costs_of_the_settings():
    hashers = security.PASSWORD_HASHERS
    with override_settings(PASSWORD_HASHERS=hashers, ARGON2ID=security.ARGON2ID):
        kept = make_password("кот пьёт молоко утром")
        costs = security.ARGON2ID
        expected = f"argon2$argon2id$v=19$m={costs['memory_cost']},t={costs['time_cost']},p={costs['parallelism']}$"
        assert kept.startswith(expected)
        assert costs["memory_cost"] >= 47_104
        assert costs["time_cost"] >= 1
        with override_settings(ARGON2ID=costs | {"time_cost": 3}):
            assert identify_hasher(kept).must_update(kept), "dearer settings renew older hashes"


def sign_in(host: str, login: str, password: str):
    client = Client(headers={"host": host})
    return client, client.post("/login/", {"login": login, "password": password})


@pytest.fixture
def newcomer(school) -> tuple[Account, str]:
    password = one_time_password()
    with scopes.enter(scopes.of_accounts()):
        account = create_account(login="newcomer", password=password)
        give_role(account=account, role="teacher", organization_id=school.organization.pk, valid_from=SINCE)
    return account, password


@pytest.mark.proves("R-018", "R-280")
def test_an_expired_one_time_password_answers_like_a_wrong_one(school, newcomer, settings):
    account, password = newcomer
    lifetime = account.one_time_until - timezone.now()
    days = settings.ENVIRONMENT.one_time_password_days
    assert datetime.timedelta(days=days, minutes=-1) < lifetime <= datetime.timedelta(days=days)
    assert sign_in(school.host, "newcomer", password)[1].headers["Location"] == "/password/"
    with scopes.enter(scopes.of_accounts()):
        Account.objects.filter(pk=account.pk).update(one_time_until=timezone.now())
    expired, wrong = (sign_in(school.host, "newcomer", typed)[1] for typed in (password, "мимо"))
    assert expired.status_code == wrong.status_code == 422
    assert expired.context["form"].errors == wrong.context["form"].errors


@pytest.mark.proves("R-018", "R-030")
def test_a_reissued_password_ends_sessions_and_is_changed_at_the_next_entry(school):
    client, _ = sign_in(school.host, "anna", PASSWORD)
    with scopes.enter(scopes.of_accounts()):
        password = reissue_password(Account.objects.get(login="anna"))
    assert client.get("/api/v1/me/").status_code == 401
    assert sign_in(school.host, "anna", PASSWORD)[1].status_code == 422
    anna, entered = sign_in(school.host, "anna", password)
    assert entered.headers["Location"] == "/password/"
    assert anna.get("/account/").headers["Location"].startswith("/password/")
    same = anna.post("/password/", {"current": password, "new": password, "repeated": password})
    assert "совпадает с прежним" in same.content.decode()


def test_guessing_the_old_password_on_the_password_page_is_limited(school):
    anna, _ = sign_in(school.host, "anna", PASSWORD)
    new = "кот пьёт молоко утром"
    for _ in range(11):
        answer = anna.post("/password/", {"current": "мимо", "new": new, "repeated": new})
    assert "Слишком много попыток" in answer.content.decode()
