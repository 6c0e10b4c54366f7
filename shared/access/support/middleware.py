"""What binds an engineer inside an organization: his case, its time and its budget, pages only and only to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from shared.access.actors import Actor
from shared.access.declarations import Access
from shared.access.dues import owe, refused
from shared.access.requests import NotedAction
from shared.access.support.errors import CaseGone, FactorNeeded, NoFilesInCase, NotInCase
from shared.access.support.inside import CaseInside
from shared.access.support.services import Rows
from shared.access.support.showing import VIEWED, note_page
from shared.kernel.problems import wants_problem
from shared.kernel.rules import RuleViolation

# A page of these rights that says nothing of whom it shows counts as one card.
PERSONAL: Final = frozenset({"students.list", "students.read", "orders.read", "movement.read"})
SHOWING: Final = (200, 422)


class SupportMiddleware:
    """Stands inside ``DuesMiddleware``; does nothing for anybody who is not in an organization by a case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        looked: tuple[CaseInside, Access] | None = getattr(request, "looked_under", None)
        if looked is None:
            return response
        if response.status_code == 403 and not request.noted_actions:  # type: ignore[attr-defined]
            note_page(request, "refused")
        if response.status_code not in SHOWING:
            return response
        case, access = looked
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            return refused(request, NoFilesInCase(number=case.id))
        count = _count(request, access)
        if count:
            owe(request, Rows(case.key, count))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        access: Access | None = getattr(view, "access", None)
        if actor is None or actor.support_case is None or access is None or access.is_public:
            return None
        case = actor.support_case
        violation = _violation(request, actor, case, access)
        if violation is not None:
            return refused(request, violation)
        request.looked_under = case, access  # type: ignore[attr-defined]
        return None


def _violation(request: HttpRequest, actor: Actor, case: CaseInside, access: Access) -> RuleViolation | None:
    if case.ended:
        request.session.flush()
        return CaseGone(number=case.id, reason=case.ended)
    if not actor.factor_passed:
        return FactorNeeded()
    if wants_problem(request):
        return NoFilesInCase(number=case.id)
    if access.scope != "workspace" or not access.capability:
        return NotInCase(number=case.id)
    return None


def _count(request: HttpRequest, access: Access) -> int:
    """How many people the answer shows; a page that has noted nothing is noted here."""
    noted: list[NotedAction] = request.noted_actions  # type: ignore[attr-defined]
    if not noted:
        note_page(request, VIEWED, int(access.capability in PERSONAL))
    return sum(one.rows if one.action == VIEWED else max(one.rows, 1) for one in noted)
