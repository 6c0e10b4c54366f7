"""The organization's side of support access: open a case, close it, read what was looked at."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.support.models import SupportCase
from shared.access.support.services import close_case, open_case
from shared.documents.columns import Column, Value
from shared.documents.downloads import paper_answer, workbook_answer
from shared.kernel.rules import RuleViolation
from tenants.support import report
from tenants.support.forms import CaseForm

PAGE = 50
CASE_COLUMNS = (
    Column("№", 8),
    Column("Вопрос", 60),
    Column("Открыто", 18),
    Column("Кто открыл", 34),
    Column("Действует до", 18),
    Column("Инженер", 34),
    Column("Показано строк", 12, "int"),
    Column("Разрешено строк", 12, "int"),
    Column("Состояние", 22),
)


def _cases(request: HttpRequest) -> QuerySet[SupportCase]:
    """Cases of this organization; another's do not exist."""
    mine = SupportCase.objects.filter(organization=organization_of(request).id)
    return mine.select_related("opened_by", "taken_by", "closed_by")


def _case(request: HttpRequest, case_id: uuid.UUID) -> SupportCase:
    """One case of this organization, read in role ``accounts``."""
    case = _cases(request).filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


@requires("support.read", scope="accounts")
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The open case, the form for a new one, and the earlier cases with their reports."""
    return _list_page(request, CaseForm())


@requires("support.open", scope="accounts")
@require_POST
def open_new(request: HttpRequest) -> HttpResponse:
    """Let the support service in."""
    form = CaseForm(request.POST)
    if form.is_valid():
        try:
            case = open_case(
                organization_id=organization_of(request).id,
                opened_by=actor_of(request).account_id,
                **form.cleaned_data,
            )
        except RuleViolation as violation:
            form.add_error(violation.field, str(violation))
        else:
            case.refresh_from_db()
            messages.success(
                request, f"Обращение № {case.number} открыто до {timezone.localtime(case.ends_at):%d.%m.%Y %H:%M}."
            )
            return redirect("support:case", case.pk)
    return _list_page(request, form, status=422)


@requires("support.read", groundwork=_case)
@require_safe
def detail(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One case and everything that was looked at under it."""
    case: SupportCase = request.groundwork  # type: ignore[attr-defined]
    page = Paginator(report.looked_at(case), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": f"Обращение № {case.number}",
        "case": case,
        "totals": report.totals(case),
        "page_obj": page,
        "lines": [(event, report.page_name(event)) for event in page],
        "may_close": case.closed_at is None and actor_of(request).may("support.open"),
    }
    return render(request, "support/case.html", context)


@requires("support.open", scope="accounts")
@require_POST
def close(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Shut the door; the engineer's next page is a refusal."""
    case = _case(request, case_id)
    close_case(case=case, closed_by=actor_of(request).account_id)
    messages.success(request, f"Обращение № {case.number} закрыто, инженер больше ничего не увидит. Отчёт ниже.")
    return redirect("support:case", case.pk)


@requires("support.read", scope="accounts")
@require_safe
def list_file(request: HttpRequest) -> HttpResponse:
    """All cases of the organization as a file."""
    rows = map(_line, _cases(request))
    return workbook_answer(
        request, title="Обращения в службу поддержки", columns=CASE_COLUMNS, rows=rows, is_personal=False
    )


@requires("support.read", groundwork=_case)
@require_safe
def report_sheet(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The report of a case as a table."""
    return _report(request, workbook_answer)


@requires("support.read", groundwork=_case)
@require_safe
def report_paper(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The report of a case on paper."""
    return _report(request, paper_answer)


def _report(request: HttpRequest, answer: Callable[..., HttpResponse]) -> HttpResponse:
    case: SupportCase = request.groundwork  # type: ignore[attr-defined]
    return answer(
        request,
        title=f"Отчёт о доступе службы поддержки, обращение № {case.number}",
        columns=report.COLUMNS,
        rows=map(report.line, report.looked_at(case)),
        filters=report.head(case),
        is_personal=False,
    )


def _line(case: SupportCase) -> list[Value]:
    return [
        str(case.number),
        case.question,
        f"{timezone.localtime(case.opened_at):%d.%m.%Y %H:%M}",
        str(case.opened_by),
        f"{timezone.localtime(case.ends_at):%d.%m.%Y %H:%M}",
        str(case.taken_by or ""),
        case.rows_seen,
        case.rows_budget,
        str(case.state.label),
    ]


def _list_page(request: HttpRequest, form: CaseForm, status: int = 200) -> HttpResponse:
    cases = _cases(request)
    current = cases.filter(closed_at=None).first()
    context = {
        "title": "Доступ службы поддержки",
        "form": form,
        "current": current if current is not None and current.is_in_force else None,
        "may_open": actor_of(request).may("support.open"),
        "page_obj": Paginator(cases, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "support/list.html", context, status=status)
