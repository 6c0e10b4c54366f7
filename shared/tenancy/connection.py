"""The typed way to a connection of our backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db import connections

if TYPE_CHECKING:
    from shared.tenancy.backend.base import DatabaseWrapper


def tenant_connection(alias: str = "default") -> DatabaseWrapper:
    """The connection of an alias, with its scope."""
    return cast("DatabaseWrapper", connections[alias])
