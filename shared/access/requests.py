"""What a view behind ``@requires`` knows of its request, with types."""

from __future__ import annotations

import logging
import uuid
from typing import cast

from django.http import HttpRequest

from shared.access.actors import Actor
from shared.access.workspaces import OrganizationFacts

disclosures = logging.getLogger("asuso.disclosure")


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


def note_disclosure(request: HttpRequest, event: str, **facts: str | int | uuid.UUID) -> None:
    """One log line about personal data leaving the masks: who, where and ids only, never the values. Source: UI 12."""
    known = {
        "actor": actor_of(request).account_id,
        "host": request.workspace.host,  # type: ignore[attr-defined]
        "request_id": request.request_id,  # type: ignore[attr-defined]
    }
    disclosures.info(event, extra={**known, **facts})
