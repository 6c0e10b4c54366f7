"""The legal ground of a field beside its value. Source: ORGANIZATION 3, issue «legal basis shown beside each field»."""

from __future__ import annotations

from django import template

from shared.classifiers.catalog import load_catalog
from tenants.people.fields import FIELDS

register = template.Library()


@register.inclusion_tag("people/_basis.html")
def basis(code: str) -> dict[str, object]:
    """A small mark that opens the category, the ground and where the field is not shown."""
    return {"known": FIELDS[code], "hidden": FIELDS.hidden_words(code)}


@register.filter
def labeled(code: str, classifier: str) -> str:
    """The name of a value of a reference book; nothing for nothing."""
    return load_catalog().label(classifier, code) if code else ""
