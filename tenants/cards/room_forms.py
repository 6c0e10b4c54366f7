"""Forms on pages of rooms (a new document, an address, a representative…) that keep drafts as sections do.

The page keeps what is typed by a POST to its own address with «draft», so it asks for the page's own right. No room is
imported here. Source: issue «drafts kept on session end and restored after sign-in; nothing typed may be lost».
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse

from shared.access.requests import actor_of
from tenants.cards.drafts import Place, draft_of, drop_draft, keep_draft, moment
from tenants.cards.models import SectionDraft
from tenants.cards.typed import is_changed, texts_of

ASKED: Final = "draft"
DISCARD: Final = "discard"


@dataclass(frozen=True, slots=True)
class Desk:
    """One form of one person about one card. ``row_id``: the row that he changes; None for a new one."""

    request: HttpRequest
    place: Place

    @classmethod
    def of(
        cls, request: HttpRequest, kind: str, card_id: uuid.UUID, form: str, row_id: uuid.UUID | None = None
    ) -> Desk:
        account = actor_of(request).account_id
        return cls(request, Place(account_id=account, kind=kind, card_id=card_id, section=form, row_id=row_id))

    @property
    def is_asked(self) -> bool:
        """Whether the page only keeps what is typed, or throws it away; nothing is saved then."""
        return ASKED in self.request.POST

    def answer(self, form: forms.Form) -> HttpResponse:
        """Keep what is typed into this untouched form, or forget it and open the page anew."""
        if self.request.POST[ASKED] == DISCARD:
            drop_draft(self.place)
            return HttpResponse(headers={"HX-Redirect": self.request.get_full_path()})
        texts = texts_of(form, self.request.POST)
        if is_changed(form, texts):
            said = f"Черновик сохранён в {moment(keep_draft(self.place, texts=texts, base={}))}"
        else:
            drop_draft(self.place)
            said = ""
        return HttpResponse(said, content_type="text/plain; charset=utf-8")

    def restore(self, form: forms.Form) -> SectionDraft | None:
        """Put what was not saved the last time back into a form that is opened; the draft, if there is one."""
        if form.is_bound:
            return None
        draft = draft_of(self.place)
        if draft is None or not is_changed(form, draft.texts):
            return None
        form.initial |= draft.texts
        return draft

    def clear(self) -> None:
        """What was typed is saved."""
        drop_draft(self.place)
