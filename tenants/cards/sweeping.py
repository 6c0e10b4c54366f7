"""What nobody has come back to is forgotten: drafts, files that were not written, rows that were refused.

For the worker's polls; no room is imported here. Source: 152-ФЗ ст. 5 ч. 7 (data are kept no longer than their purpose
needs).
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.gate import HeldByBreak
from tenants.cards.files.models import CardFile, CardFileRow, Verdict
from tenants.cards.models import SectionDraft

logger = logging.getLogger(__name__)
DRAFTS_KEPT_FOR: Final = datetime.timedelta(days=30)
FORGOTTEN: Final = "Строка не записана, её содержимое удалено: срок хранения строк с ошибками истёк."
Status = CardFile.Status


def sweep_drafts() -> None:
    """Forget drafts to which nobody has come back for a month, in every organization."""
    _everywhere(_forget_drafts)


def sweep_files() -> None:
    """Forget files of cards that were not written, and refused rows of those that were, in every organization."""
    _everywhere(_forget_files)


def _forget_drafts() -> None:
    SectionDraft.objects.filter(saved_at__lt=timezone.now() - DRAFTS_KEPT_FOR).delete()


def _forget_files() -> None:
    """A file that somebody is writing at this moment is locked, and left."""
    before = timezone.now() - CardFile.KEPT_FOR
    waiting = CardFile.objects.filter(made_at__lt=before).exclude(status__in=[Status.APPLIED, Status.UNDONE])
    for run in waiting.select_for_update(of=("self",), skip_locked=True):
        run.delete()
    refused = CardFileRow.objects.filter(verdict=Verdict.REFUSED, cells__isnull=False, run__status=Status.APPLIED)
    refused = refused.filter(run__applied_at__lt=before)
    refused.exclude(warnings=[]).update(warnings=[["", FORGOTTEN]])  # they quote cells, and the page counts them
    refused.update(cells=None, title="", values=None, changes=[], marks=[], problems=[["", FORGOTTEN]])


def _everywhere(act: Callable[[], None]) -> None:
    with transaction.atomic():
        working = Organization.with_copies.exclude(status=Organization.Status.ARCHIVED)
        schemas = list(working.values_list("schema_name", flat=True))
    for schema in schemas:
        try:
            with scopes.enter(scopes.of_organization(schema).by("worker")):
                act()
        except HeldByBreak:
            continue
        except DatabaseError:
            # Swept in the next round; one organization must not hold up the others.
            logger.exception("not swept", extra={"schema": schema, "what": act.__name__})
