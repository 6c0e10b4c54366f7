"""The card of a new learner as a form; rules that need the database are the services'."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.cards.forms import form_field
from shared.cards.rules import findings
from shared.classifiers.catalog import load_catalog
from shared.ui.forms import SpeakingForm
from tenants.people.layouts import STUDENT_LAYOUT
from tenants.people.services import StudentFacts

ADDRESS_FIELDS: Final = ("registration_address", "address")
SPECIAL_FIELDS: Final = ("health_limits", "disability", "is_address_protected")
IDENTITY_FIELDS: Final = (
    *("snils", "birth_place", "doc_type", "doc_series", "doc_number", "doc_issued_on", "doc_issued_by"),
    *("doc_act_number", "doc_department_code", *ADDRESS_FIELDS, "phone", "email"),
)
# Fields of the card that are typed for a new learner, read and checked as everywhere.
CARD_FIELDS: Final = (
    *("last_name", "first_name", "patronymic", "birth_date", "sex", "citizenship", *IDENTITY_FIELDS),
    *("home_pc", "personal_file_no", "native_language", "instruction_language"),
)
# The card demands them, a new learner without papers is entered all the same: the gap shows until it is filled.
_LATER: Final = frozenset({"doc_type", "doc_number"})


class DayField(forms.DateField):
    """A day that has come: typed as ДД.ММ.ГГГГ, never in the future."""

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("Эта дата ещё не наступила. Проверьте год.")
        return day


class StudentForm(SpeakingForm):
    """Everything the secretary types of a learner; the consent comes first in importance and last on the page."""

    health_limits = forms.BooleanField(label="Ограниченные возможности здоровья (ОВЗ)", required=False)
    disability = forms.BooleanField(label="Инвалидность", required=False)
    is_address_protected = forms.BooleanField(
        label="Адрес под защитой: открывается как особые сведения", required=False
    )
    consent_on = DayField(
        label="Согласие на обработку персональных данных от",
        error_messages={
            "required": "Без письменного согласия карточку заводить нельзя. Укажите дату согласия.",
        },
    )
    is_namesake = forms.BooleanField(label="Это другой ребёнок с тем же именем и датой рождения", required=False)

    def __init__(self, *args: Any, may_special: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if may_special else SPECIAL_FIELDS:
            del self.fields[name]
        for code in CARD_FIELDS:
            control = self.fields[code] = form_field(STUDENT_LAYOUT.fields[code])
            control.required = control.required and code not in _LATER
            control.error_messages["required"] = f"Поле «{control.label}» пустое. Заполните его."
        self.fields["sex"].widget = forms.RadioSelect(choices=load_catalog().choices("sex"))
        self.fields["citizenship"].widget = forms.Select(choices=load_catalog().choices("country"))
        self.fields["citizenship"].initial = "RUS"
        self.fields["instruction_language"].initial = "rus"
        self.fields["snils"].widget.attrs["placeholder"] = "000-000-000 00"
        self.order_fields([*CARD_FIELDS, *SPECIAL_FIELDS])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("doc_type") and not data.get("doc_number"):
            self.add_error("doc_number", "Выбран документ, но нет его номера. Впишите номер или уберите документ.")
        if data.get("doc_number") and not data.get("doc_type"):
            self.add_error("doc_type", "Есть номер, но не выбран документ. Выберите, какой это документ.")
        for finding in findings(STUDENT_LAYOUT.code, data, timezone.localdate()):
            if finding.level == "hard" and finding.field not in self.errors:
                self.add_error(finding.field, finding.sentence)
        return data

    @property
    def facts(self) -> StudentFacts:
        return StudentFacts(**{name: self.cleaned_data[name] for name in self._stored()})

    def _stored(self) -> list[str]:
        return [name for name in self.fields if name != "is_namesake"]
