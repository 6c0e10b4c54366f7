"""One-time passwords of first administrators, hashed ahead while the database makes tables."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from shared.accounts.passwords import one_time_password


class HashedPassword(NamedTuple):
    """A one-time password with its hash."""

    password: str
    encoded: str


class PasswordsAhead:
    """Always has the next password in work: Argon2 takes as long as half a schema and leaves the interpreter free."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._next = pool.submit(_hashed)

    def take(self) -> HashedPassword:
        """A password nobody has had."""
        taken, self._next = self._next, self._pool.submit(_hashed)
        return taken.result()


@contextmanager
def passwords_ahead() -> Iterator[PasswordsAhead]:
    """For as long as organizations are connected."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords") as pool:
        yield PasswordsAhead(pool)


def _hashed() -> HashedPassword:
    password = one_time_password()
    return HashedPassword(password, make_password(password))
