"""Appointments, changes of rights and ceilings as forms."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.rights import LEVELS, matrix
from shared.access.roles import ORGANIZATION_ROLES, role_facts
from shared.appointments.days import DAY
from shared.appointments.deciding import Basis, Wanted
from shared.appointments.groups import GroupChoice
from shared.appointments.matrix import Cell, offered
from shared.appointments.services import Terms
from shared.appointments.workplaces import Workplace
from shared.kernel.names import clean_name
from shared.ui.forms import SpeakingForm

KEEP, DEFAULT = "keep", "default"
LOGIN: Final = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,79}$", "Логин — от 3 знаков: строчные латинские буквы, цифры, точка, дефис."
)


class _Period(SpeakingForm):
    """Days that a person names by the first and the last one."""

    valid_from = forms.DateField(label="Действует с")
    last_day = forms.DateField(
        label="По день включительно",
        required=False,
        help_text="Пусто — бессрочно. После этого дня действие прекратится само.",
    )

    @property
    def valid_to(self) -> datetime.date | None:
        """The first day that no longer counts."""
        last_day: datetime.date | None = self.cleaned_data.get("last_day")
        return last_day + DAY if last_day else None

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        first, last = facts.get("valid_from"), facts.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Последний день раньше первого. Исправьте одну из дат.")
        return facts


class TermsForm(_Period):
    """A role with its days, order and classes."""

    role = forms.ChoiceField(label="Роль")
    groups = forms.MultipleChoiceField(label="Классы и группы", required=False, widget=forms.CheckboxSelectMultiple)
    order_number = forms.CharField(label="№ приказа", max_length=40)
    order_date = forms.DateField(label="Дата приказа")
    is_acting = forms.BooleanField(label="Временно исполняет обязанности (и. о.)", required=False)
    field_order = ["role", "groups", "order_number", "order_date", "valid_from", "last_day", "is_acting"]

    def __init__(
        self, *args: Any, place: Workplace, given: frozenset[str], groups: Sequence[GroupChoice], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._known = {str(group.id): group for group in groups}
        self._set_choices("role", [("", "Выберите роль"), *place.role_choices(given)])
        self._set_choices("groups", [(key, _title(group)) for key, group in self._known.items()])
        by_group = [facts.label for code, facts in role_facts().items() if facts.is_by_group and code in given]
        if groups and by_group:
            self.fields["groups"].help_text = f"Для ролей, которые работают с классами: {', '.join(by_group).lower()}."
        else:
            del self.fields["groups"]
        for name in ("order_number", "order_date"):
            self.fields[name].required = place.needs_order

    def _set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        role = role_facts().get(facts.get("role") or "")
        if facts.get("groups") and role is not None and not role.is_by_group:
            self.add_error("groups", f"Роль «{role.label}» с классами не работает. Снимите отметки или смените роль.")
        return facts

    @property
    def terms(self) -> Terms:
        facts = self.cleaned_data
        chosen = [self._known[key] for key in facts.get("groups", ())]
        return Terms(
            role=facts["role"],
            valid_from=facts["valid_from"],
            valid_to=self.valid_to,
            order_number=facts["order_number"],
            order_date=facts["order_date"],
            groups={group.id: group.name for group in chosen},
            is_acting=facts["is_acting"],
        )

    @staticmethod
    def initial_of(grant: RoleGrant) -> dict[str, Any]:
        """The same role with its classes, to be replaced by another appointment."""
        return {"role": grant.role, "groups": list(map(str, grant.group_ids)), "is_acting": grant.is_acting}


class NewPersonForm(TermsForm):
    """A person who has no account yet, with the first appointment."""

    last_name = forms.CharField(label="Фамилия", max_length=100)
    first_name = forms.CharField(label="Имя", max_length=100)
    patronymic = forms.CharField(label="Отчество", max_length=100, required=False)
    login = forms.CharField(
        label="Логин",
        max_length=80,
        required=False,
        validators=[LOGIN],
        help_text="Пусто — система составит из фамилии и инициалов.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_another = forms.BooleanField(label="Это другой человек с тем же именем", required=False)
    field_order = ["last_name", "first_name", "patronymic", "login", *TermsForm.field_order, "is_another"]

    def clean_last_name(self) -> str:
        return clean_name(self.cleaned_data["last_name"]).value

    def clean_first_name(self) -> str:
        return clean_name(self.cleaned_data["first_name"]).value

    def clean_patronymic(self) -> str:
        return clean_name(self.cleaned_data["patronymic"]).value

    @property
    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("last_name", "first_name", "patronymic")}


class KnownPersonForm(TermsForm):
    """A person who already signs in elsewhere: he names his login, and the surname confirms it."""

    login = forms.CharField(label="Логин", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    last_name = forms.CharField(label="Фамилия", max_length=100)
    field_order = ["login", "last_name", *TermsForm.field_order]


class EndForm(SpeakingForm):
    """The last day of an appointment and the order that ends it."""

    last_day = forms.DateField(label="Последний день", help_text="В этот день роль ещё действует.")
    order_number = forms.CharField(label="№ приказа", max_length=40)
    order_date = forms.DateField(label="Дата приказа")

    def __init__(self, *args: Any, needs_order: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("order_number", "order_date"):
            self.fields[name].required = needs_order


class BasisForm(_Period):
    """By what rights change; beside it stands a choice for every cell that is being changed."""

    order_number = forms.CharField(label="№ приказа", max_length=40, required=False)
    order_date = forms.DateField(label="Дата приказа", required=False)
    reason = forms.CharField(
        label="Основание без приказа",
        max_length=300,
        required=False,
        help_text="Например: «протокол совещания от 02.11.2026».",
    )
    field_order = ["order_number", "order_date", "reason", "valid_from", "last_day"]

    def __init__(self, *args: Any, cells: Sequence[Cell], **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": timezone.localdate(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._cells = {f"{cell.row.code}:{cell.role}": cell for cell in cells}
        for name, cell in self._cells.items():
            label = f"{cell.row.label} — {cell.role_name}"
            self.fields[name] = forms.ChoiceField(label=label, choices=_levels(cell), initial=KEEP, required=False)

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if bool(facts.get("order_number")) != bool(facts.get("order_date")):
            empty = "order_date" if facts.get("order_number") else "order_number"
            self.add_error(empty, "У приказа есть и номер, и дата: заполните оба поля или ни одного.")
        if not self.wanted:
            self.add_error(None, "Ни одно право не изменено. Выберите новый уровень хотя бы в одной строке.")
        return facts

    @property
    def wanted(self) -> Wanted:
        """Cells whose level was chosen."""
        found = {}
        for name, cell in self._cells.items():
            value = self.cleaned_data.get(name) or KEEP
            if value != KEEP:
                found[cell.row.code, cell.role] = "" if value == DEFAULT else value
        return found

    @property
    def basis(self) -> Basis:
        facts = self.cleaned_data
        return Basis(
            valid_from=facts["valid_from"],
            valid_to=self.valid_to,
            order_number=facts["order_number"],
            order_date=facts["order_date"],
            reason=facts["reason"],
        )

    @property
    def rows(self) -> list[tuple[Cell, forms.BoundField]]:
        return [(cell, self[name]) for name, cell in self._cells.items()]


class CeilingForm(SpeakingForm):
    """A cell that the region closes from above for all its organizations."""

    row = forms.ChoiceField(label="Право")
    role = forms.ChoiceField(label="Роль")
    level = forms.ChoiceField(label="Не выше")
    act = forms.CharField(label="Акт", max_length=300, help_text="Вид, номер и дата акта, которым установлено.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections: dict[str, list[tuple[str, str]]] = {}
        for row in matrix().values():
            sections.setdefault(row.section, []).append((row.code, row.label))
        roles = [(code, facts.label) for code, facts in role_facts().items() if code in ORGANIZATION_ROLES]
        levels = [(code, level.label.capitalize()) for code, level in reversed(LEVELS.items())]
        for name, choices in (("row", list(sections.items())), ("role", roles), ("level", levels)):
            self.fields[name].choices = [("", "Выберите"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        row, level = facts.get("row"), facts.get("level")
        if row and level and level not in offered(row):
            words = ", ".join(f"«{LEVELS[code].label}»" for code in offered(row))
            self.add_error("level", f"У этого права такого уровня нет. Возможны: {words}.")
        return facts


class LiftForm(SpeakingForm):
    """The act by which a ceiling goes."""

    act = forms.CharField(label="Акт об отмене", max_length=300)


def _levels(cell: Cell) -> list[tuple[str, str]]:
    keep = (KEEP, f"Оставить: {cell.words}")
    default = [(DEFAULT, f"Вернуть по умолчанию: {cell.default_words}")] if cell.is_changed else []
    now = cell.row.gives(cell.level)
    others = [code for code in cell.choices if cell.row.gives(code) != now]
    return [keep, *default, *((code, LEVELS[code].label.capitalize()) for code in others)]


def _title(group: GroupChoice) -> str:
    return group.name if group.is_current else f"{group.name}, следующий год"


def as_key(text: str) -> uuid.UUID | None:
    """A key from an address, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
