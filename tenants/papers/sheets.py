"""Certificates as one PDF, a page each; many of them are made in parts that are joined."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pypdf import PdfReader, PdfWriter

from shared.documents.imprint import Imprint
from shared.documents.papers import Verification
from shared.documents.pdf import imprint_data, render_pdf
from shared.kernel.text import typo
from shared.organizations.models import Organization
from tenants.papers.models import Certificate
from tenants.papers.wording import PERIOD_COLUMNS, paragraphs_of, rows_of

_TEMPLATE: Final = Path(__file__).parent / "documents/certificates.typ"
REPEATED: Final = "Дубликат. Повторная печать"


def render_certificates(
    imprint: Imprint,
    certificates: Sequence[Certificate],
    *,
    organization: Organization,
    check_address: str,
    first: int = 1,
    total: int | None = None,
) -> bytes:
    """The PDF of certificates read with their learners.

    ``imprint.copy`` is the identifier of the printout; a page of several carries its place in it as well. These may be
    a part of the printout: ``first`` is the place of the first one, ``total`` how many there are in all.
    """
    is_one = (total or len(certificates)) == 1
    data = {
        "imprint": imprint_data(imprint),
        "organization": _requisites(organization),
        "columns": [{"title": title, "width": width} for title, width in PERIOD_COLUMNS],
        "certificates": [
            _page(one, imprint.copy if is_one else f"{imprint.copy}/{place}", check_address)
            for place, one in enumerate(certificates, start=first)
        ],
    }
    return render_pdf(_TEMPLATE, data, made_at=imprint.made_at)


def joined(parts: Sequence[bytes]) -> bytes:
    """One PDF of several, named as the first of them."""
    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    writer.add_metadata(PdfReader(io.BytesIO(parts[0])).metadata or {})
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _page(one: Certificate, copy: str, check_address: str) -> dict[str, object]:
    return {
        "title": one.get_kind_display(),
        "number": str(one.number),
        "day": f"{one.issued_on:%d.%m.%Y}",
        "paragraphs": list(map(typo, paragraphs_of(one))),
        "rows": rows_of(one),
        "post": one.signer_post,
        "name": one.signer_name,
        "copy": copy,
        "mark": REPEATED if one.print_count else "",
        "verification": Verification(one.code, check_address).data,
    }


def _requisites(organization: Organization) -> dict[str, object]:
    numbers = [("ОГРН", organization.ogrn), ("ИНН", organization.inn), ("КПП", organization.kpp)]
    contacts = [organization.address, organization.phone and f"тел. {organization.phone}", organization.email]
    return {
        "name": typo(organization.full_name),
        "lines": [
            *filter(None, contacts),
            ", ".join(f"{title} {number}" for title, number in numbers if number),
        ],
    }
