"""Slips with logins and one-time passwords as one PDF, to be cut along the lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from shared.access.requests import actor_of, note_action, workplace_of
from shared.credentials.services import Slip
from shared.documents.imprint import Imprint
from shared.documents.pdf import imprint_data, render_pdf

TEMPLATE: Final = Path(__file__).parent / "templates" / "slips.typ"
TITLE: Final = "Данные для входа"


def slips_answer(request: HttpRequest, slips: Sequence[Slip]) -> HttpResponse:
    """The only time the passwords are seen: a file that no cache keeps, and a record that it was printed."""
    now = timezone.localtime()
    imprint = Imprint(
        organization=workplace_of(request), title=TITLE, made_at=now, executor=actor_of(request).signature
    )
    lines = [
        {
            "name": slip.name,
            "group": slip.group_name,
            "login": slip.login,
            "password": slip.password,
            "until": f"{timezone.localtime(slip.valid_until):%d.%m.%Y}",
        }
        for slip in slips
    ]
    address = f"{request.scheme}://{request.get_host()}/"
    data = {"imprint": imprint_data(imprint), "address": address, "slips": lines}
    content = render_pdf(TEMPLATE, data, made_at=now)
    note_action(request, "credentials_issued", rows=len(slips))
    name = f"{TITLE} {now:%Y-%m-%d %H-%M}.pdf"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
