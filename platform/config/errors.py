"""Pages of failures on every host: a problem document under ``/api/``, a page of the kit elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared.kernel.problems import problem, wants_problem
from shared.ui import views


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too many fields, a body over the limit, a forged host: nothing that a page of ours sends."""
    return problem(400) if wants_problem(request) else render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problem(403) if wants_problem(request) else views.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page, or a problem; a stranger to ``/api/v1/`` is not told which addresses it has. Source: INTERFACES 2."""
    if not wants_problem(request):
        return views.not_found(request, exception)
    is_stranger = request.path.startswith("/api/v1/") and getattr(request, "actor", None) is None
    return problem(401 if is_stranger else 404)


def fault(request: HttpRequest) -> HttpResponse:
    return problem(500) if wants_problem(request) else views.fault(request)
