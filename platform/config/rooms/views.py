"""Hosts without a room of their own yet: the entrance and the citizens' catalog. Source: INTERFACES 2."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shared.access.declarations import public
from shared.organizations import catalog
from shared.organizations.models import OrgType


@public()
@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """What this is, and the way to one's own organization."""
    return _search(request, "rooms/entrance.html")


@public()
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """The public catalog of connected organizations."""
    return _search(request, "rooms/services.html")


def _search(request: HttpRequest, page: str) -> HttpResponse:
    found, wanted = catalog.search(request.GET)
    _, colon, port = request.get_host().partition(":")
    context = {
        "page_obj": found,
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "types": OrgType.choices,
        "municipalities": catalog.municipalities(),
        "base": f"{settings.BASE_DOMAIN}{colon}{port}",
    }
    if request.htmx:  # type: ignore[attr-defined]
        page = "rooms/_organizations.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
