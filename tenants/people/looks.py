"""A look behind a mask, as the log keeps it: the learner by id, what was opened, in which role, what for."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from shared.access.requests import actor_of, note_action


def note_look(
    request: HttpRequest,
    student_id: uuid.UUID,
    field: str,
    *,
    action: str = "revealed",
    reason: str = "",
    guardian: uuid.UUID | str = "",
) -> None:
    """Have the log record it; the family later sees the day, the role and the field. Source: R-031, R-170.

    ``guardian`` is whose telephone it was.
    """
    roles = ",".join(sorted({grant.role for grant in actor_of(request).here}))
    note_action(
        request,
        action,
        subject_kind="student",
        subject_id=student_id,
        reason=reason,
        field=field,
        role=roles,
        guardian=guardian,
    )
