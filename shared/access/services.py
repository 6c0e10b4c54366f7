"""Signing in, changing a password, moving between hosts, and giving roles.

Everything here runs in the role ``accounts``, except what the closing transaction writes. Source: INTERFACES 2.
"""

from __future__ import annotations

import datetime
import secrets
import uuid
from functools import cache

from django.contrib.auth.hashers import make_password, verify_password
from django.utils import timezone

from shared.access.errors import HandoffRefused, PasswordRefused, TooManyAttempts
from shared.access.models import RoleGrant
from shared.accounts import factors
from shared.accounts.lockout import SECOND_FACTOR, Guard
from shared.accounts.models import Account, ApiToken, HandoffCode, SignInAttempt
from shared.accounts.passwords import POLICY, one_time_password
from shared.accounts.sealing import digest
from shared.accounts.sessions import end_sessions
from shared.kernel.ids import new_id

HANDOFF_SECONDS = 30


@cache
def _nobody() -> str:
    """Checked when no such login exists, so that the answer takes as long as for a known one."""
    return make_password("nobody has this password")


def check_sign_in(*, login: str, password: str, address: str | None) -> tuple[Account | None, SignInAttempt]:
    """The account if login and password are right, and the attempt for the closing transaction to keep.

    Unknown login, wrong password, a closed account and an expired one-time password answer the same, in the same time:
    the hash is computed in every case, also when the answer has to wait. Raises: TooManyAttempts.
    """
    name = login.strip().lower()
    guard = Guard.of(name, address)
    if guard.is_locked:
        verify_password(password, _nobody())
        raise TooManyAttempts
    account = Account.objects.filter(login=name, is_active=True).first()
    is_right, is_old = verify_password(password, account.password if account else _nobody())
    if account is None or not is_right or account.is_expired:
        attempt = guard.attempt(succeeded=False)
        attempt.account_id = account.pk if account else None
        return None, attempt
    if is_old:
        Account.objects.filter(pk=account.pk).update(password=make_password(password))
    return account, guard.attempt(succeeded=True)


def check_factor_code(*, account: Account, code: str, address: str | None) -> SignInAttempt:
    """Pass the second factor by a code. Raises: TooManyAttempts, CodeRefused, CodeAlreadyUsed."""
    guard = factor_guard(account, address)
    if guard.is_locked:
        raise TooManyAttempts
    factors.check_code(account=account, code=code)
    return guard.attempt(succeeded=True)


def factor_guard(account: Account, address: str | None) -> Guard:
    """The limits of wrong codes, counted apart from those of wrong passwords."""
    return Guard.of(f"second factor {account.pk}", address, SECOND_FACTOR)


def change_password(*, account: Account, new: str, keep_session: str = "") -> None:
    """Replace the password; a one-time password ends with it, and so do the other sessions. Raises: PasswordRefused."""
    if verify_password(new, account.password)[0]:
        raise PasswordRefused(reason="Новый пароль совпадает с прежним.")
    reasons = POLICY.reasons_against(new, account)
    if reasons:
        raise PasswordRefused(reason=" ".join(reasons))
    Account.objects.filter(pk=account.pk).update(
        password=make_password(new), must_change_password=False, one_time_until=None
    )
    end_sessions(account, besides=keep_session)


def create_account(
    *,
    login: str,
    password: str,
    last_name: str = "",
    first_name: str = "",
    patronymic: str = "",
    is_one_time: bool = True,
    key: uuid.UUID | None = None,
    encoded: str = "",
    using: str = "default",
) -> Account:
    """A new account; a one-time password must be changed at the first entry.

    ``encoded`` is the hash of the password where it was made beforehand.
    """
    account = Account(
        id=key or new_id(),
        login=login.lower(),
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        password=encoded or make_password(password),
        must_change_password=is_one_time,
        one_time_until=POLICY.one_time_until if is_one_time else None,
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
        password=make_password(password), must_change_password=True, one_time_until=POLICY.one_time_until
    )
    account.sessions.using(using).all().delete()
    return password


def recover(account: Account) -> str:
    """For a person who lost the second factor: both factors anew, by the hand of an administrator."""
    factors.reset_factors(account)
    return reissue_password(account)


def make_handoff(
    *,
    account_id: uuid.UUID,
    grant_id: uuid.UUID | None,
    target_host: str,
    browser: str,
    signed_in_at: datetime.datetime | None = None,
    factor_passed_at: datetime.datetime | None = None,
) -> str:
    """A one-time code that lets this browser enter ``target_host`` within 30 seconds.

    The session there is as old as the one here and has passed what it has passed.
    """
    code = secrets.token_urlsafe(32)
    HandoffCode.objects.filter(expires_at__lt=timezone.now()).delete()
    HandoffCode.objects.create(
        digest=digest(code),
        account_id=account_id,
        grant_id=grant_id,
        signed_in_at=signed_in_at,
        factor_passed_at=factor_passed_at,
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
