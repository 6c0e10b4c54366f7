"""A look behind a mask, as the log keeps it: the person by id, what was opened, in which role, what for."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from shared.access.requests import actor_of, note_action


def note_look(
    request: HttpRequest,
    subject_id: uuid.UUID,
    field: str,
    *,
    action: str = "revealed",
    reason: str = "",
    kind: str = "student",
    guardian: uuid.UUID | str = "",
) -> None:
    """Have the log record it; the family later sees the day, the role and the field. Source: R-031, R-170.

    ``kind`` says whose card it was; ``guardian`` is whose telephone it was.
    """
    roles = ",".join(sorted({grant.role for grant in actor_of(request).here}))
    note_action(
        request,
        action,
        subject_kind=kind,
        subject_id=subject_id,
        reason=reason,
        field=field,
        role=roles,
        guardian=guardian,
    )
