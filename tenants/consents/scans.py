"""Who may open the scan of a consent: whoever sees the consent, and the family it belongs to."""

from __future__ import annotations

from typing import Final

from shared.access.actors import Actor
from tenants.consents.models import Consent
from tenants.files.models import StoredFile

SCAN: Final = "consent_scan"


def may_open_scan(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``)."""
    return Consent.objects.seen_by(actor, "consent.read").filter(scan=stored).exists()
