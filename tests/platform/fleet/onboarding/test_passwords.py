"""First passwords are hashed ahead, and nobody is given another one's."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password

from fleet.onboarding.passwords import passwords_ahead


def test_every_password_is_new_and_comes_with_its_own_hash():
    with passwords_ahead() as passwords:
        taken = [passwords.take() for _ in range(3)]
    assert len({one.password for one in taken}) == 3
    assert all(check_password(one.password, one.encoded) for one in taken)
