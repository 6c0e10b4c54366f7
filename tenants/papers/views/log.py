"""The print log: what was printed, where the hard copies are, by which act they left. Source: R-378."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from tenants.papers.forms import ActForm
from tenants.papers.hard_copies import hard_copies
from tenants.papers.models import PaperKind, Printing
from tenants.papers.printing import mark_gone
from tenants.papers.register import LOG_COLUMNS, PrintLog


@requires("papers.read")
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every printout, the newest first."""
    return _page(request, ActForm(initial={"act_on": timezone.localdate()}))


@requires("papers.read")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The log as a file: it names papers and who printed them, nobody of the printed."""
    found = PrintLog(request, search="")
    return table_answer(
        request,
        extension,
        title="Журнал печати",
        columns=LOG_COLUMNS,
        rows=found.rows(),
        filters=found.words,
        is_personal=False,
    )


@requires("papers.issue")
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Marked hard copies were handed over or destroyed by an act."""
    form, keys = ActForm(request.POST), _keys(request)
    if form.is_valid():
        try:
            count = mark_gone(keys=keys, act=form.act, marked_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Отмечено экземпляров: {count}. Акт записан в журнал.")
            return redirect("papers:log")
    return _page(request, form, marked=keys, status=422)


def _keys(request: HttpRequest) -> list[uuid.UUID]:
    found = []
    for text in request.POST.getlist("copy"):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _page(
    request: HttpRequest, form: ActForm, *, marked: Collection[uuid.UUID] = (), status: int = 200
) -> HttpResponse:
    found = PrintLog(request, search="")
    page = found.page()
    context = {
        "listing": found,
        "page_obj": page,
        "lines": [(one, hard_copies()[one.kind]) for one in page],
        "terms": [(PaperKind(kind).label, copy) for kind, copy in hard_copies().items()],
        "kinds": PaperKind.choices,
        "states": Printing.State.choices,
        "form": form,
        "marked": set(marked),
        "may_mark": actor_of(request).may("papers.issue"),
    }
    return render(request, "papers/log.html", context, status=status)
