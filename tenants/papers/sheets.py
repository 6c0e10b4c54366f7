"""Certificates as one PDF, a page each: a single compile of N pages, whatever N is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

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
    imprint: Imprint, certificates: Sequence[Certificate], *, organization: Organization, check_address: str
) -> bytes:
    """The PDF of certificates read with their learners.

    ``imprint.copy`` is the identifier of the printout; a page of several carries its place in it as well.
    """
    data = {
        "imprint": imprint_data(imprint),
        "organization": _requisites(organization),
        "columns": [{"title": title, "width": width} for title, width in PERIOD_COLUMNS],
        "certificates": [
            _page(one, f"{imprint.copy}/{place}" if len(certificates) > 1 else imprint.copy, check_address)
            for place, one in enumerate(certificates, start=1)
        ],
    }
    return render_pdf(_TEMPLATE, data, made_at=imprint.made_at)


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
