"""The legal ground of a field beside its value. Source: ORGANIZATION 3, issue «legal basis shown beside each field»."""

from __future__ import annotations

from django import template

from tenants.people.fields import FIELDS

register = template.Library()


@register.inclusion_tag("people/_basis.html")
def basis(code: str) -> dict[str, object]:
    """A small mark that opens the category, the ground and where the field is not shown."""
    return {"known": FIELDS[code], "hidden": FIELDS.hidden_words(code)}
