"""Answers that are files: a list exported to XLSX with the imprint of who made it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from shared.access.requests import actor_of, note_disclosure, workplace_of

from .columns import Column, Value
from .imprint import Imprint
from .xlsx import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_answer(
    request: HttpRequest,
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    filters: str = "",
) -> HttpResponse:
    """A list as a file; that it left the system is logged by ids and the number of rows."""
    now = timezone.localtime()
    imprint = Imprint(
        organization=workplace_of(request),
        title=title,
        made_at=now,
        executor=actor_of(request).signature,
        filters=filters,
    )
    stream = io.BytesIO()
    count = write_workbook(stream, title=title, columns=columns, rows=rows, imprint=imprint)
    note_disclosure(request, "exported", path=request.path, rows=count)
    name = f"{title} {now:%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(stream.getvalue(), content_type=XLSX, headers=headers)
