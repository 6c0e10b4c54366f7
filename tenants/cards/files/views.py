"""Pages of files of cards: upload, choice of columns, look before writing, result, undo, and the files given out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.approvals.exports import second_signature
from shared.access.requests import actor_of, note_action
from shared.access.throttles import refusal, throttled
from shared.documents.downloads import XLSX
from shared.documents.uploads import CheckedUpload
from shared.imports.tables import read_table
from shared.kernel.rules import RuleViolation
from tenants.cards.files import services
from tenants.cards.files.forms import SAMPLES, ApplyForm, CardsFileForm, ColumnsForm
from tenants.cards.files.kinds import FileKind
from tenants.cards.files.marked import marked_workbook
from tenants.cards.files.models import CardFile, CardFileRow, Verdict
from tenants.cards.files.shown import ShownRow, tabs
from tenants.cards.files.workbook import lines, to_csv, to_xlsx

PAGE: Final = 50
CSV: Final = "text/csv; charset=utf-8"


@require_safe
def run_list(request: HttpRequest, *, kind: FileKind) -> HttpResponse:
    """Files of this kind of cards, the newest first."""
    _ask(request, kind)
    runs = CardFile.objects.filter(kind=kind.code).defer("headers", "mapping", "notes")
    context = {
        "kind": kind,
        "kept_days": CardFile.KEPT_FOR.days,
        "page_obj": Paginator(runs, PAGE).get_page(request.GET.get("page")),
        "may_take": kind.may_take(actor_of(request)),
    }
    return render(request, "cards/files/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, *, kind: FileKind) -> HttpResponse:
    """Choose a file; nothing is written before the look."""
    _ask(request, kind)
    form = CardsFileForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                run = _stage(request, kind, form.cleaned_data["file"])
            except RuleViolation as violation:
                form.add_error("file", str(violation))
            else:
                name = "columns" if run.status == CardFile.Status.MAPPING else "run"
                return redirect(f"card_files:{name}", kind=kind.code, run_id=run.pk)
    context = {"form": form, "kind": kind, "may_take": kind.may_take(actor_of(request))}
    return render(request, "cards/files/upload.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """Which column is which field; the choice is remembered for files with the same columns."""
    run = _run(request, kind, run_id)
    if run.status not in (CardFile.Status.MAPPING, CardFile.Status.STAGED):
        return redirect("card_files:run", kind=kind.code, run_id=run.pk)
    form = ColumnsForm(request.POST or None, run=run, kind=kind, mapping=run.mapping)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.choose_columns(run, form.mapping, may_write=kind.written_by(actor_of(request)))
            except RuleViolation as violation:
                form.add_error(None, str(violation))
            else:
                return redirect("card_files:run", kind=kind.code, run_id=run.pk)
    context = {
        "form": form,
        "kind": kind,
        "run": run,
        "rows": list(zip(form, _samples(request, kind, run), strict=True)),
    }
    return render(request, "cards/files/columns.html", context, status=status)


@require_safe
def run(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """Whatever stage the file is at: the columns, the check, the progress, or the result."""
    found = _run(request, kind, run_id)
    if found.status == CardFile.Status.MAPPING:
        return redirect("card_files:columns", kind=kind.code, run_id=found.pk)
    return render(request, "cards/files/run.html", _context(request, kind, found))


@require_safe
def progress(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """The middle of the page while the worker is at it; when it is done, the whole page is asked for."""
    found = _run(request, kind, run_id)
    response = render(request, "cards/files/_progress.html", {"run": found, "kind": kind})
    if found.status not in (CardFile.Status.CHECKING, CardFile.Status.QUEUED):
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def check(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """Look at the cards of now."""
    found = _run(request, kind, run_id)
    return _acted(request, kind, found, lambda: services.check_again(found))


@require_POST
def apply(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """Write a checked file: a short one now, a long one by the worker."""
    found = _run(request, kind, run_id)
    form = ApplyForm(request.POST)
    form.is_valid()
    act = services.apply_or_mark if found.row_count <= services.AT_ONCE else services.apply_later
    return _acted(request, kind, found, lambda: act(found, **form.cleaned_data, by=actor_of(request).signature))


@require_POST
def discard(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """Forget a file that was only looked at."""
    found = _run(request, kind, run_id)
    try:
        services.discard(found)
    except RuleViolation as violation:
        return _refused(request, kind, found, violation)
    messages.success(request, f"Файл «{found.file_name}» не записан, его данные удалены.")
    return redirect("card_files:list", kind=kind.code)


@require_POST
def undo(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """Take an applied file back."""
    found = _run(request, kind, run_id)
    hand = kind.hand_of(actor_of(request), is_mine=_is_mine(request, found))
    return _acted(request, kind, found, lambda: services.undo(found, hand=hand))


@throttled("export")
@require_safe
def errors(request: HttpRequest, *, kind: FileKind, run_id: uuid.UUID) -> HttpResponse:
    """The uploaded file with errors marked in the cells; to who brought it, or may see what is in it."""
    found = _run(request, kind, run_id)
    may_identify = kind.may_identify(actor_of(request))
    if not (_is_mine(request, found) or may_identify):
        raise PermissionDenied
    content, count = marked_workbook(found, may_identify=may_identify)
    if not count:
        raise Http404
    note_action(request, "exported", rows=count, path=request.path)
    return _file(content, f"{found.file_name.rpartition('.')[0]} ошибки.xlsx", XLSX)


@require_safe
def template(request: HttpRequest, *, kind: FileKind) -> HttpResponse:
    """The file without rows: what a new organization fills in."""
    _ask(request, kind)
    may_write = kind.written_by(actor_of(request))
    content, _ = to_xlsx(kind, [column for code, column in kind.columns.items() if code in may_write], [])
    return _file(content, f"{kind.card.many}, образец.xlsx", XLSX)


@require_safe
def take(request: HttpRequest, *, kind: FileKind, extension: str) -> HttpResponse:
    """The cards as a file «для правки»; see ``workbook`` why it holds what lists do not."""
    actor = actor_of(request)
    if not kind.may_take(actor):
        raise PermissionDenied
    if refused := refusal(request, "export"):
        return refused
    cards, shown = _taken(request, kind), list(kind.read_by(actor))
    title = f"{kind.card.many} для правки"
    if not kind.is_single and (wanting := second_signature(request, title=title, rows=cards.count())):
        return wanting
    rows = lines(kind, shown, cards)
    content, count = to_csv(shown, rows) if extension == "csv" else to_xlsx(kind, shown, rows)
    note_action(request, "exported", rows=count, path=request.path, identity=kind.may_identify(actor), purpose="edit")
    name = f"{title} {timezone.localdate():%Y-%m-%d}.{extension}"
    return _file(content, name, CSV if extension == "csv" else XLSX)


def _ask(request: HttpRequest, kind: FileKind) -> None:
    """A file is not narrowed to somebody's classes: only a right to every card of the kind will do."""
    if not kind.may_import(actor_of(request)):
        raise PermissionDenied


def _run(request: HttpRequest, kind: FileKind, run_id: uuid.UUID) -> CardFile:
    _ask(request, kind)
    return get_object_or_404(CardFile, pk=run_id, kind=kind.code)


def _is_mine(request: HttpRequest, found: CardFile) -> bool:
    return found.account_id == actor_of(request).account_id


def _stage(request: HttpRequest, kind: FileKind, file: CheckedUpload) -> CardFile:
    actor = actor_of(request)
    return services.stage(
        read_table(file.content, file.name),
        kind=kind,
        file_name=file.name,
        checksum=file.sha256,
        bringer=services.Bringer(
            account_id=actor.account_id, signature=actor.signature, may_write=kind.written_by(actor)
        ),
    )


def _taken(request: HttpRequest, kind: FileKind) -> QuerySet[Any]:
    """All cards that the person edits, or those of the list he stands in."""
    cards = kind.card.reached(actor_of(request), kind.card.edits).order_by(*kind.card.model._meta.ordering or ["pk"])
    if kind.card.found is not None and request.GET:
        cards = cards.filter(pk__in=kind.card.found(request).order_by().values("pk"))
    return kind.joined(cards)


def _samples(request: HttpRequest, kind: FileKind, found: CardFile) -> Iterator[list[str]]:
    """A few values of each named column, to recognize it by; only to who brought the file or may see what is in it."""
    may_see = _is_mine(request, found) or kind.may_identify(actor_of(request))
    rows = CardFileRow.objects.filter(run=found, cells__isnull=False).order_by("number") if may_see else ()
    cells = list(rows.values_list("cells", flat=True)[:SAMPLES]) if may_see else []  # type: ignore[union-attr]
    for index, header in enumerate(found.headers):
        if header.strip():
            yield [text for row in cells if index < len(row) and (text := row[index].strip())]


def _acted(request: HttpRequest, kind: FileKind, found: CardFile, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except RuleViolation as violation:
        return _refused(request, kind, found, violation)
    return redirect("card_files:run", kind=kind.code, run_id=found.pk)


def _refused(request: HttpRequest, kind: FileKind, found: CardFile, violation: RuleViolation) -> HttpResponse:
    found.refresh_from_db()
    context = _context(request, kind, found) | {"refusal": str(violation)}
    return render(request, "cards/files/run.html", context, status=422)


def _context(request: HttpRequest, kind: FileKind, found: CardFile) -> dict[str, Any]:
    rows = CardFileRow.objects.filter(run=found).order_by("number")
    summary = found.summary
    shown = request.GET.get("show", "")
    known = tabs(summary)
    if shown not in {value for value, _, _ in known}:
        shown = ""
    if shown == "warned":
        rows = rows.exclude(warnings=[])
    elif shown:
        rows = rows.filter(verdict=shown)
    page = Paginator(rows.defer("marks"), PAGE).get_page(request.GET.get("page"))
    may_identify, is_mine = kind.may_identify(actor_of(request)), _is_mine(request, found)
    return {
        "run": found,
        "kind": kind,
        "tabs": known,
        "show": shown,
        "page_obj": page,
        "rows": [ShownRow(row, kind, found, may_identify=may_identify, is_mine=is_mine) for row in page],
        "may_take_errors": (may_identify or is_mine) and not found.is_forgotten,
        "bringing": summary.get(Verdict.NEW, 0) + summary.get(Verdict.CHANGED, 0),
        "is_long": found.row_count > services.AT_ONCE,
    }


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=content_type, headers=headers)
