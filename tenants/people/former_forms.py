"""A new document and a new address as forms: fields of the card and the day of the change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from shared.cards.forms import form_field
from shared.cards.layout import Layout
from shared.cards.rules import findings
from shared.ui.forms import SpeakingForm
from tenants.people.former import Person, document_columns
from tenants.people.forms import DayField
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.models import FormerAddress, Student


def layout_of(person: Person) -> Layout:
    return STUDENT_LAYOUT if isinstance(person, Student) else GUARDIAN_LAYOUT


class DocumentForm(SpeakingForm):
    """The document that is valid now; checked together with the birth date of the card."""

    replaced_on = DayField(label="Прежний документ заменён", help_text="Обычно это день выдачи нового.")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._person = person
        for code in document_columns(person):
            control = self.fields[code] = form_field(layout_of(person).fields[code])
            control.required = code in ("doc_type", "doc_number")
            control.error_messages["required"] = f"Поле «{control.label}» пустое. Заполните его."
        self.order_fields([*document_columns(person), "replaced_on"])
        self.fields["replaced_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        known = {"birth_date": self._person.birth_date} | data
        for finding in findings(layout_of(self._person).code, known, timezone.localdate()):
            if finding.level == "hard" and finding.field in self.fields and finding.field not in self.errors:
                self.add_error(finding.field, finding.sentence)
        return data

    @property
    def document(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "replaced_on"}


class AddressForm(SpeakingForm):
    """Where the person lives or is registered now."""

    kind = forms.ChoiceField(label="Какой адрес меняется", choices=FormerAddress.Kind, widget=forms.RadioSelect)
    left_on = DayField(label="По прежнему адресу до")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        control = self.fields["address"] = form_field(layout_of(person).fields["address"])
        control.label, control.required = "Новый адрес", True
        control.error_messages["required"] = "Впишите новый адрес."
        self.order_fields(["kind", "address", "left_on"])
        self.fields["kind"].initial = FormerAddress.Kind.REGISTRATION
        self.fields["left_on"].initial = timezone.localdate()
