"""How often answers and tasks fail in each place: numbers by day, no text and nobody's name. Source: REGION 1.

What failed and where in the code stands in the log and in Sentry; this says to the operator in which organization.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shared.maintenance.models import Fault

logger = logging.getLogger(__name__)
SHOWN_DAYS: Final = 7
KEPT_DAYS: Final = 90


def note_fault(source: Fault.Source, organization_id: uuid.UUID | None) -> None:
    """Count one failure, outside the transaction that failed; a count that fails does not change the answer."""
    if connection.connection is None:  # the database was not reached: it is not asked once more
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "insert into maintenance_fault (day, organization_id, source, number, last_at)"
                " values (%s, %s, %s, 1, now()) on conflict (day, organization_id, source)"
                " do update set number = maintenance_fault.number + 1, last_at = now()",
                [timezone.localdate(), organization_id, source],
            )
    except DatabaseError as error:
        logger.error("fault not counted", extra={"fault": type(error).__name__})


def first_day_shown() -> datetime.date:
    """The faults of the last seven days are what the console shows."""
    return timezone.localdate() - datetime.timedelta(days=SHOWN_DAYS - 1)


def forget_faults() -> None:
    """What is older than ninety days tells the operator nothing."""
    Fault.objects.filter(day__lt=timezone.localdate() - datetime.timedelta(days=KEPT_DAYS)).delete()
