"""Migration operations of the row history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.migrations import RunSQL

# What the program keeps for itself: a change of these alone is no event.
BOOKKEEPING: Final = ("updated_at", "sort_name", "last_login", "last_seen_at", "last_entered_at")

_EVENTS: Final = {
    "insert": "after insert on {table} referencing new table as new_rows",
    "update": "after update on {table} referencing old table as old_rows new table as new_rows",
    "delete": "after delete on {table} referencing old table as old_rows",
}


def record_changes(
    *tables: str,
    hide: Iterable[str] = (),
    skip: Iterable[str] = (),
    in_public: bool = False,
    account: str = "",
    organization: str = "organization_id",
    authority: str = "authority_id",
) -> RunSQL:
    """Put tables with a key ``id`` under row history: who changed which field from what to what.

    Also changes made by bulk SQL and COPY are recorded, since the triggers see whole statements. Columns in ``hide``
    (password hashes, secrets, sealed texts) are recorded as «•••», columns in ``skip`` and bookkeeping not at all.
    A migration of an organization's app depends on ("history", "0001_initial"), whose table the records go to; the
    function stands in the public schema, which is migrated before.

    ``in_public``: a table of the public schema (depend on ("audit", "0002_functions")); there ``organization`` and
    ``authority`` name the columns of the place whose people see the record, or ``account`` names the column of an
    account, whose places see it.
    """
    arguments = [",".join(hide), ",".join([*BOOKKEEPING, *skip])]
    if in_public:
        arguments += [account, organization, authority]
    function = "audit_record" if in_public else "public.history_record"
    called = f"{function}({', '.join(map(repr, arguments))})"
    forward: list[Any] = [  # Any: RunSQL also takes texts with parameters
        f"create trigger row_history_{event} {place.format(table=table)} for each statement execute function {called}"
        for table in tables
        for event, place in _EVENTS.items()
    ]
    backward: list[Any] = [f"drop trigger row_history_{event} on {table}" for table in tables for event in _EVENTS]
    return RunSQL(forward, backward)
