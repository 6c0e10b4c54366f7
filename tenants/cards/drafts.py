"""Drafts of sections: what is typed and not saved survives the end of a session and waits for its author.

They hold what the form holds, so they stay in the organization's own table, closed in its history. Source: issue
«drafts kept on session end and restored after sign-in».
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.cards.models import SectionDraft

logger = logging.getLogger(__name__)
KEPT_FOR: Final = datetime.timedelta(days=30)
Texts = Mapping[str, Any]  # Any: a text, or the texts of several choices


def drafts_of(account_id: uuid.UUID, kind: str, card_id: uuid.UUID | None) -> dict[str, SectionDraft]:
    """The drafts of one person for one card, by section."""
    found = SectionDraft.objects.filter(account_id=account_id, kind=kind, card_id=card_id)
    return {draft.section: draft for draft in found}


def draft_of(account_id: uuid.UUID, kind: str, card_id: uuid.UUID | None, section: str) -> SectionDraft | None:
    return drafts_of(account_id, kind, card_id).get(section)


def keep_draft(
    *, account_id: uuid.UUID, kind: str, card_id: uuid.UUID | None, section: str, texts: Texts, base: Texts
) -> SectionDraft:
    """Keep what is typed; the former draft of this section gives way."""
    draft, _ = SectionDraft.objects.update_or_create(
        account_id=account_id,
        kind=kind,
        card_id=card_id,
        section=section,
        defaults={"texts": dict(texts), "base": dict(base)},
    )
    return draft


def drop_draft(*, account_id: uuid.UUID, kind: str, card_id: uuid.UUID | None, section: str) -> None:
    SectionDraft.objects.filter(account_id=account_id, kind=kind, card_id=card_id, section=section).delete()


def sweep_drafts() -> None:
    """Forget drafts to which nobody has come back for a month, in every organization. For the worker's poll."""
    with transaction.atomic():
        working = Organization.objects.exclude(status=Organization.Status.ARCHIVED)
        schemas = list(working.values_list("schema_name", flat=True))
    for schema in schemas:
        try:
            with scopes.enter(scopes.of_organization(schema).by("worker")):
                SectionDraft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
        except DatabaseError:
            # Swept in the next round; one organization must not hold up the others.
            logger.exception("drafts not swept", extra={"schema": schema})
