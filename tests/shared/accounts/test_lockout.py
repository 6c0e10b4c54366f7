"""Guessing is slowed down, and an attacker cannot shut an honest person out. Source: ORGANIZATION 5; R-030, R-097."""

from __future__ import annotations

import datetime
import random
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import verify_password
from django.utils import timezone

from shared.access import services
from shared.access.errors import TooManyAttempts
from shared.accounts import lockout
from shared.accounts.lockout import SIGN_IN, Guard
from shared.accounts.models import Account, SignInAttempt
from shared.tenancy import scopes
from tests.support import PASSWORD

pytestmark = pytest.mark.proves("R-030", "R-097", "R-280")
HOME, CAFE = "192.0.2.10", "198.51.100.7"
TRIES, TOGETHER = 10_000, 20


def try_to_enter(login: str, password: str, address: str) -> bool:
    """One sign-in as the page does it, closing included. Raises: TooManyAttempts."""
    account, attempt = services.check_sign_in(login=login, password=password, address=address)
    attempt.save(force_insert=True)
    return account is not None


def failures(login: str, address: str, count: int) -> None:
    SignInAttempt.objects.bulk_create(Guard.of(login, address).attempt(succeeded=False) for _ in range(count))


def locked(login: str, address: str) -> bool:
    return Guard.of(login, address).is_locked


def pass_time(monkeypatch, **time: float) -> None:
    later = timezone.now() + datetime.timedelta(**time)
    monkeypatch.setattr(lockout, "timezone", SimpleNamespace(now=lambda: later))


def test_ten_failures_of_one_account_from_one_address_close_that_way_for_a_quarter_of_an_hour(school, monkeypatch):
    failures("anna", CAFE, 9)
    assert not locked("anna", CAFE)
    failures("anna", CAFE, 1)
    assert locked("anna", CAFE)
    assert not locked("anna", HOME)
    assert not locked("secretary", CAFE)
    with pytest.raises(TooManyAttempts):
        try_to_enter("anna", PASSWORD, CAFE)
    pass_time(monkeypatch, minutes=15)
    assert not locked("anna", CAFE)


def test_a_hundred_failures_of_one_address_close_it_for_whoever_did_not_enter_from_there(school):
    assert try_to_enter("secretary", PASSWORD, CAFE)
    for number in range(SIGN_IN.of_one_address):
        failures(f"guess-{number}", CAFE, 1)
    assert locked("anna", CAFE)
    assert locked("nobody-at-all", CAFE)
    assert not locked("secretary", CAFE), "she works there: the pupils of the computer room cannot shut her out"
    assert not locked("anna", HOME)


def test_many_addresses_close_an_account_except_from_where_its_owner_works(school):
    assert try_to_enter("anna", PASSWORD, HOME)
    for number in range(10):
        failures("anna", f"203.0.113.{number}", 5)
    assert locked("anna", CAFE)
    assert try_to_enter("anna", PASSWORD, HOME)
    failures("anna", HOME, SIGN_IN.from_one_address)
    assert locked("anna", HOME), "a familiar address still answers for its own failures"


def test_an_address_is_familiar_for_thirty_days(school, monkeypatch):
    assert try_to_enter("anna", PASSWORD, HOME)
    pass_time(monkeypatch, days=31)
    wide = lockout.Limits(of_one_account=1, window=datetime.timedelta(days=40))
    failures("anna", CAFE, 1)
    assert Guard.of("anna", HOME, wide).is_locked
    monkeypatch.undo()
    assert not Guard.of("anna", HOME, wide).is_locked


def test_the_password_is_hashed_once_whatever_the_answer(school, monkeypatch):
    hashed: list[str] = []

    def counted(password: str, encoded: str) -> tuple[bool, bool]:
        hashed.append(encoded.rpartition("$")[0].split("$")[0])
        return verify_password(password, encoded)

    monkeypatch.setattr(services, "verify_password", counted)
    with scopes.enter(scopes.of_accounts()):
        Account.objects.filter(login="teacher").update(is_active=False)
        Account.objects.filter(login="coordinator").update(must_change_password=True, one_time_until=timezone.now())
    failures("secretary", CAFE, 10)
    failures("unknown-too", CAFE, 10)
    answers = []
    for login in ("anna", "nobody", "teacher", "coordinator", "secretary", "unknown-too"):
        try:
            answers.append(try_to_enter(login, "мимо", CAFE))
        except TooManyAttempts as refusal:
            answers.append(str(refusal))
    assert answers[:4] == [False] * 4
    assert answers[4] == answers[5]
    assert len(hashed) == 6
    assert len(set(hashed)) == 1, "an unknown login costs the same hash as a known one"


def test_attempts_keep_digests_that_cannot_be_tried_out_without_the_secret_key(school, settings):
    failures("anna", HOME, 1)
    kept = str(SignInAttempt.objects.values().get())
    assert "anna" not in kept
    assert HOME not in kept
    settings.SECRET_KEY = "another key"
    assert Guard.of("anna", HOME).account not in kept


def test_ten_thousand_attempts_succeed_not_once(school):
    """Many logins and addresses at once, all sorts of passwords, and the right one as soon as it has to wait."""
    dice = random.Random(20)
    known = ["anna", "secretary", "teacher", "vera", "boris", "oleg"]
    logins = [*known, *(f"user{number}" for number in range(40))]
    guesses = [
        "",
        "123456789012",
        "administrator",
        PASSWORD[:-1],
        PASSWORD.upper(),
        f" {PASSWORD}",
        "' or 1=1 --",
        "я" * 200,
    ]
    attackers = [f"203.0.113.{number}" for number in range(60)]
    assert try_to_enter("anna", PASSWORD, HOME)
    waiting: set[tuple[str, str]] = set()
    entered = waited = with_right_password = 0
    for _ in range(TRIES // TOGETHER):
        kept = []
        for _ in range(TOGETHER):
            login, address = dice.choice(known if dice.random() < 0.5 else logins), dice.choice(attackers)
            is_right = login in known and (login, address) in waiting
            with_right_password += is_right
            try:
                account, attempt = services.check_sign_in(
                    login=login, password=PASSWORD if is_right else dice.choice(guesses), address=address
                )
            except TooManyAttempts:
                waited += 1
                waiting.add((login, address))
            else:
                entered += account is not None
                kept.append(attempt)
        SignInAttempt.objects.bulk_create(kept)
    assert entered == 0
    assert with_right_password > 1000
    assert waited > TRIES / 2
    assert try_to_enter("anna", PASSWORD, HOME), "who enters as always was not disturbed"
