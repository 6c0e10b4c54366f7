"""Visits: a line per person, place and day, written at most once a minute of a session. Source: R-054."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from shared.access.actors import Actor
from shared.accounts.sessions import TOUCH_EVERY
from shared.kernel.ids import new_id

# Two tabs of one person are one minute: the line itself says when it was last added to.
_COUNT = """
insert into audit_visit
    (id, account_id, organization_id, authority_id, role, day, came_at, came_hour, seen_at, minutes, sections)
values (%(id)s, %(account)s, %(organization)s, %(authority)s, %(role)s, %(day)s, %(now)s, %(hour)s, %(now)s, 1,
    jsonb_build_object(%(section)s::text, 1))
on conflict (account_id, day, organization_id, authority_id) do update set
    seen_at = excluded.seen_at, minutes = audit_visit.minutes + 1,
    sections = audit_visit.sections || jsonb_build_object(
        %(section)s::text, coalesce((audit_visit.sections ->> %(section)s::text)::integer, 0) + 1)
where audit_visit.seen_at <= excluded.seen_at - %(pause)s
"""


def is_due(seen_at: datetime.datetime | None) -> bool:
    """Whether a session last touched then is counted by this request: as often as its own row is written."""
    return seen_at is not None and timezone.now() - seen_at > TOUCH_EVERY


def count_visit(actor: Actor, section: str) -> None:
    """The person is here now, in this section of his place; runs as the login ``app``, in closing."""
    if not actor.here:
        return
    now = timezone.localtime()
    grant = actor.here[0]
    parameters: dict[str, Any] = {  # Any: whatever the driver takes
        "id": new_id(),
        "account": actor.account_id,
        "organization": grant.organization_id,
        "authority": grant.authority_id,
        "role": grant.role,
        "day": now.date(),
        "now": now,
        "hour": now.hour,
        "section": section,
        "pause": TOUCH_EVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, parameters)
