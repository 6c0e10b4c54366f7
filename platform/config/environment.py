"""The environment, read in one place, typed, failing at start with the name of the setting. Source: INTERFACES 3."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, IPvAnyNetwork, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from devdb import EnvironmentNotReady


class Environment(BaseSettings):
    """What the surroundings say. Without ``database_url`` everything has a default that suits a demo."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    database_url: str | None = None
    database_owner_url: str | None = None
    database_replica_url: str | None = None
    database_lanes: int | None = Field(default=None, ge=1, le=64)
    replica_lag_seconds: int = Field(default=5, ge=1, le=3600)
    secret_key: str | None = None
    audit_key: str | None = None
    base_domain: str = "localhost"
    broker_url: str | None = None
    files_url: str | None = None
    files_access_key: str | None = None
    files_secret_key: str | None = None
    cache_url: str | None = None
    sentry_dsn: str | None = None
    allowed_networks_operator: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    antivirus_url: str | None = Field(default=None, pattern=r"^tcp://[^/\s:]+:\d{1,5}$")
    throttle_scale: float = Field(default=1.0, gt=0)
    bulk_export_persons: int = Field(default=500, ge=1)
    time_zone: str = "Europe/Moscow"
    region: str | None = Field(default=None, pattern=r"^\d{2}$")
    data_dir: Path = Path(".data")
    role_prefix: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]{0,30}$")
    tenancy_login_roles: bool = False
    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    session_idle_minutes: int = Field(default=120, ge=5, le=24 * 60)
    one_time_password_days: int = Field(default=14, ge=1, le=90)
    oidc_issuer: str | None = Field(default=None, pattern=r"^https?://[^\s?#]+$")
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_name: str = "Госуслуги"

    @field_validator("allowed_networks_operator", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:  # Any: what the environment holds
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @property
    def is_embedded(self) -> bool:
        return self.database_url is None


REQUIRED_IN_PRODUCTION = ("secret_key", "base_domain", "broker_url", "files_url")


@cache
def environment() -> Environment:
    """The checked environment.

    Raises: EnvironmentNotReady with the name of a missing or malformed setting.
    """
    try:
        found = Environment()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]).upper()
        raise EnvironmentNotReady(f"Настройка {name} задана неверно: {error.errors()[0]['msg']}.") from error
    if not found.is_embedded:
        missing = [name.upper() for name in REQUIRED_IN_PRODUCTION if name not in found.model_fields_set]
        if missing:
            raise EnvironmentNotReady(
                f"Задан DATABASE_URL, но не заданы: {', '.join(missing)}. Укажите их в окружении."
            )
    if found.oidc_issuer and not (found.oidc_client_id and found.oidc_client_secret):
        raise EnvironmentNotReady("Задан OIDC_ISSUER: укажите также OIDC_CLIENT_ID и OIDC_CLIENT_SECRET.")
    return found


def settings_module() -> str:
    """Settings of these surroundings: production where ``DATABASE_URL`` is given, else development."""
    return "config.settings.dev" if environment().is_embedded else "config.settings.prod"


def development_secret_key(data_dir: Path) -> str:
    """A secret made once and kept beside the demo's data. Raises: EnvironmentNotReady."""
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text()
    except OSError as error:
        raise EnvironmentNotReady(
            f"Каталог данных {data_dir} не открыть для записи ({error.strerror}). Укажите другой в DATA_DIR."
        ) from error
