"""Founding documents and local acts: a new edition replaces the former. Source: R-198, ORGANIZATION 2.1."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction

from shared.kernel.rules import constraint_means
from tenants.files.models import StoredFile
from tenants.organization.errors import DocumentJustReplaced
from tenants.organization.models import OrganizationDocument
from tenants.organization.services import refresh_card


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as it is typed; ``title`` is for local acts."""

    kind: str
    issued_on: datetime.date
    title: str = ""
    number: str = ""
    valid_to: datetime.date | None = None


@transaction.atomic
def put_document(*, paper: Paper, file: StoredFile | None, added_by: str) -> OrganizationDocument:
    """A document in force; the former one of its kind (for a local act: of its name) is kept as replaced.

    Raises: DocumentJustReplaced.
    """
    same = OrganizationDocument.objects.current().filter(kind=paper.kind, title=paper.title)
    for former in same.select_for_update():
        former.is_current = False
        former.save(update_fields=["is_current"])
    document = OrganizationDocument(**asdict(paper), file=file, added_by=added_by)
    with constraint_means("organizationdocument_one_current", DocumentJustReplaced(name=document.name)):
        document.save(force_insert=True)
    refresh_card(by=added_by)
    return document
