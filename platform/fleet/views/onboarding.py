"""The wizard: a file is uploaded, checked, carried out, and its first passwords are handed out."""

from __future__ import annotations

import logging
import tempfile
import uuid
from pathlib import Path

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.forms import OrganizationsFileForm
from fleet.models import OnboardingRun
from fleet.onboarding import runs, services
from shared.access.declarations import requires
from shared.access.throttles import throttled
from shared.imports.tables import read_table
from shared.kernel.rules import RuleViolation

logger = logging.getLogger(__name__)
PAGE = 100
RECENT = 20
_HEAVY = ("table", "rows")
_SHOWN = {
    "errors": lambda row: bool(row["errors"]),
    "warnings": lambda row: bool(row["warnings"]) and not row["errors"],
    "ready": lambda row: not row["errors"],
    "all": lambda row: True,
}


@requires("organizations.onboard")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; below, what was uploaded before."""
    form = OrganizationsFileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = runs.upload(
                    read_table(file.content, file.name),
                    file_name=file.name,
                    actor=request.actor.signature,  # type: ignore[attr-defined]
                )
            except RuleViolation as violation:
                form.add_error("file", str(violation))
            else:
                return redirect("fleet:run", run.pk)
    context = {
        "title": "Подключение организаций",
        "form": form,
        "runs": OnboardingRun.objects.defer(*_HEAVY)[:RECENT],
    }
    return render(request, "fleet/onboarding.html", context, status=status)


@requires("organizations.onboard")
@require_safe
def run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Whatever stage the file is at: the check, the progress, or the result."""
    return render(request, "fleet/run.html", _context(request, run_id))


@requires("organizations.onboard")
@require_safe
def progress(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The same page's middle, asked every second while the worker is at it."""
    return render(request, "fleet/_run.html", _context(request, run_id))


@requires("organizations.onboard")
@require_POST
def start(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Send a checked file to the worker; the wish commits with the answer."""
    get_object_or_404(OnboardingRun, pk=run_id)
    try:
        runs.start(run_id)
    except RuleViolation as violation:
        context = _context(request, run_id) | {"refusal": str(violation)}
        return render(request, "fleet/run.html", context, status=422)
    return redirect("fleet:run", run_id)


@requires("organizations.onboard")
@require_safe
def sheet(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """First passwords, one organization a line, to be printed and handed out."""
    found = _finished(run_id)
    names = {row["slug"]: row["short_name"] for row in found.rows}
    lines = [{"name": names.get(line.slug, line.slug), "access": line} for line in runs.credentials(run_id)]
    _note_handing_out(request, run_id)
    return render(request, "fleet/sheet.html", {"title": "Ведомость доступов", "run": found, "lines": lines})


@requires("organizations.onboard")
@throttled("export")
@require_safe
def credentials(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """``FILE.credentials.csv``."""
    found = _finished(run_id)
    path = runs.credentials_file(run_id)
    if not path.exists():
        raise Http404
    _note_handing_out(request, run_id)
    return _csv(path.read_bytes(), f"{found.file_name}.credentials.csv")


@requires("organizations.onboard")
@throttled("export")
@require_safe
def rejected(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """``FILE.rejected.csv``: refused rows with their reasons, before the run and after it."""
    found = get_object_or_404(OnboardingRun, pk=run_id)
    kept = runs.rejected_file(run_id)
    if kept.exists():
        return _csv(kept.read_bytes(), f"{found.file_name}.rejected.csv")
    with tempfile.TemporaryDirectory() as folder:
        path = services.write_refusals(
            services.check(found.as_table()), source_name=runs.SOURCE, output_dir=Path(folder)
        )
        if path is None:
            raise Http404
        return _csv(path.read_bytes(), f"{found.file_name}.rejected.csv")


def _finished(run_id: uuid.UUID) -> OnboardingRun:
    return get_object_or_404(OnboardingRun, pk=run_id, status=OnboardingRun.Status.DONE)


def _context(request: HttpRequest, run_id: uuid.UUID) -> dict[str, object]:
    found = get_object_or_404(OnboardingRun.objects.defer("table"), pk=run_id)
    shown = request.GET.get("show", "")
    if shown not in _SHOWN:
        shown = "errors" if found.counts["refused"] else "all"
    rows = [row for row in found.rows if _SHOWN[shown](row)]
    return {
        "title": "Подключение организаций",
        "run": found,
        "show": shown,
        "numbers": {name: sum(map(test, found.rows)) for name, test in _SHOWN.items()},
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "seconds_left": _seconds_left(found),
    }


def _seconds_left(found: OnboardingRun) -> int | None:
    """By the pace so far; nothing is said before three rows are done."""
    if found.started_at is None or found.done < 3:
        return None
    pace = (timezone.now() - found.started_at).total_seconds() / found.done
    return round(pace * (found.counts["rows"] - found.done))


def _note_handing_out(request: HttpRequest, run_id: uuid.UUID) -> None:
    account = request.actor.account_id  # type: ignore[attr-defined]
    logger.warning("first passwords shown", extra={"run": str(run_id), "account": str(account)})


def _csv(content: bytes, file_name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
