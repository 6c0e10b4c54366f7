"""Who may open the regulation on protection of personal data: everybody who works here is to know it."""

from __future__ import annotations

from typing import Final

from shared.access.actors import Actor
from tenants.files.models import StoredFile
from tenants.security.models import ProtectionRegulation

REGULATION: Final = "protection_regulation"


def may_open_regulation(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``)."""
    return actor.may("home.view") and ProtectionRegulation.objects.filter(file=stored).exists()
