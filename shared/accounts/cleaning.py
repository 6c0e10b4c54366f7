"""What of accounts is kept only for a time."""

from __future__ import annotations

import datetime

from django.utils import timezone

from shared.accounts.lockout import SIGN_IN
from shared.accounts.models import ApiToken, HandoffCode, Session, SignInAttempt
from shared.tenancy import scopes


def forget_stale() -> None:
    """Drop what has ended: sessions, codes, tokens, and attempts that no limit counts any more."""
    now = timezone.now()
    with scopes.enter(scopes.of_accounts().by("worker")):
        for model in (Session, HandoffCode, ApiToken):
            model.objects.filter(expires_at__lt=now).delete()  # type: ignore[attr-defined]
        last = now - SIGN_IN.familiar_for - datetime.timedelta(days=1)
        SignInAttempt.objects.filter(at__lt=last).delete()
