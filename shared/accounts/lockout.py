"""Slowing down those who guess without shutting out those who know. Source: ORGANIZATION 5.

Three counters of failures within a quarter of an hour: of one account from one address, of one address, of one account
from everywhere. An address from which this account entered lately answers for its own failures only, so nobody can
lock a person out from elsewhere, or a whole school from one of its computers. Only keyed digests are kept.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from shared.accounts.models import SignInAttempt
from shared.accounts.sealing import keyed_digest


@dataclass(frozen=True)
class Limits:
    """How many failures within the window are too many."""

    from_one_address: int = 10
    of_one_address: int = 100
    of_one_account: int = 50
    window: datetime.timedelta = datetime.timedelta(minutes=15)
    familiar_for: datetime.timedelta = datetime.timedelta(days=30)


SIGN_IN: Final = Limits()
# Six digits are guessed sooner than a password, and who tries them already has the password.
SECOND_FACTOR: Final = Limits(of_one_account=10)


@dataclass(frozen=True)
class Guard:
    """One account (by whatever names it) and one address, as their digests."""

    account: str
    address: str
    limits: Limits

    @classmethod
    def of(cls, name: str, address: str | None, limits: Limits = SIGN_IN) -> Guard:
        return cls(keyed_digest(name), keyed_digest(address or "unknown"), limits)

    @property
    def is_locked(self) -> bool:
        """Whether even the right answer has to wait now; the same for accounts that do not exist."""
        now, limits = timezone.now(), self.limits
        theirs = Q(login_digest=self.account) | Q(address_digest=self.address)
        failures = SignInAttempt.objects.filter(theirs, succeeded=False, at__gt=now - limits.window)
        # A few hundred at most: what has to wait is not counted again.
        tries = list(failures.values_list("login_digest", "address_digest"))
        if tries.count((self.account, self.address)) >= limits.from_one_address:
            return True
        of_address = sum(address == self.address for _, address in tries)
        of_account = sum(account == self.account for account, _ in tries)
        if of_address < limits.of_one_address and of_account < limits.of_one_account:
            return False
        entered = SignInAttempt.objects.filter(login_digest=self.account, address_digest=self.address, succeeded=True)
        return not entered.filter(at__gt=now - limits.familiar_for).exists()

    def attempt(self, *, succeeded: bool) -> SignInAttempt:
        """The try as the closing transaction keeps it."""
        return SignInAttempt(login_digest=self.account, address_digest=self.address, succeeded=succeeded)
