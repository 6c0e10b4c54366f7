"""A section of a card as a Django form: fields by their kinds, the same checks as everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.cards.layout import Absence, Field
from shared.cards.rules import findings, stored_document
from shared.cards.values import is_filled, kept_codes, offered, read, read_several, written
from shared.ui.forms import SpeakingForm

ABSENCE_PREFIX: Final = "absent_"
_NUMERIC: Final = frozenset(
    {"snils", "inn", "inn_person", "inn_entity", "kpp", "ogrn", "okpo", "okato", "oktmo", "okogu", "medical_policy",
     "integer", "department_code"}
)  # fmt: skip
_FLAG_CHOICES: Final = [("", "Не указано"), ("да", "Да"), ("нет", "Нет")]


class TypedField(forms.CharField):
    """A field that reads its text by the kind of the card's field; ``keep`` are codes that stand on the card."""

    def __init__(self, card_field: Field, *, keep: Sequence[str] = (), **options: Any) -> None:
        super().__init__(
            label=card_field.label,
            required=card_field.is_hard,
            help_text=card_field.help,
            strip=True,
            **options,
        )
        self.card_field = card_field
        self.keep = keep

    def clean(self, value: Any) -> Any:
        texts = list(map(str, value)) if isinstance(value, list | tuple) else [str(super().clean(value))]
        if self.required and not any(texts):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        try:
            if self.card_field.kind == "choices" and isinstance(value, list | tuple):
                return read_several(self.card_field, texts, keep=self.keep)
            return read(self.card_field, "; ".join(texts), keep=self.keep)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class _Several(forms.CheckboxSelectMultiple):
    """Several codes; what stands on the card is given as a list."""

    def format_value(self, value: Any) -> list[str]:
        return list(value or [])


def form_field(field: Field, *, people: Sequence[tuple[str, str]] = (), held: Any = None) -> TypedField:
    """The control of a field. ``people``: choices of a field of kind «person».

    ``held``: what the card holds; an ended value of a classifier is offered to who has it already, and to nobody else.
    """
    keep = kept_codes(field, held)
    match field.kind:
        case "choice":
            widget: forms.Widget = forms.Select(choices=[("", "Не указано"), *offered(field, keep)])
        case "choices":
            widget = _Several(choices=offered(field, keep))
        case "person":
            widget = forms.Select(choices=[("", "Не указан"), *people])
        case "flag" | "yes":
            widget = forms.Select(choices=_FLAG_CHOICES if field.kind == "flag" else _FLAG_CHOICES[1:])
        case "note":
            widget = forms.Textarea(attrs={"rows": 3})
        case "date" | "past_date":
            widget = forms.DateInput()
        case _:
            widget = forms.TextInput(attrs={"autocomplete": "off"})
    if field.kind in _NUMERIC:
        widget.attrs["inputmode"] = "numeric"
    if field.max_length and not isinstance(widget, forms.Select):
        widget.attrs["maxlength"] = field.max_length
    if field.is_special or field.is_masked:
        widget.attrs["data-asuso-sensitive"] = True
    return TypedField(field, keep=keep, widget=widget)


def shown_value(field: Field, value: Any) -> Any:
    """What the control shows of a stored value: a code for a choice, otherwise the text a person reads."""
    if field.kind in ("choice", "person"):
        return "" if value is None else str(value)
    if field.kind == "choices":
        return list(value or [])
    return written(field, value)


class SectionForm(SpeakingForm):
    """Some fields of one card. ``values`` are what the card holds, ``card`` its code for the rules.

    Hard rules of the card refuse, soft ones are told in ``remarks`` after ``is_valid``. An empty soft field may be
    explained: «отсутствует», «сведения не предоставлены».
    """

    def __init__(
        self,
        data: Any = None,
        *,
        card: str,
        fields: Sequence[Field],
        values: Mapping[str, Any],
        absences: Mapping[str, str] | None = None,
        people: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        self._card, self._values, self._typed = card, values, [one for one in fields if not one.is_derived]
        initial = {field.code: shown_value(field, values.get(field.code)) for field in self._typed}
        initial |= {f"{ABSENCE_PREFIX}{code}": why for code, why in (absences or {}).items()}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        for field in self._typed:
            self.fields[field.code] = control = form_field(field, people=people, held=values.get(field.code))
            control.error_messages["required"] = f"Поле «{field.label}» пустое. Заполните его."
            if field.is_explainable:
                self.fields[f"{ABSENCE_PREFIX}{field.code}"] = forms.ChoiceField(
                    label=f"Почему пусто: {field.label}",
                    choices=[("", "Заполнят позже"), *((one.value, one.label) for one in Absence)],
                    required=False,
                )
        self.remarks: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        typed = {field.code: data[field.code] for field in self._typed if field.code in data}
        data |= stored_document({**self._values, **typed})
        for finding in findings(self._card, {**self._values, **typed}, timezone.localdate()):
            blamed = next((code for code in (finding.field, *finding.fields) if code in self.fields), None)
            if blamed is None:
                continue  # about other sections
            if finding.level == "hard":
                self.add_error(blamed, finding.sentence)
            else:
                self.remarks.append(finding.sentence)
        return data

    @property
    def typed_values(self) -> dict[str, Any]:
        """Codes and values of the fields; call after ``is_valid``."""
        return {field.code: self.cleaned_data[field.code] for field in self._typed}

    @property
    def absences(self) -> dict[str, str]:
        """Why the empty fields are empty; '' takes an explanation back."""
        return {
            field.code: "" if is_filled(self.cleaned_data[field.code]) else self.cleaned_data[name]
            for field in self._typed
            if (name := f"{ABSENCE_PREFIX}{field.code}") in self.cleaned_data
        }
