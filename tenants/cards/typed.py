"""What is typed into a form, as a draft keeps it, and whether anything is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict


def texts_of(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    """The texts of the fields of a form; a file is chosen anew."""
    return {name: data.getlist(name) if _is_several(one) else data.get(name, "") for name, one in _typed(form).items()}


def is_changed(form: forms.Form, texts: Mapping[str, Any]) -> bool:
    """Whether these texts differ from what an untouched form shows."""
    return any(texts.get(name, shown) != shown for name, shown in _shown(form).items())


def _shown(form: forms.Form) -> dict[str, Any]:
    """What a browser would send of the form as it was opened."""
    return {name: _text(one, form.get_initial_for_field(one, name)) for name, one in _typed(form).items()}


def _text(one: forms.Field, value: Any) -> Any:
    if _is_several(one):
        return list(value or [])
    if isinstance(one.widget, forms.CheckboxInput):
        return "on" if value else ""
    if isinstance(one.widget, forms.DateInput):
        value = one.widget.format_value(value)
    return "" if value is None else str(value)


def _typed(form: forms.Form) -> dict[str, forms.Field]:
    return {name: one for name, one in form.fields.items() if not isinstance(one, forms.FileField)}


def _is_several(one: forms.Field) -> bool:
    return isinstance(one.widget, forms.CheckboxSelectMultiple)
