"""What templates of cards say of a field and of a draft."""

from __future__ import annotations

from django import template

from shared.cards.layout import Absence, Field
from tenants.cards.drafts import moment
from tenants.cards.models import SectionDraft

register = template.Library()


@register.inclusion_tag("cards/_basis.html")
def field_basis(known: Field, place: str) -> dict[str, object]:
    """A small mark that opens the help, the category, the ground and the clause of a field."""
    return {"known": known, "place": place}


@register.simple_tag
def absences() -> list[Absence]:
    """Why something may be empty for good."""
    return list(Absence)


@register.filter
def draft_moment(draft: SectionDraft) -> str:
    """When the draft was saved."""
    return moment(draft)
