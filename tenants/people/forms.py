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
from tenants.people.models import Student
from tenants.people.services import GuardianFacts, StudentFacts

OLDEST = 100


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
    consent_on = DayField(
        label="Согласие на обработку персональных данных от",
        error_messages={
            "required": "Без письменного согласия карточку заводить нельзя. Укажите дату согласия.",
        },
    )
    is_namesake = forms.BooleanField(label="Это другой ребёнок с тем же именем и датой рождения", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    """A known card: here the consent may also be withdrawn."""

    consent_withdrawn_on = DayField(label="Согласие отозвано", required=False)

    @staticmethod
    def initial_of(student: Student) -> dict[str, Any]:
        return {name: getattr(student, name) for name in StudentEditForm.base_fields if name != "is_namesake"}


class GuardianForm(SpeakingForm):
    """One representative; an empty form is nobody."""

    last_name = NameField(label="Фамилия", max_length=100)
    first_name = NameField(label="Имя", max_length=100)
    patronymic = NameField(label="Отчество", max_length=100, required=False)
    relation = forms.ChoiceField(label="Кем приходится")
    phone = forms.CharField(label="Телефон", max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = _choices("guardian_relation", "Выберите")  # type: ignore[attr-defined]


def guardian_forms(*, extra: int) -> type[BaseFormSet[GuardianForm]]:
    return formset_factory(GuardianForm, extra=extra, max_num=8, can_delete=True, can_delete_extra=False)


def guardians_in(formset: BaseFormSet[GuardianForm]) -> list[GuardianFacts]:
    """Those who were filled in and not marked for removal; call after ``is_valid``."""
    filled = [data for data in formset.cleaned_data if data and not data.get("DELETE")]
    return [GuardianFacts(**{name: data[name] for name in GuardianForm.base_fields}) for data in filled]


def initial_guardians(student: Student) -> list[dict[str, str]]:
    links = student.guardian_links.select_related("guardian").order_by("guardian__sort_name")
    names = ("last_name", "first_name", "patronymic", "phone")
    return [{name: getattr(link.guardian, name) for name in names} | {"relation": link.relation} for link in links]
