"""The card of a learner as a form; rules that need the database are the services'."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from shared.classifiers.catalog import load_catalog
from shared.kernel.identifiers import normalize_snils
from shared.kernel.names import clean_name
from shared.ui.forms import SpeakingForm
from tenants.people.models import Guardian, Student
from tenants.people.services import GuardianFacts, StudentFacts

OLDEST = 100
ADDRESS_FIELDS = ("registration_address", "address")
SPECIAL_FIELDS = ("health_limits", "disability", "is_address_protected")
IDENTITY_FIELDS = (
    *("snils", "doc_type", "doc_series", "doc_number", "doc_issued_on", "doc_issued_by"),
    *(*ADDRESS_FIELDS, "phone", "email"),
)


def _choices(name: str, empty: str = "Не указано") -> list[tuple[str, str]]:
    return [("", empty), *load_catalog().choices(name)]


class NameField(forms.CharField):
    """A name as it is stored: spaces and look-alike letters put in order."""

    def clean(self, value: Any) -> str:
        return clean_name(str(super().clean(value))).value


class DayField(forms.DateField):
    """A day that has come: typed as ДД.ММ.ГГГГ, never in the future."""

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("Эта дата ещё не наступила. Проверьте год.")
        return day


class StudentForm(SpeakingForm):
    """Everything the secretary types of a learner; the consent comes first in importance and last on the page."""

    last_name = NameField(label="Фамилия", max_length=100)
    first_name = NameField(label="Имя", max_length=100)
    patronymic = NameField(label="Отчество", max_length=100, required=False)
    birth_date = DayField(label="Дата рождения")
    sex = forms.ChoiceField(label="Пол", choices=Student.Sex.choices, widget=forms.RadioSelect)
    snils = forms.CharField(label="СНИЛС", max_length=20, required=False)
    citizenship = forms.ChoiceField(label="Гражданство", initial="RUS")
    doc_type = forms.ChoiceField(label="Документ", required=False)
    doc_series = forms.CharField(label="Серия", max_length=20, required=False)
    doc_number = forms.CharField(label="Номер", max_length=30, required=False)
    doc_issued_on = DayField(label="Дата выдачи", required=False)
    doc_issued_by = forms.CharField(label="Кем выдан", max_length=300, required=False)
    registration_address = forms.CharField(label="Адрес регистрации", max_length=500, required=False)
    address = forms.CharField(label="Адрес места жительства", max_length=500, required=False)
    phone = forms.CharField(label="Телефон", max_length=60, required=False)
    email = forms.EmailField(label="Электронная почта", max_length=200, required=False)
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
        self.fields["citizenship"].choices = load_catalog().choices("country")  # type: ignore[attr-defined]
        self.fields["doc_type"].choices = _choices("document_type")  # type: ignore[attr-defined]
        self.fields["snils"].widget.attrs.update(inputmode="numeric", placeholder="000-000-000 00", autocomplete="off")

    def clean_birth_date(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["birth_date"]
        if day.year < timezone.localdate().year - OLDEST:
            raise forms.ValidationError("Проверьте год рождения: получается больше ста лет.")
        return day

    def clean_snils(self) -> str:
        text = self.cleaned_data["snils"]
        try:
            return normalize_snils(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("doc_type") and not data.get("doc_number"):
            self.add_error("doc_number", "Выбран документ, но нет его номера. Впишите номер или уберите документ.")
        if data.get("doc_number") and not data.get("doc_type"):
            self.add_error("doc_type", "Есть номер, но не выбран документ. Выберите, какой это документ.")
        return data

    @property
    def facts(self) -> StudentFacts:
        return StudentFacts(**{name: self.cleaned_data.get(name) for name in self._stored()})  # type: ignore[arg-type]

    def _stored(self) -> list[str]:
        return [name for name in self.fields if name != "is_namesake"]


class StudentEditForm(StudentForm):
    """A known card: whatever the person may not see is not in the form and stays as it is."""

    def __init__(self, *args: Any, student: Student, may_identity: bool, may_special: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._student = student
        closed = [*([] if may_special else SPECIAL_FIELDS), *([] if may_identity else IDENTITY_FIELDS)]
        if student.is_address_protected and not may_special:
            closed += ADDRESS_FIELDS
        self._closed = [name for name in dict.fromkeys(closed) if self.fields.pop(name, None)]
        self.initial = {name: getattr(student, name) for name in self._stored()}

    @property
    def facts(self) -> StudentFacts:
        held = {name: getattr(self._student, name) for name in self._closed}
        shown = {name: self.cleaned_data.get(name) for name in self._stored()}
        return StudentFacts(**held | shown)


class GuardianForm(SpeakingForm):
    """One representative; an empty form is nobody."""

    last_name = NameField(label="Фамилия", max_length=100)
    first_name = NameField(label="Имя", max_length=100)
    patronymic = NameField(label="Отчество", max_length=100, required=False)
    relation = forms.ChoiceField(label="Кем приходится")
    phone = forms.CharField(label="Телефон", max_length=60, required=False)
    consent_on = DayField(label="Согласие представителя от", required=False)
    known_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = _choices("guardian_relation", "Выберите")  # type: ignore[attr-defined]


def guardian_forms(*, extra: int) -> type[BaseFormSet[GuardianForm]]:
    return formset_factory(GuardianForm, extra=extra, max_num=8, can_delete=True, can_delete_extra=False)


def guardians_in(formset: BaseFormSet[GuardianForm], *, may_identity: bool = True) -> list[GuardianFacts]:
    """Those who were filled in and not marked for removal; call after ``is_valid``."""
    filled = [data for data in formset.cleaned_data if data and not data.get("DELETE")]
    return [
        GuardianFacts(**{name: data[name] for name in GuardianForm.base_fields}, keeps_phone=not may_identity)
        for data in filled
    ]


def initial_guardians(student: Student, *, may_identity: bool = True) -> list[dict[str, Any]]:
    """What the form shows of them; a telephone without consent stays sealed."""
    links = student.guardian_links.select_related("guardian").order_by("guardian__sort_name")
    return [_initial(link.guardian, link.relation, may_identity=may_identity) for link in links]


def _initial(guardian: Guardian, relation: str, *, may_identity: bool) -> dict[str, Any]:
    return {
        "last_name": guardian.last_name,
        "first_name": guardian.first_name,
        "patronymic": guardian.patronymic,
        "phone": guardian.open_phone if may_identity else "",
        "relation": relation,
        "consent_on": None if guardian.is_sealed else guardian.consent_on,
        "known_id": guardian.pk,
    }
