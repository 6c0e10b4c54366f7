"""The answer to a write during a maintenance break: the same page with the form, or what was typed, and 503. R-279."""

from __future__ import annotations

import json
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared.kernel.problems import problem, wants_problem
from shared.tenancy.gate import HeldByBreak

FORM_AGAIN: Final = 422  # a view's own answer to a refusal
NOT_CARRIED: Final = ("csrfmiddlewaretoken",)
SECRET: Final = ("password", "secret")


def held_answer(request: HttpRequest, held: HeldByBreak, response: HttpResponse | None = None) -> HttpResponse:
    """What the person gets instead of ``response``: nothing was written, whatever the view thought of it.

    A program gets a problem, htmx a word beside the form that stays. A form that the view has shown again comes as it
    is; elsewhere a page carries what was sent and sends it again by one button.
    """
    request.noted_actions.clear()  # type: ignore[attr-defined]
    if wants_problem(request):
        answer: HttpResponse = problem(503, detail=str(held), code=held.code)
    elif request.headers.get("HX-Request"):
        answer = HttpResponse(status=503, headers={"HX-Trigger": json.dumps({"asuso:toast": str(held)})})
    elif response is not None and response.status_code == FORM_AGAIN and not response.streaming:
        answer = response
        answer.status_code = 503
    else:
        answer = render(request, "access/held.html", _context(request, held), status=503)
    answer.headers["Retry-After"] = str(held.wait)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _context(request: HttpRequest, held: HeldByBreak) -> dict[str, object]:
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_CARRIED and not any(word in name for word in SECRET)
        for value in values
    ]
    return {
        "title": "Технологический перерыв",
        "reason": str(held),
        "carried": carried,
        "has_files": bool(request.FILES),
        "again": request.get_full_path(),
    }
