"""Once a day every organization's state is counted anew: consents come, end and are withdrawn meanwhile."""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from shared.organizations.models import Organization
from shared.security.models import SecurityState
from shared.tenancy import scopes
from shared.tenancy.gate import HeldByBreak
from tenants.security.state import hand_up_state

logger = logging.getLogger(__name__)
OLD: Final = datetime.timedelta(days=1)


def refresh_stale() -> int:
    """Count where nothing was handed up for a day; returns for how many organizations. For the worker's poll."""
    with transaction.atomic():
        fresh = SecurityState.objects.filter(as_of__gt=timezone.now() - OLD).values("organization_id")
        working = Organization.objects.exclude(status=Organization.Status.ARCHIVED).exclude(pk__in=fresh)
        schemas = list(working.values_list("schema_name", flat=True))
    for schema in schemas:
        try:
            with scopes.enter(scopes.of_organization(schema).by("worker")):
                hand_up_state()
        except HeldByBreak:
            continue
        except DatabaseError:
            # Counted in the next round; one organization must not hold up the others.
            logger.exception("state of measures not counted", extra={"schema": schema})
    return len(schemas)
