"""The wizard of an import: a file is uploaded, looked at, applied, and may be taken back."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action, organization_of
from shared.access.throttles import throttled
from shared.documents.uploads import CheckedUpload
from shared.imports.rejected import rejected_path, write_rejected
from shared.imports.tables import read_table
from shared.kernel.rules import RuleViolation
from tenants.intake import services
from tenants.intake.forms import ApplyForm, ConsentForm, ContingentFileForm
from tenants.intake.models import ImportRun, SealedDraft, StagedRow, Verdict

AT_ONCE: Final = 2000  # a longer file is applied by the worker
PAGE: Final = 50


@requires("contingent.import")
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Everything that was brought in, the newest first."""
    runs = Paginator(ImportRun.objects.defer("headers", "notes"), PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/list.html", {"page_obj": runs, "sealed_count": SealedDraft.objects.sealed().count()})


@requires("contingent.import")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is checked at once, and nothing is written before the look."""
    form = ContingentFileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                run = _stage(request, form.cleaned_data["file"], form.cleaned_data["year"])
            except RuleViolation as violation:
                form.add_error("file", str(violation))
            else:
                return redirect("intake:run", run.pk)
    return render(request, "intake/upload.html", {"form": form}, status=status)


@requires("contingent.import")
@require_safe
def run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Whatever stage the file is at: the check, the progress, or the result."""
    found = get_object_or_404(ImportRun, pk=run_id)
    return render(request, "intake/run.html", _context(request, found))


@requires("contingent.import")
@require_safe
def progress(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The middle of the page while the worker is at it; when it is done, the whole page is asked for."""
    found = get_object_or_404(ImportRun, pk=run_id)
    response = render(request, "intake/_progress.html", {"run": found})
    if found.status != ImportRun.Status.QUEUED:
        response.headers["HX-Refresh"] = "true"
    return response


@requires("contingent.import")
@require_POST
def apply(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Apply a checked file: a short one now, a long one by the worker."""
    found = get_object_or_404(ImportRun, pk=run_id)
    form = ApplyForm(request.POST)
    form.is_valid()
    act = services.apply if found.summary["rows"] <= AT_ONCE else services.apply_later
    try:
        act(found, **form.cleaned_data, made_by=actor_of(request).signature)
    except RuleViolation as violation:
        return _refused(request, found, violation)
    return redirect("intake:run", run_id)


@requires("contingent.import")
@require_POST
def discard(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Forget a file that was only looked at."""
    found = get_object_or_404(ImportRun, pk=run_id)
    try:
        services.discard(found)
    except RuleViolation as violation:
        return _refused(request, found, violation)
    messages.success(request, f"Файл «{found.file_name}» не загружен, его данные удалены.")
    return redirect("intake:list")


@requires("contingent.import")
@require_POST
def undo(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Take an import back."""
    found = get_object_or_404(ImportRun, pk=run_id)
    try:
        services.undo(found, made_by=actor_of(request).signature)
    except RuleViolation as violation:
        return _refused(request, found, violation)
    messages.success(request, f"Загрузка «{found.file_name}» отменена: её приказы и места аннулированы.")
    return redirect("intake:run", run_id)


@requires("contingent.import")
@throttled("export")
@require_safe
def rejected(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """``FILE.rejected.csv``: can be corrected and imported as it is."""
    found = get_object_or_404(ImportRun, pk=run_id)
    rows = services.reject_rows(found)
    if not rows:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = rejected_path(Path(folder) / "file.csv")
        write_rejected(path, found.headers, rows)
        content = path.read_bytes()
    note_action(request, "exported", rows=len(rows), path=request.path)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"{found.file_name}.rejected.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@requires("contingent.import")
@require_safe
def sealed(request: HttpRequest) -> HttpResponse:
    """«Ожидает согласия»: name, birth date and class, nothing else."""
    return render(request, "intake/sealed.html", _sealed_context(request))


@requires("consent.record")
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Record the date of a written consent: the draft takes effect from its order."""
    draft = get_object_or_404(SealedDraft.objects.sealed().shown(), pk=draft_id)
    form = ConsentForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.record_consent(
                    draft,
                    consent_on=form.cleaned_data["consent_on"],
                    made_by=actor_of(request).signature,
                    today=timezone.localdate(),
                )
            except RuleViolation as violation:
                form.add_error(violation.field, str(violation))
            else:
                messages.success(request, f"Согласие записано: {draft} числится в «{draft.group_name}».")
                return redirect("intake:sealed")
    return render(request, "intake/consent.html", {"draft": draft, "form": form}, status=status)


def _stage(request: HttpRequest, file: CheckedUpload, year: int) -> ImportRun:
    return services.stage(
        read_table(file.content, file.name),
        file_name=file.name,
        checksum=file.sha256,
        org_type=organization_of(request).org_type,
        year=year,
        today=timezone.localdate(),
        made_by=actor_of(request).signature,
    )


def _refused(request: HttpRequest, found: ImportRun, violation: RuleViolation) -> HttpResponse:
    found.refresh_from_db()
    return render(request, "intake/run.html", _context(request, found) | {"refusal": str(violation)}, status=422)


def _context(request: HttpRequest, found: ImportRun) -> dict[str, Any]:
    rows = StagedRow.objects.filter(run=found)
    numbers = dict(rows.values_list("verdict").order_by().annotate(Count("pk")))
    shown = request.GET.get("show", "")
    if shown not in Verdict.values and shown != "warnings":
        shown = ""
    tabs = [("", "Все", sum(numbers.values()))]
    tabs += [(verdict.value, str(verdict.label), numbers.get(verdict, 0)) for verdict in Verdict]
    warned = rows.exclude(warnings=[]).count()
    tabs.append(("warnings", "С предупреждениями", warned))
    return {
        "run": found,
        "numbers": numbers,
        "tabs": [tab for tab in tabs if tab[2] or not tab[0]],
        "show": shown,
        "page_obj": Paginator(_shown(rows, shown), PAGE).get_page(request.GET.get("page")),
        "next_year": f"{((found.year or 0) + 1) % 100:02d}",
        "is_long": found.summary["rows"] > AT_ONCE,
        "bringing": numbers.get(Verdict.ACCEPTED, 0) + numbers.get(Verdict.DRAFT, 0),
    }


def _shown(rows: QuerySet[StagedRow], shown: str) -> QuerySet[StagedRow]:
    rows = rows.defer("cells", "values").order_by("number")
    if shown == "warnings":
        return rows.exclude(warnings=[])
    return rows.filter(verdict=shown) if shown else rows


def _sealed_context(request: HttpRequest) -> dict[str, Any]:
    drafts = SealedDraft.objects.sealed().shown().order_by("last_name", "first_name", "id")
    return {
        "page_obj": Paginator(drafts, PAGE).get_page(request.GET.get("page")),
        "may_record": actor_of(request).may("consent.record"),
    }
