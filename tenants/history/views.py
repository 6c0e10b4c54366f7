"""The organization's log: everything that was done to its data, and who looked at one child. Source: R-031, R-032."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.searches import posted_address
from shared.audit.actions import ROW_ACTIONS, action_label
from shared.documents.downloads import paper_answer
from shared.logbook.asking import FILTERS, question_of
from shared.logbook.pages import COLUMNS, LogView, file_row, log_file, log_page, to_lines
from tenants.history.models import HistoryEvent
from tenants.history.reading import keys_of, reader_for
from tenants.people.models import Student

TITLE = "Журнал действий"


@requires("audit.read")
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Changes, looks and files of this organization; a POST carries the search and answers with its address."""
    if request.method == "POST":
        return redirect(f"{reverse('history:log')}?{posted_address(request, FILTERS)}")
    return log_page(request, _view(request), tabs=_tabs())


@requires("audit.read")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same records as a file; what is masked in files is masked here."""
    if extension not in ("xlsx", "pdf"):
        raise Http404
    return log_file(request, _view(request, in_file=True), extension)


@dataclass(frozen=True, slots=True)
class TakenList:
    """A list that was looked at or taken away while the child was on the books: he may have stood in it."""

    action: str
    path: str
    times: int
    last_at: datetime.datetime


@requires("audit.read")
@require_safe
def student(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """«Кто смотрел»: every look at one child, changes of his data beside them."""
    child = get_object_or_404(Student, pk=student_id)
    shows_changes = request.GET.get("show") == "changes"
    about = HistoryEvent.objects.about(keys_of(child))
    view = _view(request)
    found = about.filter(action__in=ROW_ACTIONS) if shows_changes else about.exclude(action__in=ROW_ACTIONS)
    events, earlier = question_of(request).page_of_all(found)
    context: dict[str, Any] = {
        "student": child,
        "view": view,
        "lines": to_lines(view, events),
        "earlier": earlier,
        "shows_changes": shows_changes,
        "before": request.GET.get("before"),
        "lists": _lists(child),
        "counts": _counts(about),
    }
    note_action(request, "viewed", subject_kind="history", subject_id=child.pk, rows=len(events))
    return render(request, "history/student.html", context)


@requires("audit.read")
@require_safe
def student_paper(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Who looked at one child, as a paper."""
    child = get_object_or_404(Student, pk=student_id)
    looks = HistoryEvent.objects.about(keys_of(child)).exclude(action__in=ROW_ACTIONS).order_by("-id")
    rows = map(file_row, to_lines(_view(request, in_file=True), list(looks[:1000])))
    return paper_answer(request, title=f"Кто смотрел: {child}", columns=COLUMNS, rows=rows)


def _view(request: HttpRequest, *, in_file: bool = False) -> LogView:
    return LogView(
        title=TITLE,
        events=HistoryEvent.objects.all(),
        kinds=[*_tables(), "student", "history", "account", "file"],
        reader_of=reader_for(actor_of(request), in_file=in_file),
        log_url=reverse("history:log"),
        export_url=reverse("history:export", args=["xlsx"]),
        hint="Кто, когда и зачем смотрел, менял и выгружал данные организации. Записи нельзя изменить или удалить",
    )


def _tabs() -> list[tuple[str, str, bool]]:
    return [("Данные", reverse("history:log"), True), ("Входы и доступ", reverse("logbook:log"), False)]


def _tables() -> list[str]:
    """Tables of organizations that keep history."""
    configs = [config for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    found = [model for config in configs for model in config.get_models() if model._meta.managed]
    return [model._meta.db_table for model in found if model is not HistoryEvent]


def _counts(about: Any) -> dict[str, int]:
    by_action = dict(about.order_by().values_list("action").annotate(Count("pk")))
    changes = sum(count for action, count in by_action.items() if action in ROW_ACTIONS)
    return {"looks": sum(by_action.values()) - changes, "changes": changes}


def _lists(child: Student) -> list[TakenList]:
    """Lists name nobody one by one: how often each was seen or taken since the child is here."""
    taken = (
        HistoryEvent.objects.filter(action__in=("exported", "list_viewed", "printed"), at__gte=child.created_at)
        .exclude(object_kind="history")
        .order_by()
        .values_list("action", "facts__path")
        .annotate(times=Count("pk"), last_at=Max("at"))
        .order_by("-times", "facts__path")
    )
    return [TakenList(action_label(action), path or "", times, last) for action, path, times, last in taken[:20]]
