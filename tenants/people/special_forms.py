"""Why special facts are opened, and the facts themselves as forms."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from shared.cards.values import value_of, written
from shared.classifiers.catalog import load_catalog
from shared.ui.forms import SpeakingForm
from tenants.people.forms import DayField
from tenants.people.layouts import STUDENT_LAYOUT
from tenants.people.models import GuardianLink, Student, StudentSpecial
from tenants.people.special import rights_in_words, special_lines
from tenants.people.special_changes import DEVIANT
from tenants.people.special_facts import DeviantFacts, Marks, RestrictionFacts, SpecialFacts

REASONS: Final = {
    "card": "Ведение личного дела",
    "learning": "Условия обучения, медицинский допуск к занятиям",
    "medical": "Медицинская помощь, профилактический осмотр",
    "support": "Социальная поддержка, льготы, питание",
    "prevention": "Профилактическая работа, запрос КДН и ЗП",
    "family": "Обращение семьи",
}
MOVED: Final = "Пока форма была открыта, это изменил кто-то ещё. Сейчас: {now}. Впишите, что верно, и сохраните снова."
_YES_NO: Final = {True: "да", False: "нет"}
_BY_COLUMN: Final = {one.path.rpartition("__")[2]: one for one in STUDENT_LAYOUT.fields.values() if one.is_special}


def _choices(name: str, held: Iterable[str], empty: str = "Не указано") -> list[tuple[str, str]]:
    """What is in force, and what the card holds already."""
    return [("", empty), *load_catalog().choices(name, keep=held)]


class ReasonForm(SpeakingForm):
    """What for special facts are opened: the log keeps it beside the look. Source: R-031, ORGANIZATION 3.7."""

    reason = forms.ChoiceField(label="Зачем нужны сведения", choices=list(REASONS.items()), widget=forms.RadioSelect)
    note = forms.CharField(
        label="Пояснение",
        max_length=150,
        required=False,
        help_text="Номер документа или обращения. Имён и диагнозов не указывайте.",
    )

    @property
    def text(self) -> str:
        """The reason as the log keeps it."""
        return ": ".join(filter(None, [REASONS[self.cleaned_data["reason"]], self.cleaned_data["note"].strip()]))


class SpecialForm(SpeakingForm):
    """Health, policy, papers on ОВЗ and disability, family and social position."""

    MARKS: ClassVar = ("health_limits", "disability", "is_address_protected")
    health_group = forms.ChoiceField(label="Группа здоровья", required=False)
    pe_group = forms.ChoiceField(label="Физкультурная группа", required=False)
    diseases = forms.CharField(
        label="Заболевания", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    policy_number = forms.RegexField(
        r"^\d{16}$",
        label="Медицинский полис",
        required=False,
        error_messages={"invalid": "В номере полиса 16 цифр. Проверьте номер."},
    )
    insurer = forms.CharField(label="Кем выдан полис", max_length=300, required=False)
    family_composition = forms.ChoiceField(label="Состав семьи", required=False)
    children_count = forms.IntegerField(label="Детей в семье", min_value=1, max_value=30, required=False)
    social_statuses = forms.MultipleChoiceField(
        label="Социальное положение", required=False, widget=forms.CheckboxSelectMultiple
    )
    health_limits = forms.BooleanField(label="Ограниченные возможности здоровья (ОВЗ)", required=False)
    health_limits_kind = forms.ChoiceField(label="Вид ОВЗ", required=False)
    pmpk_number = forms.CharField(label="Заключение ПМПК, номер", max_length=60, required=False)
    pmpk_on = DayField(label="Заключение ПМПК от", required=False)
    pmpk_valid_to = forms.DateField(label="Действует до", required=False)
    program_variant = forms.CharField(label="Вариант адаптированной программы", max_length=20, required=False)
    disability = forms.BooleanField(label="Инвалидность", required=False)
    disability_number = forms.CharField(label="Справка об инвалидности, номер", max_length=60, required=False)
    disability_on = DayField(label="Справка от", required=False)
    disability_valid_to = forms.DateField(label="Установлена до", required=False)
    is_address_protected = forms.BooleanField(
        label="Адрес под защитой: открывается только с особыми сведениями", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("health_group", "pe_group", "family_composition"):
            self.fields[name].choices = _choices(name, [self.initial.get(name, "")])  # type: ignore[attr-defined]
        kind, statuses = self.initial.get("health_limits_kind", ""), self.initial.get("social_statuses", ())
        self.fields["health_limits_kind"].choices = _choices("health_limits_type", [kind])  # type: ignore[attr-defined]
        self.fields["social_statuses"].choices = _choices("social_status", statuses)[1:]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["data-asuso-sensitive"] = True

    @classmethod
    def initial_of(cls, student: Student) -> dict[str, Any]:
        special = StudentSpecial.objects.filter(student=student).first() or StudentSpecial()
        return {name: getattr(student if name in cls.MARKS else special, name) for name in cls.base_fields}

    @property
    def facts(self) -> SpecialFacts:
        data = {name: value for name, value in self.cleaned_data.items() if name not in self.MARKS}
        return SpecialFacts(**data | {"social_statuses": tuple(data["social_statuses"])})

    @property
    def marks(self) -> Marks:
        return Marks(**{name: self.cleaned_data[name] for name in self.MARKS})


class DeviantForm(SpeakingForm):
    """One registration; an empty form is none."""

    kind = forms.ChoiceField(label="Вид учёта")
    registered_from = DayField(label="Поставлен")
    registered_to = forms.DateField(label="Снят", required=False)
    basis = forms.CharField(label="Основание", max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [self.initial.get("kind", "")]
        self.fields["kind"].choices = _choices("deviant_behavior", held, "Выберите")  # type: ignore[attr-defined]


class RestrictionForm(SpeakingForm):
    """Rights of one representative."""

    link_id = forms.UUIDField(widget=forms.HiddenInput)
    authority_document = forms.CharField(label="Документ о праве представлять", max_length=300, required=False)
    rights_restriction = forms.ChoiceField(
        label="Родительские права", choices=GuardianLink.Restriction.choices, required=False
    )
    restriction_document = forms.CharField(label="Решение суда или органа опеки", max_length=300, required=False)
    restricted_on = DayField(label="С какого дня", required=False)


DeviantForms = formset_factory(DeviantForm, extra=1, max_num=20, can_delete=True, can_delete_extra=False)
RestrictionForms = formset_factory(RestrictionForm, extra=0, max_num=8)


def initial_deviant(student: Student) -> list[dict[str, Any]]:
    names = tuple(DeviantForm.base_fields)
    return [{name: getattr(one, name) for name in names} for one in student.deviant_records.all()]


def initial_restrictions(student: Student) -> list[dict[str, Any]]:
    names = [name for name in RestrictionForm.base_fields if name != "link_id"]
    links = student.guardian_links.select_related("guardian").order_by("guardian__sort_name")
    return [
        {name: getattr(link, name) for name in names} | {"link_id": link.pk, "guardian": link.guardian}
        for link in links
    ]


def deviant_in(formset: BaseFormSet[DeviantForm]) -> list[DeviantFacts]:
    """Those that were filled in and not marked for removal; call after ``is_valid``."""
    filled = [data for data in formset.cleaned_data if data and not data.get("DELETE")]
    return [DeviantFacts(**{name: data[name] for name in DeviantForm.base_fields}) for data in filled]


def restrictions_in(formset: BaseFormSet[RestrictionForm]) -> dict[uuid.UUID, RestrictionFacts]:
    found: dict[uuid.UUID, RestrictionFacts] = {}
    for data in filter(None, formset.cleaned_data):
        facts: dict[str, str | datetime.date | None] = {name: data[name] for name in data if name != "link_id"}
        found[data["link_id"]] = RestrictionFacts(**facts)  # type: ignore[arg-type]
    return found


@dataclass(frozen=True, slots=True)
class SpecialForms:
    """The forms of one page, judged together."""

    form: SpecialForm
    deviant: BaseFormSet[DeviantForm]
    restrictions: BaseFormSet[RestrictionForm]

    @classmethod
    def of(cls, student: Student, data: QueryDict | None = None) -> SpecialForms:
        """Filled with what is held, or with what was posted."""
        return cls(
            form=SpecialForm(data, initial=SpecialForm.initial_of(student)),
            deviant=DeviantForms(data, initial=initial_deviant(student), prefix="deviant"),
            restrictions=RestrictionForms(data, initial=initial_restrictions(student), prefix="links"),
        )

    def are_valid(self) -> bool:
        """Every form shows its errors, so none is skipped."""
        return all([self.form.is_valid(), self.deviant.is_valid(), self.restrictions.is_valid()])

    def tell_moved(self, student: Student, moved: frozenset[str]) -> None:
        """Beside what is typed, what stands in the card by now; the next saving is made on that."""
        columns = moved & set(self.form.fields)
        for name in sorted(columns):
            one = _BY_COLUMN.get(name)
            now = written(one, value_of(student, one)) if one else _YES_NO[getattr(student, name)]
            self.form.add_error(name, MOVED.format(now=f"«{now}»" if now else "пусто"))
        if DEVIANT in moved:
            lines = {line.field: line.text for line in special_lines(student)}
            self.form.add_error(None, f"Учёт. {MOVED.format(now=lines['deviant_behavior'] or 'записей нет')}")
        links = {str(link.pk): link for link in student.guardian_links.select_related("guardian")}
        for key in sorted(moved - columns - {DEVIANT}):
            link = links.get(key)
            said = (rights_in_words(link) or f"{link.guardian}: ограничений нет") if link else "связи с ребёнком нет"
            self.form.add_error(None, f"Права представителя. {MOVED.format(now=said)}")
