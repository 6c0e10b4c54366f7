"""Drafts of forms of cards: what is typed and not saved survives the end of a session and waits for its author.

They hold what the form holds, so they stay in the organization's own table, closed in its history. No room is imported
here, so that the forms of rooms keep their drafts in the same place. Source: issue «drafts kept on session end and
restored after sign-in; nothing typed may be lost».
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from tenants.cards.models import SectionDraft

Texts = Mapping[str, Any]  # Any: a text, or the texts of several choices
Slot = tuple[str, uuid.UUID | None]  # a section, and the row of it that is being changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a draft lies: whose, of which card, of which form, of which row; None for a new row."""

    account_id: uuid.UUID
    kind: str
    card_id: uuid.UUID | None
    section: str
    row_id: uuid.UUID | None = None

    @classmethod
    def of(cls, draft: SectionDraft) -> Place:
        return cls(**{one.name: getattr(draft, one.name) for one in fields(cls)})


def drafts_of(account_id: uuid.UUID, kind: str, card_id: uuid.UUID | None) -> dict[Slot, SectionDraft]:
    """The drafts of one person for one card."""
    found = SectionDraft.objects.filter(account_id=account_id, kind=kind, card_id=card_id)
    return {(draft.section, draft.row_id): draft for draft in found}


def draft_of(place: Place) -> SectionDraft | None:
    return SectionDraft.objects.filter(**asdict(place)).first()


def keep_draft(place: Place, *, texts: Texts, base: Texts) -> SectionDraft:
    """Keep what is typed; the former draft of this form gives way."""
    draft, _ = SectionDraft.objects.update_or_create(
        **asdict(place), defaults={"texts": dict(texts), "base": dict(base)}
    )
    return draft


def drop_draft(place: Place) -> None:
    SectionDraft.objects.filter(**asdict(place)).delete()


def moment(draft: SectionDraft) -> str:
    """When it was kept: «12:40» of today, otherwise «12.10.2026 12:40»."""
    at = timezone.localtime(draft.saved_at)
    return date_format(at, "H:i" if at.date() == timezone.localdate() else "d.m.Y H:i")


def move_drafts(*, kind: str, of: uuid.UUID, to: uuid.UUID, but: Collection[str]) -> None:
    """Two cards become one: what is typed of rows goes where the rows go.

    Drafts of sections in ``but`` are of values of a card that is no more, and a draft of the same form that its author
    has on the other card is the one he goes on with: these end here.
    """
    held = SectionDraft.objects.filter(kind=kind, card_id=of)
    held.filter(section__in=but).delete()
    for draft in held:
        if draft_of(replace(Place.of(draft), card_id=to)) is None:
            SectionDraft.objects.filter(pk=draft.pk).update(card_id=to)
        else:
            draft.delete()
