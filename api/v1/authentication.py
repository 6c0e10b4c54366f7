"""The API's caller is the actor the middleware found: by session or by bearer token."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from api.v1.problems import StaleForm
from shared.access.actors import Actor


class WorkspaceAuthentication(BaseAuthentication):
    """Session or token, already resolved; a session must bring the CSRF token with writes."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        actor: Actor | None = getattr(request._request, "actor", None)
        if actor is None:
            return None
        if not actor.is_token:
            check = CSRFCheck(lambda _: None)  # type: ignore[arg-type, return-value]
            check.process_request(request._request)
            if check.process_view(request._request, None, (), {}):  # type: ignore[arg-type]
                raise StaleForm
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def actor_of(request: Request) -> Actor:
    """The caller; every view of the API has one, or it does not run."""
    return request._request.actor  # type: ignore[attr-defined]
