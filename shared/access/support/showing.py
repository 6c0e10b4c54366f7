"""How a page says whom it shows."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest

from shared.access.requests import actor_of, note_action

VIEWED = "viewed"


def shows_people(
    request: HttpRequest, rows: int, *, subject_kind: str = "", subject_id: uuid.UUID | None = None
) -> None:
    """The page shows ``rows`` people: an engineer of the support pays for each, and the look goes to the log.

    Work of the organization's own people is not recorded this way: it is their work. Source: R-031, R-053.
    """
    if actor_of(request).support_case is not None:
        note_page(request, VIEWED, rows, subject_kind=subject_kind, subject_id=subject_id)


def note_page(
    request: HttpRequest,
    action: str,
    rows: int = 0,
    *,
    subject_kind: str = "",
    subject_id: uuid.UUID | None = None,
    code: str = "",
) -> None:
    """Record which page it was, by its name and its address, which holds ids and codes alone."""
    match = request.resolver_match
    why: dict[str, Any] = {"code": code} if code else {}  # Any: among the named arguments it is a fact
    note_action(
        request,
        action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        rows=rows,
        page=match.view_name if match else "",
        path=request.path,
        **why,
    )
