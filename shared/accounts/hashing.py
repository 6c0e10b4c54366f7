"""How passwords are kept: argon2id with the parameters of the settings."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Django's hasher with costs of this installation; an older hash is renewed at the next sign-in."""

    @property
    def time_cost(self) -> int:  # type: ignore[override]
        return int(settings.ARGON2ID["time_cost"])

    @property
    def memory_cost(self) -> int:  # type: ignore[override]
        return int(settings.ARGON2ID["memory_cost"])

    @property
    def parallelism(self) -> int:  # type: ignore[override]
        return int(settings.ARGON2ID["parallelism"])
