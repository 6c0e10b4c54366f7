"""Answers that are files: a list as XLSX or PDF with the imprint of who made it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from shared.access.approvals.exports import second_signature
from shared.access.requests import actor_of, note_action, workplace_of
from shared.access.throttles import refusal

from .columns import Column, Value
from .imprint import Imprint
from .pdf import render_table
from .xlsx import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


def workbook_answer(
    request: HttpRequest,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    filters: str = "",
    is_personal: bool = True,
) -> HttpResponse:
    """A list as a file; that it left the system is logged by ids and the number of rows.

    Answers 429 to whom takes lists away faster than anybody works with them. A list of many people needs a second
    person first; ``is_personal=False`` is for tables of counts and of what is no person.
    """
    if refused := refusal(request, "export"):
        return refused
    imprint, listed = imprint_of(request, title, filters), list(rows)
    if is_personal and (wanting := second_signature(request, title=title, rows=len(listed))):
        return wanting
    stream = io.BytesIO()
    count = write_workbook(stream, title=title, columns=columns, rows=listed, imprint=imprint)
    return _file(request, stream.getvalue(), imprint, count, extension="xlsx", content_type=XLSX)


def paper_answer(
    request: HttpRequest,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    filters: str = "",
    landscape: bool = True,
    is_personal: bool = True,
) -> HttpResponse:
    """The same list as a PDF with the imprint on every page; logged and refused alike."""
    if refused := refusal(request, "export"):
        return refused
    imprint, listed = imprint_of(request, title, filters), list(rows)
    if is_personal and (wanting := second_signature(request, title=title, rows=len(listed))):
        return wanting
    content = render_table(imprint=imprint, columns=columns, rows=listed, landscape=landscape)
    return _file(request, content, imprint, len(listed), extension="pdf", content_type=PDF)


def table_answer(request: HttpRequest, extension: str, **table: Any) -> HttpResponse:
    """The list as the file that the address names: ``workbook_answer`` for xlsx, ``paper_answer`` for pdf."""
    answer = {"xlsx": workbook_answer, "pdf": paper_answer}.get(extension)
    if answer is None:
        raise Http404
    return answer(request, **table)


def imprint_of(request: HttpRequest, title: str, filters: str = "", *, copy: str = "") -> Imprint:
    """The imprint of whoever asks, now."""
    return Imprint(
        organization=workplace_of(request),
        title=title,
        made_at=timezone.localtime(),
        executor=actor_of(request).signature,
        filters=filters,
        copy=copy,
    )


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A paper as a download."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=PDF, headers=headers)


def _file(
    request: HttpRequest, content: bytes, imprint: Imprint, count: int, *, extension: str, content_type: str
) -> HttpResponse:
    note_action(request, "exported", rows=count, path=request.path)
    name = f"{imprint.title} {imprint.made_at:%Y-%m-%d}.{extension}"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content, content_type=content_type, headers=headers)
