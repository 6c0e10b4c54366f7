"""Around every request: a number for the answer, headers that no view may forget, one log line, a limit of size."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared.access.workspaces import Workspace
from shared.kernel.ids import new_id
from shared.kernel.problems import problem, wants_problem
from shared.kernel.trace import Trace, tracing
from shared.maintenance.faults import note_fault
from shared.maintenance.models import Fault

logger = logging.getLogger("asuso.request")
NUMBER = "X-Request-ID"
FAULT = 500
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class SurfaceMiddleware:
    """Everything inside, faults of other middleware included, is answered and logged under one number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = new_id().hex  # type: ignore[attr-defined]
        started = time.perf_counter()
        with tracing(Trace(request)) as trace:
            response = self.get_response(request)
            response.headers[NUMBER] = trace.number
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            _note(request, response, time.perf_counter() - started)
            if response.status_code == FAULT:
                note_fault(Fault.Source.ANSWER, _organization_of(request))
        return response


class BodyLimitMiddleware:
    """Refuses a body before it is stored on disk to be looked at; a body of unannounced length is never read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) <= settings.LARGEST_BODY:
            return self.get_response(request)
        return problem(413) if wants_problem(request) else render(request, "400.html", status=413)


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """What was asked by its pattern: an address may hold what a person typed, so it is never written."""
    if not request.path.startswith(settings.STATIC_URL):
        method = request.method if request.method in METHODS else "?"
        logger.info("answered", extra={"method": method, "status": response.status_code, "ms": round(seconds * 1000)})


def _organization_of(request: HttpRequest) -> uuid.UUID | None:
    """None on hosts of no single organization, and when the fault came before the host was known."""
    workspace: Workspace | None = getattr(request, "workspace", None)
    return workspace.organization.id if workspace and workspace.organization else None
