"""Handing up the state of measures; runs in the organization's scope, in the transaction of the change."""

from __future__ import annotations

import uuid

from django.utils import timezone

from shared.security.models import SecurityState


def state_to_fill(organization_id: uuid.UUID) -> SecurityState:
    """The organization's row, made if absent and locked until the transaction ends.

    Whoever counts after this call sees what others have committed, so of two changes at once the later counts both.
    """
    fresh = SecurityState(organization_id=organization_id, as_of=timezone.now())
    SecurityState.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=["organization_id"], update_fields=["as_of"]
    )
    return SecurityState.objects.get(pk=organization_id)
