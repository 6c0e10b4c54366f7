"""What a view behind ``@requires`` knows of its request, with types."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Protocol, cast

from django.http import HttpRequest

from shared.access.actors import Actor
from shared.access.purposes import purpose_of
from shared.access.workspaces import OrganizationFacts

Fact = str | int | bool | uuid.UUID


class Place(Protocol):
    """An organization, however it was read."""

    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class NotedAction:
    """What a request did beside changing rows: looked behind a mask, opened a list, took a file away.

    ``facts`` are ids, counts and constant words, never values of a card. ``organization`` names the one whose data it
    was, when the host is an authority's. Written to the log by ``shared.audit.middleware``. Source: R-031, R-053.
    """

    action: str
    subject_kind: str = ""
    subject_id: str = ""
    rows: int = 0
    reason: str = ""
    organization: Place | None = None
    facts: dict[str, str | int | bool] = field(default_factory=dict)


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking; the middleware has let nobody else through."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def organization_of(request: HttpRequest) -> OrganizationFacts:
    """Whose host this is; only views of an organization's workspace may ask."""
    return cast(OrganizationFacts, request.workspace.organization)  # type: ignore[attr-defined]


def workplace_of(request: HttpRequest) -> str:
    """Whose paper it is: the organization of the host, or the authority a person works for there."""
    workspace = request.workspace  # type: ignore[attr-defined]
    return workspace.organization.full_name if workspace.organization else actor_of(request).here[0].place


def note_action(
    request: HttpRequest,
    action: str,
    *,
    subject_kind: str = "",
    subject_id: uuid.UUID | str | None = None,
    rows: int = 0,
    reason: str = "",
    organization: Place | None = None,
    **facts: Fact,
) -> None:
    """Have the log record an action once the view has returned; without the record there is no answer.

    The reason defaults to the purpose a level above has stated.
    """
    request.noted_actions.append(  # type: ignore[attr-defined]
        NotedAction(
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id or ""),
            rows=rows,
            reason=reason or purpose_of(request),
            organization=organization,
            facts={name: str(fact) if isinstance(fact, uuid.UUID) else fact for name, fact in facts.items()},
        )
    )


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
    """Have the log record a look behind a mask: whose card, which field, in which role, what for.

    ``kind`` says whose card it was; ``guardian`` is whose telephone it was. The family later sees the day, the role
    and the field. Source: R-031, R-170.
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
