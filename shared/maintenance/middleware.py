"""A request knows of the breaks its pages tell of."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shared.maintenance.current import breaks_of, open_breaks


class BreakMiddleware:
    """Stands inside ``WorkspaceMiddleware``: still the login ``app``, before the work transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        organization = request.workspace.organization  # type: ignore[attr-defined]
        request.breaks = breaks_of(organization.id if organization else None, open_breaks())  # type: ignore[attr-defined]
        return self.get_response(request)
