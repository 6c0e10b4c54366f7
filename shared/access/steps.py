"""The steps of a sign-in after the password: until they are taken no other page answers. Source: R-030, R-097."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol


class Step(StrEnum):
    """In the order they are taken."""

    PASSWORD = "password"  # a one-time password is replaced by one's own
    FACTOR = "factor"  # the account has a second factor: it is asked
    ENROLLMENT = "enrollment"  # the role demands a second factor and there is none yet


ADDRESSES: Final = {
    Step.PASSWORD: "/password/",
    Step.FACTOR: "/second-factor/",
    Step.ENROLLMENT: "/second-factor/new/",
}
PROBLEMS: Final = {
    Step.PASSWORD: (
        "password_expired",
        "Пароль одноразовый. Войдите через браузер, смените его и повторите запрос.",
    ),
    Step.FACTOR: (
        "second_factor_required",
        "Вход не завершён: нужен второй фактор. Пройдите его в браузере и повторите запрос.",
    ),
    Step.ENROLLMENT: (
        "second_factor_required",
        "Ваша роль требует второго фактора. Подключите его в браузере и повторите запрос.",
    ),
}


class SigningIn(Protocol):
    """What of an actor the steps depend on."""

    @property
    def is_token(self) -> bool: ...
    @property
    def must_change_password(self) -> bool: ...
    @property
    def has_second_factor(self) -> bool: ...
    @property
    def factor_passed(self) -> bool: ...
    @property
    def needs_second_factor(self) -> bool: ...


def next_step(actor: SigningIn) -> Step | None:
    """What is still to be done before work; None when the sign-in is complete.

    A token stands for a completed sign-in. Source: INTERFACES 3.
    """
    if actor.is_token:
        return None
    if actor.must_change_password:
        return Step.PASSWORD
    if actor.factor_passed:
        return None
    if actor.has_second_factor:
        return Step.FACTOR
    return Step.ENROLLMENT if actor.needs_second_factor else None
