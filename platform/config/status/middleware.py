"""The public page of the state, while the database is away and every request fails at its first query."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.health import database_answers
from config.status.pages import PAGE, TWIN, away


class StateWhileAwayMiddleware:
    """Stands outside ``WorkspaceMiddleware``, which knows no host without the database; the entrance alone answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 500 or request.path not in (PAGE, TWIN) or database_answers():
            return response
        return away(request) if request.get_host().partition(":")[0] == settings.BASE_DOMAIN else response
