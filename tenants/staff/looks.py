"""What stands beside the common sections of a card: methodical works with files, former values under masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.cards.values import value_of, written
from shared.classifiers.catalog import load_catalog
from tenants.staff.layout import WORKS
from tenants.staff.models import FormerValue, MethodicalWork, StaffMember

# Former documents and addresses are as sensitive as the present ones.
MASKED_FORMER: Final = frozenset({"document", "residence_address", "registration_address"})
# Changes of name, position and employment are told by the history of hiring.
SHOWN_FORMER: Final = MASKED_FORMER | {"name"}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A methodical work in words."""

    work: MethodicalWork
    facts: str


def works_of(member: StaffMember) -> list[WorkLine]:
    """Newest first, with their files, in one query."""
    found = member.methodical_works.select_related("file")
    named = [field for field in WORKS.fields if field.code != "title"]
    return [
        WorkLine(one, " · ".join(filter(None, (written(field, value_of(one, field)) for field in named))))
        for one in found
    ]


def former_text(row: FormerValue) -> str:
    """What stands behind the mask of a former value."""
    if row.kind != FormerValue.Kind.DOCUMENT:
        return row.text
    book = load_catalog()["document_type"]
    kind = book[row.doc_type].label if row.doc_type in book else ""
    issued = f"выдан {row.doc_issued_on:%d.%m.%Y}" if row.doc_issued_on else ""
    number = f"{kind} {row.doc_series} № {row.doc_number}".strip()
    return ", ".join(filter(None, (number, issued, row.doc_issued_by, row.doc_department_code)))
