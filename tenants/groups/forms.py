"""A class or group as a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from shared.classifiers.catalog import load_catalog
from shared.kernel.days import academic_year_of
from shared.ui.forms import SpeakingForm
from tenants.groups.models import Group
from tenants.groups.services import GroupFacts

KIND_OF_TYPE = {"preschool": Group.Kind.PRESCHOOL, "supplementary": Group.Kind.CLUB}
_LISTS = {
    "direction": "program_direction",
    "age_band": "age_band",
    "stay_regime": "stay_regime",
    "financing": "financing_kind",
}


def years_around(year: int) -> list[tuple[int, str]]:
    return [(one, f"{one}/{str(one + 1)[2:]}") for one in range(year + 1, year - 4, -1)]


class GroupForm(SpeakingForm):
    """Kinds share one form: what a kind does not have stays empty."""

    kind = forms.ChoiceField(label="Вид", choices=Group.Kind.choices, widget=forms.RadioSelect)
    academic_year = forms.TypedChoiceField(label="Учебный год", coerce=int)
    name = forms.CharField(label="Название", max_length=120)
    class_type = forms.ChoiceField(label="Вид класса (направленность группы)", required=False)
    age_band = forms.ChoiceField(label="Возрастная категория", required=False)
    stay_regime = forms.ChoiceField(label="Режим пребывания", required=False)
    program = forms.CharField(label="Программа", max_length=300, required=False)
    direction = forms.ChoiceField(label="Направленность программы", required=False)
    financing = forms.ChoiceField(label="Источник финансирования", required=False)
    places = forms.IntegerField(label="Мест", min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        catalog = load_catalog()
        for name, classifier in _LISTS.items():
            held = [self.initial.get(name, "")]  # an ended value stays with the group that has it
            offered = catalog.choices(classifier, keep=held)
            self.fields[name].choices = [("", "Не указано"), *offered]  # type: ignore[attr-defined]
        held = [self.initial.get("class_type", "")]
        types = {
            "Класс": catalog.choices("class_type", keep=held),
            "Дошкольная группа": catalog.choices("group_orientation", keep=held),
        }
        self.fields["class_type"].choices = [("", "Не указано"), *types.items()]  # type: ignore[attr-defined]
        self.fields["academic_year"].choices = years_around(academic_year_of(timezone.localdate()))  # type: ignore[attr-defined]

    @property
    def facts(self) -> GroupFacts:
        return GroupFacts(**self.cleaned_data)

    @staticmethod
    def initial_of(group: Group) -> dict[str, Any]:
        return {name: getattr(group, name) for name in GroupForm.base_fields}
