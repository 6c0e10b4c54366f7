"""Handing up: what changed here is told to the registry in the same transaction. Source: ARCHITECTURE 5."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db import connection

from shared.kernel.ids import new_id

BULK = 200

_INSERT = """
insert into contingent_outbox (id, organization_id, kind, key, at)
select t.id, s.organization_id, %s, t.key, now()
from unnest(%s::uuid[], %s::uuid[]) as t(id, key), tenancy_rolescope s
join organizations_organization o on o.id = s.organization_id and o.copied_at is null
where s.role_name = current_user
"""


def hand_up(enrollments: Collection[uuid.UUID]) -> None:
    """Tell the registry that these places changed; the organization is the one of the transaction's role. A copy
    tells nothing.

    More than ``BULK`` places are told as one «everything changed», which is projected set-based.
    """
    if not enrollments:
        return
    if len(enrollments) > BULK:
        hand_up_everything()
        return
    keys = list(enrollments)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, ["enrollment", [new_id() for _ in keys], keys])


def hand_up_everything() -> None:
    """Tell the registry to read the whole organization again: after bulk work."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, ["organization", [new_id()], [None]])
