"""Identifiers that leave an organization."""

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A time-ordered UUIDv7 made by the application.

    Rows of different organizations never share a key, and an append-only table can be written by a role that may not
    read it back. Source: TENANCY 0.5.
    """
    return uuid_utils.compat.uuid7()
