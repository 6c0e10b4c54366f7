"""What an answer costs is paid before it leaves: rows of a support case, the one download of an approved list.

The view works in its own transaction, often READ ONLY, in a role that may not write here; so it only says what is due.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared.access.support.showing import note_page
from shared.kernel.problems import problem, wants_problem
from shared.kernel.rules import RuleViolation
from shared.tenancy import scopes


class Due(Protocol):
    """Something to be paid in role ``accounts``."""

    def pay(self) -> None:
        """Raises: RuleViolation when it cannot be paid; then the answer is not given."""


def owe(request: HttpRequest, due: Due) -> None:
    """The answer to this request is given only if ``due`` can be paid."""
    request.dues.append(due)  # type: ignore[attr-defined]


class DuesMiddleware:
    """Stands inside ``ActionLogMiddleware``: an answer that was not given is not recorded as given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        dues: list[Due] = []
        request.dues = dues  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not dues or response.status_code >= 500:
            return response
        actor = request.actor  # type: ignore[attr-defined]
        scope = scopes.of_accounts().exempt().by(str(actor.account_id), request.request_id, actor.signature)  # type: ignore[attr-defined]
        try:
            with scopes.enter(scope):
                for due in dues:
                    due.pay()
        except RuleViolation as violation:
            return refused(request, violation)
        return response


def refused(request: HttpRequest, violation: RuleViolation) -> HttpResponse:
    """A page, or a problem, with the reason; the log says that this was asked for and not given."""
    request.noted_actions.clear()  # type: ignore[attr-defined]
    note_page(request, "refused", code=violation.code)
    if wants_problem(request):
        return problem(403, detail=str(violation), code=violation.code)
    return render(request, "access/refused.html", {"reason": str(violation)}, status=403)
