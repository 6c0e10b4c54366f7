"""The second factor of the tests: one secret of an authenticator app for everybody whose role demands it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pyotp

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP_SECONDS = 30
PATIENCE_SECONDS = 45


def codes(secret: str = SECRET) -> Iterator[str]:
    """What the app may show now: the code of this half-minute and its neighbors, the oldest first."""
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP_SECONDS
    for step in (now - 1, now, now + 1):
        yield totp.generate_otp(step)


def pass_with_any_code(accepts: Callable[[str], bool], secret: str = SECRET) -> None:
    """Try the codes in turn: a used one is refused, and who signs in often waits for the next half-minute."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if any(accepts(code) for code in codes(secret)):
            return
        time.sleep(1)
    raise AssertionError("no code of the app was accepted")


_used: dict[str, int] = {}


def fresh_code(login: str, secret: str = SECRET) -> str:
    """A code that this process has not given for this login yet, as soon as there is one."""
    totp, deadline = pyotp.TOTP(secret), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        now = int(time.time()) // STEP_SECONDS
        # Not the half-minute before: it may be out of the app's reach by the time the form is sent.
        step = max(now, _used.get(login, 0) + 1)
        if step <= now + 1:
            _used[login] = step
            return totp.generate_otp(step)
        time.sleep(1)
    raise AssertionError(f"no fresh code for {login}")
