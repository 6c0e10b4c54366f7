"""Adding what was done without changing a row: through the functions of the database, never by an INSERT."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from shared.access.requests import NotedAction


def note_in_organization(noted: NotedAction, facts: dict[str, Any]) -> None:
    """Into the log of the organization whose scope is open; the scope names the actor and the request."""
    with connection.cursor() as cursor:
        cursor.execute("select history_note(%s, %s, %s, %s, %s, %s)", _told(noted, facts))


def note_in_public(
    noted: NotedAction, facts: dict[str, Any], *, organization_id: uuid.UUID | None, authority_id: int | None
) -> None:
    """Into the public log, seen by the people of that place; outside every workspace's scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select audit_note(%s::uuid, %s::integer, %s, %s, %s, %s, %s, %s)",
            [organization_id, authority_id, *_told(noted, facts)],
        )


def _told(noted: NotedAction, facts: dict[str, Any]) -> list[Any]:  # Any: what the driver takes
    return [noted.action, noted.subject_kind, noted.subject_id, noted.rows, noted.reason, Jsonb(facts)]
