"""The API's caller is the actor the middleware found: by session or by bearer token."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

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
                raise PermissionDenied("Обновите страницу: форма устарела.")
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
