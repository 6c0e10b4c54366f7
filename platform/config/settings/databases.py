"""Two logins of one database: ``default`` (app) for requests, ``owner`` for DDL and roles; a standby for reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from devdb import EnvironmentNotReady, locate

ENGINE = "shared.tenancy.backend"
EMBEDDED_NAME = "asuso"


def embedded(data_dir: Path) -> dict[str, dict[str, Any]]:
    """The server under ``data_dir``; nothing is started here."""
    place = locate(data_dir)
    common = {
        "ENGINE": ENGINE,
        "NAME": EMBEDDED_NAME,
        "HOST": str(place.socket_dir),
        "PORT": str(place.port),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "TEST": {"MIGRATE": False},
    }
    return {
        "default": {**common, "USER": f"{EMBEDDED_NAME}_app"},
        "owner": {**common, "USER": f"{EMBEDDED_NAME}_owner", "CONN_MAX_AGE": 0},
    }


def external(url: str, owner_url: str | None, replica_url: str | None = None) -> dict[str, dict[str, Any]]:
    """The server named by ``DATABASE_URL``; ``owner`` and ``replica`` exist only where their addresses are given.

    Raises: EnvironmentNotReady.
    """
    found = {"default": _parse("DATABASE_URL", url, pooled=True)}
    if owner_url:
        found["owner"] = _parse("DATABASE_OWNER_URL", owner_url, pooled=False)
    if replica_url:
        # No pool: a server that is away refuses at once, and a pool would wait for it; each thread keeps a connection.
        found["replica"] = _parse("DATABASE_REPLICA_URL", replica_url, pooled=False) | {
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 2},
        }
    return found


def _parse(setting: str, url: str, *, pooled: bool) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or not parts.username:
        raise EnvironmentNotReady(
            f"{setting} не похож на адрес базы: нужен postgresql://логин:пароль@сервер:порт/база."
        )
    return {
        "ENGINE": ENGINE,
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],  # a socket directory travels as ?host=
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "max_lifetime": 600, "timeout": 10}} if pooled else {},
    }
