"""The rules of passwords, in one place: what a person may choose, what a one-time password is."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils import timezone

from shared.accounts.models import Account

ONE_TIME_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
# The same keys in the other layout: «йцукенгшщзхъ» is as common as what it was meant to be.
_LAYOUT: Final = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")


class Validator(Protocol):
    """A rule of Django."""

    def validate(self, password: str, user: Account | None = None) -> None: ...


@dataclass(frozen=True)
class PasswordPolicy:
    """At least 12 characters, not only digits, not a common one, not like login or name. Source: R-030, R-097.

    No letters or digits are demanded and nothing expires by the calendar: both make people choose worse passwords.
    """

    min_length: int = 12
    max_length: int = 200
    unlike: tuple[str, ...] = ("login", "last_name", "first_name", "patronymic")

    @cached_property
    def _validators(self) -> tuple[Validator, ...]:
        similarity = UserAttributeSimilarityValidator(self.unlike)
        return (
            MinimumLengthValidator(self.min_length),
            CommonPasswordValidator(),
            NumericPasswordValidator(),
            similarity,
        )

    def reasons_against(self, password: str, account: Account) -> list[str]:
        """Why this person may not have this password, in sentences; empty if he may."""
        if len(password) > self.max_length:
            return [f"Пароль длиннее {self.max_length} знаков."]
        reasons: list[str] = []
        for typed in dict.fromkeys((password, password.lower().translate(_LAYOUT))):
            for validator in self._validators:
                try:
                    validator.validate(typed, account)
                except ValidationError as error:
                    reasons += error.messages
        return list(dict.fromkeys(reasons))

    @property
    def one_time_until(self) -> datetime.datetime:
        """When a one-time password issued now stops working. Source: R-018."""
        return timezone.now() + datetime.timedelta(days=settings.ENVIRONMENT.one_time_password_days)


POLICY: Final = PasswordPolicy()


def one_time_password() -> str:
    """Sixteen letters and digits that cannot be mistaken for each other, in groups: about 79 bits."""
    letters = [secrets.choice(ONE_TIME_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))
