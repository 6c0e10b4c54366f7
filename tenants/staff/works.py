"""Files of methodical works: who may open them, what may be uploaded. Source: R-233."""

from __future__ import annotations

from typing import Final

from shared.access.actors import Actor
from shared.documents.uploads import DOCUMENT_SCAN, Purpose
from tenants.files.models import StoredFile
from tenants.staff.models import MethodicalWork, StaffMember

WORK_FILE: Final = "methodical_work"
WORK_UPLOAD: Final[Purpose] = DOCUMENT_SCAN.up_to(
    20 * 1024 * 1024, "Сохраните его с меньшим качеством и загрузите снова."
)


def may_open_work(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``): whoever sees the card."""
    seen = StaffMember.objects.known().unsealed().seen_by(actor, "staff.read")
    return MethodicalWork.objects.filter(file=stored, member__in=seen).exists()
