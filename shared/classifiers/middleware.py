"""A request works with the classifiers of its moment."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shared.classifiers.refreshing import refresh_catalog


class CatalogMiddleware:
    """Stands inside ``WorkspaceMiddleware``: still the login ``app``, before the work transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refresh_catalog()
        return self.get_response(request)
