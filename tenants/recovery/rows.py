"""Rows of this organization by their keys, whole, as a comparison sees them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection
from psycopg import sql

from tenants.recovery.parts import Part

Row = Mapping[str, Any]  # Any: columns as JSON holds them


def rows_now(part: Part, keys: Collection[uuid.UUID], *, lock: bool = False) -> dict[uuid.UUID, Row]:
    """The rows that are here, by key; ``lock``: nobody changes them before the transaction ends."""
    if not keys:
        return {}
    statement = sql.SQL("select id, to_jsonb(t) from {} t where id = any(%s) order by id {}").format(
        sql.Identifier(part.table), sql.SQL("for update") if lock else sql.SQL("")
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        return {key: json.loads(row) for key, row in cursor.fetchall()}


def delete_rows(part: Part, keys: Collection[uuid.UUID]) -> None:
    """Exactly these rows, nothing with them: who is named by another row is refused by the database.

    Raises: IntegrityError.
    """
    statement = sql.SQL("delete from {} where id = any(%s)").format(sql.Identifier(part.table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])


def check_references_at_once() -> None:
    """From here to the end of the transaction a broken foreign key is refused where it is made."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
