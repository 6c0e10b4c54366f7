"""Signing in, changing a password, moving between hosts, and giving roles.

Everything here runs in the role ``accounts``, except what the closing transaction writes. Source: INTERFACES 2.
"""

from __future__ import annotations

import datetime
import secrets
import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from shared.access.errors import HandoffRefused, PasswordRefused, SignInRefused, TooManyAttempts
from shared.access.models import RoleGrant
from shared.accounts.models import Account, ApiToken, HandoffCode, SignInAttempt
from shared.accounts.sessions import digest

ATTEMPT_WINDOW = datetime.timedelta(minutes=15)
ATTEMPTS_PER_LOGIN = 10
ATTEMPTS_PER_ADDRESS = 100
HANDOFF_SECONDS = 30
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# Checked when no such login exists, so that the answer takes as long as for a known one.
_NOBODY = make_password("nobody has this password")


def check_sign_in(*, login: str, password: str, address: str | None) -> tuple[Account | None, SignInAttempt]:
    """The account if login and password are right, and the attempt for the closing transaction to keep.

    Unknown login, wrong password and a closed account answer the same, in the same time. Raises: TooManyAttempts.
    """
    login_digest = digest(login.strip().lower())
    since = timezone.now() - ATTEMPT_WINDOW
    failures = SignInAttempt.objects.filter(succeeded=False, at__gt=since)
    if (
        failures.filter(login_digest=login_digest).count() >= ATTEMPTS_PER_LOGIN
        or failures.filter(address=address).count() >= ATTEMPTS_PER_ADDRESS
    ):
        raise TooManyAttempts
    account = Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    is_right = check_password(password, account.password if account else _NOBODY)
    attempt = SignInAttempt(login_digest=login_digest, address=address, succeeded=bool(account and is_right))
    return (account if attempt.succeeded else None), attempt


def change_password(*, account: Account, current: str, new: str) -> None:
    """Replace the password; a one-time password ends with it. Raises: SignInRefused, PasswordRefused."""
    if not account.check_password(current):
        raise SignInRefused
    if current == new:
        raise PasswordRefused(reason="Новый пароль совпадает с прежним.")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise PasswordRefused(reason=" ".join(error.messages)) from error
    Account.objects.filter(pk=account.pk).update(password=make_password(new), must_change_password=False)


def one_time_password() -> str:
    """Sixteen letters and digits that cannot be mistaken for each other, in groups: about 79 bits."""
    letters = [secrets.choice(ONE_TIME_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def create_account(
    *,
    login: str,
    password: str,
    last_name: str = "",
    first_name: str = "",
    patronymic: str = "",
    is_one_time: bool = True,
    using: str = "default",
) -> Account:
    """A new account; a one-time password must be changed at the first entry."""
    account = Account(
        login=login.lower(),
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        password=make_password(password),
        must_change_password=is_one_time,
    )
    account.save(using=using, force_insert=True)
    return account


def give_role(
    *,
    account: Account,
    role: str,
    organization_id: uuid.UUID | None = None,
    authority_id: int | None = None,
    valid_from: datetime.date,
    order_number: str = "",
    order_date: datetime.date | None = None,
    using: str = "default",
) -> RoleGrant:
    """A role in one place from a day on. Source: ORGANIZATION 4."""
    grant = RoleGrant(
        account=account,
        role=role,
        organization_id=organization_id,
        authority_id=authority_id,
        valid_from=valid_from,
        order_number=order_number,
        order_date=order_date,
    )
    grant.save(using=using, force_insert=True)
    return grant


def reissue_password(account: Account, *, using: str = "default") -> str:
    """A new one-time password; every session of the account ends."""
    password = one_time_password()
    Account.objects.using(using).filter(pk=account.pk).update(
        password=make_password(password), must_change_password=True
    )
    account.sessions.using(using).all().delete()
    return password


def make_handoff(*, account_id: uuid.UUID, grant_id: uuid.UUID, target_host: str, browser: str) -> str:
    """A one-time code that lets this browser enter ``target_host`` within 30 seconds."""
    code = secrets.token_urlsafe(32)
    HandoffCode.objects.filter(expires_at__lt=timezone.now()).delete()
    HandoffCode.objects.create(
        digest=digest(code),
        account_id=account_id,
        grant_id=grant_id,
        target_host=target_host,
        browser_digest=digest(browser),
        expires_at=timezone.now() + datetime.timedelta(seconds=HANDOFF_SECONDS),
    )
    return code


def take_handoff(*, code: str, host: str, browser: str) -> HandoffCode:
    """Spend a code; it works once, on its host, in its browser. Raises: HandoffRefused."""
    found = (
        HandoffCode.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(digest=digest(code), target_host=host, browser_digest=digest(browser), expires_at__gt=timezone.now())
        .first()
    )
    if found is None or not found.account.is_active:
        raise HandoffRefused
    HandoffCode.objects.filter(pk=found.pk).delete()
    return found


def issue_token(*, account: Account, host: str, days: int) -> str:
    """A bearer token for one host; ends with the account, the grant or its days."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        digest=digest(token),
        account=account,
        host=host,
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    return token
