"""The operator's side of support access: which organizations wait, who took their case, the way in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.support.models import SupportCase
from shared.access.support.services import enter_case, take_case
from shared.access.views.entering import session_of
from shared.access.views.moving import hand_over
from shared.documents.columns import Column, Value
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation

PAGE = 50
TABS = [("", "Открытые"), ("mine", "Мои"), ("ended", "Завершённые")]
COLUMNS = (
    Column("№", 8),
    Column("Организация", 44),
    Column("Вопрос", 60),
    Column("Открыто", 18),
    Column("Действует до", 18),
    Column("Инженер", 34),
    Column("Показано строк", 12, "int"),
    Column("Разрешено строк", 12, "int"),
    Column("Состояние", 22),
)


@requires("support.work", scope="accounts")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Cases of all organizations; of their people nothing is shown, not even who opened the case."""
    return _page(request)


@requires("support.work", scope="accounts")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    tab, shown = _shown(request)
    rows = map(_line, shown)
    return workbook_answer(
        request, title="Обращения организаций", columns=COLUMNS, rows=rows, filters=dict(TABS)[tab], is_personal=False
    )


@requires("support.work", scope="accounts")
@require_POST
def take(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Take a case; pressed by two engineers at once, one gets it."""
    case = _case(case_id)
    actor = actor_of(request)
    try:
        take_case(case=case, engineer=actor.account_id, factor_passed=actor.factor_passed)
    except RuleViolation as violation:
        return _page(request, refusal=str(violation))
    messages.success(request, f"Обращение № {case.number} за вами. Войдите в организацию по нему.")
    return redirect("fleet:support")


@requires("support.work", scope="accounts")
@require_POST
def enter(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Go into the organization by one's case; that it was done stands in the organization's log."""
    case = _case(case_id)
    actor = actor_of(request)
    try:
        enter_case(case=case, engineer=actor.account_id, factor_passed=actor.factor_passed)
    except RuleViolation as violation:
        return _page(request, refusal=str(violation))
    note_action(
        request,
        "support_entered",
        subject_kind="support_case",
        subject_id=case.pk,
        reason=f"обращение № {case.number}",
        organization=case.organization,
        support_case=str(case.number),
    )
    session = session_of(request)
    return hand_over(
        request,
        account_id=actor.account_id,
        host=f"{case.organization.slug}.{settings.BASE_DOMAIN}",
        grant_id=case.pk,
        place=case.organization.short_name,
        signed_in_at=session.signed_in_at,
        factor_passed_at=session.factor_passed_at,
    )


def _line(case: SupportCase) -> list[Value]:
    return [
        str(case.number),
        case.organization.short_name,
        case.question,
        f"{timezone.localtime(case.opened_at):%d.%m.%Y %H:%M}",
        f"{timezone.localtime(case.ends_at):%d.%m.%Y %H:%M}",
        str(case.taken_by or ""),
        case.rows_seen,
        case.rows_budget,
        str(case.state.label),
    ]


def _case(case_id: uuid.UUID) -> SupportCase:
    return get_object_or_404(SupportCase.objects.select_related("organization"), pk=case_id)


def _shown(request: HttpRequest) -> tuple[str, QuerySet[SupportCase]]:
    known = SupportCase.objects.select_related("organization", "taken_by")
    in_force = known.in_force(timezone.now())
    tab = request.GET.get("tab", "")
    if tab == "mine":
        return tab, in_force.filter(taken_by=actor_of(request).account_id)
    if tab == "ended":
        return tab, known.exclude(pk__in=in_force.values("pk"))
    return "", in_force


def _page(request: HttpRequest, *, refusal: str = "") -> HttpResponse:
    tab, shown = _shown(request)
    context = {
        "title": "Обращения организаций",
        "tab": tab,
        "tabs": TABS,
        "page_obj": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "me": actor_of(request).account_id,
        "refusal": refusal,
    }
    return render(request, "fleet/support.html", context, status=422 if refusal else 200)
