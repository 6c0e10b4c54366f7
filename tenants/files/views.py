"""Giving out a kept file: always as an attachment, never inside a page of ours."""

from __future__ import annotations

import uuid
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.throttles import throttled
from tenants.files.keepers import may_open
from tenants.files.models import StoredFile
from tenants.files.services import open_file

# Even opened by force, the content may run nothing and reach nothing.
SANDBOX: Final = "sandbox; default-src 'none'"


@requires("home.view")
@throttled("export")
@require_safe
def open_stored(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """A file for whom its keeper lets; for everybody else it does not exist."""
    stored = get_object_or_404(StoredFile, pk=file_id)
    if not may_open(actor_of(request), stored):
        raise Http404
    response = HttpResponse(open_file(stored), content_type=stored.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    note_action(request, "files.opened", subject_kind="file", subject_id=stored.pk, purpose=stored.purpose)
    return response
