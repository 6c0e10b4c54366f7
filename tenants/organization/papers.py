"""Files of the organization's documents: charter, licence and local acts are open to everybody who works here."""

from __future__ import annotations

from typing import Final

from shared.access.actors import Actor
from shared.documents.uploads import MEGABYTE, PDF, Purpose
from tenants.files.models import StoredFile
from tenants.organization.models import OrganizationDocument

PAPER: Final = "organization_document"
PAPER_FILE: Final = Purpose(
    kinds=(PDF,),
    kinds_text="PDF",
    max_bytes=20 * MEGABYTE,
    advice="Сохраните документ с меньшим разрешением и загрузите снова.",
)


def may_open_paper(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``)."""
    return actor.may("organization.read") and OrganizationDocument.objects.filter(file=stored).exists()
