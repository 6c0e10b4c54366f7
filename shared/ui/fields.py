"""How a Django form field and its refusals are shown: the context of ``_field.html`` and ``_error_summary.html``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms import BaseForm, BaseFormSet, BoundField
from django.utils.safestring import SafeString

_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True, slots=True)
class FormError:
    """One line of the error summary; ``target`` is the id of the field to go to, empty for the whole form."""

    label: str
    text: str
    target: str


def field_context(bound: BoundField, *, width: str, hint: str, label: str) -> dict[str, object]:
    """Everything ``_field.html`` needs: the control with its accessible attributes and the texts around it."""
    widget = bound.field.widget
    hint = hint or str(bound.help_text)
    is_group = isinstance(widget, _GROUPS)
    is_check = isinstance(widget, forms.CheckboxInput)
    notes = [f"{bound.auto_id}_helptext"] * bool(hint) + [f"{bound.auto_id}_error"] * bool(bound.errors)
    return {
        "field": bound,
        "label": label or bound.label,
        "hint": hint,
        "is_group": is_group,
        "is_check": is_check,
        "is_password": isinstance(widget, forms.PasswordInput),
        "is_optional": not bound.field.required and not bound.field.disabled and not is_check,
        "describedby": " ".join(notes),
        "control": "" if is_group else _control(bound, width=width, describedby=" ".join(notes)),
    }


def form_errors(*sources: BaseForm | BaseFormSet[BaseForm]) -> Iterator[FormError]:
    """Every refusal of the given forms and formsets, in the order of the fields on the page."""
    for source in sources:
        if isinstance(source, BaseFormSet):
            yield from (FormError("", str(text), "") for text in source.non_form_errors())
            yield from form_errors(*source.forms)
        else:
            yield from (FormError("", str(text), "") for text in source.non_field_errors())
            yield from (error for bound in source for error in _field_errors(bound))


def _field_errors(bound: BoundField) -> Iterator[FormError]:
    is_group = isinstance(bound.field.widget, _GROUPS)
    target = "" if bound.is_hidden else str(bound.auto_id if is_group else bound.id_for_label)
    yield from (FormError(str(bound.label), str(text), target) for text in bound.errors)


def _control(bound: BoundField, *, width: str, describedby: str) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return bound.as_widget(attrs={"aria-describedby": describedby} if describedby else {})
    classes = [str(widget.attrs.get("class", "")), "input", f"w-{width}" if width else ""]
    attrs: dict[str, str | bool] = {}
    if isinstance(widget, forms.DateInput):
        classes += ["w-date", "tnum"]
        attrs = {"inputmode": "numeric", "placeholder": "ДД.ММ.ГГГГ", "autocomplete": "off"}
    if isinstance(widget, forms.FileInput):
        classes.append("input--file")
    attrs |= {name: value for name, value in widget.attrs.items() if name in attrs}
    attrs["class"] = " ".join(name for name in classes if name)
    if describedby:
        attrs["aria-describedby"] = describedby
    return bound.as_widget(attrs=attrs)
