"""The second factor: codes of an app, recovery codes, and what they have in common with keys. Source: R-030, R-097."""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Final

import pyotp
from django.db import transaction
from django.utils import timezone

from shared.accounts.errors import CodeAlreadyUsed, CodeRefused, FactorObligatory
from shared.accounts.models import Account, AuthenticatorApp, RecoveryCode, SecurityKey
from shared.accounts.passwords import ONE_TIME_ALPHABET
from shared.accounts.sealing import keyed_digest, seal, unseal

ISSUER: Final = "АСУ СО"
STEP_SECONDS: Final = 30
STEPS_AROUND: Final = (0, -1, 1)  # a clock of a phone may be half a minute wrong
RECOVERY_CODES: Final = 10
RECOVERY_LETTERS: Final = 10


def new_secret() -> str:
    """160 random bits as an app takes them."""
    return pyotp.random_base32()


def provisioning_uri(account: Account, secret: str) -> str:
    """What the picture (QR) says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER)


def enroll_app(*, account: Account, secret: str, code: str) -> None:
    """Connect an app once it has shown a right code; it replaces the one before. Raises: CodeRefused."""
    step = _step_of(secret, code)
    if step is None:
        raise CodeRefused
    save_app(account=account, secret=secret, last_step=step)


def save_app(*, account: Account, secret: str, last_step: int = 0, using: str = "default") -> None:
    """The app of an account, without asking it for a code: for the demonstration and after the code was checked."""
    facts = {"sealed_secret": seal(secret), "last_step": last_step, "created_at": timezone.now()}
    with transaction.atomic(using=using):
        AuthenticatorApp.objects.using(using).update_or_create(account=account, defaults=facts)
        mark_enrolled(account, using=using)


def check_code(*, account: Account, code: str) -> None:
    """Take a code of the app, or else a recovery code; each works once. Raises: CodeRefused, CodeAlreadyUsed."""
    typed = code.replace(" ", "").replace("-", "").lower()
    if not (typed.isdecimal() and len(typed) == 6):
        _spend_recovery_code(account, typed)
        return
    app = AuthenticatorApp.objects.filter(account=account).first()
    step = _step_of(unseal(app.sealed_secret), typed) if app else None
    if app is None or step is None:
        raise CodeRefused
    # One statement decides, so that two requests with one code cannot both pass.
    if not AuthenticatorApp.objects.filter(account=account, last_step__lt=step).update(last_step=step):
        raise CodeAlreadyUsed


def _step_of(secret: str, code: str) -> int | None:
    """The half-minute whose code this is, or None."""
    now = int(time.time()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    typed = code.encode()
    fitting = [now + n for n in STEPS_AROUND if hmac.compare_digest(totp.generate_otp(now + n).encode(), typed)]
    return fitting[0] if fitting else None


def _spend_recovery_code(account: Account, typed: str) -> None:
    """Raises: CodeRefused."""
    unused = RecoveryCode.objects.filter(account=account, digest=_recovery_digest(account, typed), used_at=None)
    if not unused.update(used_at=timezone.now()):
        raise CodeRefused


def _recovery_digest(account: Account, typed: str) -> str:
    return keyed_digest(f"{account.pk}:{typed}")


def issue_recovery_codes(account: Account) -> list[str]:
    """Ten new codes to be shown once; the old ones end."""
    codes = ["".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(RECOVERY_LETTERS)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(digest=_recovery_digest(account, code), account=account) for code in codes
    )
    half = RECOVERY_LETTERS // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def recovery_codes_left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def mark_enrolled(account: Account, *, using: str = "default") -> None:
    """The account has a second factor: from now on every sign-in asks for it."""
    fresh = Account.objects.using(using).filter(pk=account.pk, second_factor_since=None)
    fresh.update(second_factor_since=timezone.now())


def remove_app(*, account: Account, is_obligatory: bool) -> None:
    """Disconnect the app. Raises: FactorObligatory."""
    _remove(account, AuthenticatorApp.objects.filter(account=account), is_obligatory=is_obligatory)


def remove_key(*, account: Account, key: SecurityKey, is_obligatory: bool) -> None:
    """Disconnect a key. Raises: FactorObligatory."""
    _remove(account, SecurityKey.objects.filter(account=account, pk=key.pk), is_obligatory=is_obligatory)


@transaction.atomic
def _remove(account: Account, factor: object, *, is_obligatory: bool) -> None:
    factor.delete()  # type: ignore[attr-defined]  # a queryset of either kind
    if _has_factor(account):
        return
    if is_obligatory:
        raise FactorObligatory
    reset_factors(account)


def _has_factor(account: Account) -> bool:
    return (
        AuthenticatorApp.objects.filter(account=account).exists()
        or SecurityKey.objects.filter(account=account).exists()
    )


def reset_factors(account: Account) -> None:
    """Forget every factor: the next entry of a role that needs one begins with connecting a new one."""
    AuthenticatorApp.objects.filter(account=account).delete()
    SecurityKey.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    Account.objects.filter(pk=account.pk).update(second_factor_since=None)
