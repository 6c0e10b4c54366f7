"""The public page of an organization's host: is this paper genuine. Says no more of a person than initials."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shared.access.declarations import public
from shared.access.requests import organization_of
from shared.access.throttles import refusal
from shared.documents.codes import read_code
from tenants.papers.verifying import verdict_of


@public(scope="workspace")
@require_safe
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """An empty line to type the code in; with a code, what kind of paper it belongs to and whether it is in force."""
    typed = code or request.GET.get("code", "")
    if typed and (refused := refusal(request, "check")):
        return refused
    stored = read_code(typed)
    context = {
        "typed": typed[:40],
        "is_asked": bool(typed.strip()),
        "verdict": verdict_of(stored) if stored else None,
        "organization": organization_of(request),
    }
    response = render(request, "papers/check.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
