"""What a comparison has found is kept a month: data are kept no longer than their purpose needs.

For the worker's polls. Source: 152-ФЗ ст. 5 ч. 7.
"""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from shared.copies.models import OfferedCopy
from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.gate import HeldByBreak
from tenants.recovery.models import Difference

logger = logging.getLogger(__name__)
KEPT_FOR: Final = datetime.timedelta(days=30)


def sweep_comparisons() -> None:
    """Forget what was found a month ago, in every organization; it may be compared again while the copy stands."""
    with transaction.atomic():
        old = OfferedCopy.objects.filter(compared_at__lt=timezone.now() - KEPT_FOR, state=OfferedCopy.State.DONE)
        working = old.exclude(organization__status=Organization.Status.ARCHIVED)
        stale = list(working.values_list("pk", "organization__schema_name"))
    for offer_id, schema in stale:
        try:
            with scopes.enter(scopes.of_organization(schema).by("worker")):
                Difference.objects.of(offer_id).delete()
                OfferedCopy.objects.filter(pk=offer_id).update(state=OfferedCopy.State.EXPIRED)
        except HeldByBreak:
            continue
        except DatabaseError:
            # Swept in the next round; one organization must not hold up the others.
            logger.exception("comparison not swept", extra={"schema": schema})
