"""The order and its rows as forms."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from shared.access.roles import STAFF_ROLES, role_facts
from shared.appointments.queries import StaffMember
from shared.kernel.days import academic_year_of
from shared.ui.forms import SpeakingForm
from tenants.duties.models import DataSet, DutyOrder, DutyRow, Periodicity
from tenants.duties.services import Duty

ROLE, PERSON = "role", "person"
EMPTY_ROWS = 3


class YearForm(SpeakingForm):
    """For which academic year an order is drafted."""

    academic_year = forms.TypedChoiceField(label="Учебный год", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = academic_year_of(timezone.localdate())
        self.fields["academic_year"].choices = [(year, f"{year}/{year + 1}") for year in (now, now + 1)]  # type: ignore[attr-defined]


class HeadForm(SpeakingForm):
    """Number and date may wait until the head signs."""

    number = forms.CharField(label="№ приказа", max_length=40, required=False)
    issued_on = forms.DateField(label="Дата приказа", required=False)


class DutyForm(SpeakingForm):
    """One duty; the holder is a role or a person of the staff."""

    data_set = forms.ChoiceField(label="Данные", choices=DataSet.choices)
    details = forms.CharField(label="Что именно", max_length=300, required=False)
    holder = forms.ChoiceField(label="Кто вносит")
    deadline = forms.CharField(label="Срок", max_length=200)
    due_on = forms.DateField(label="Не позднее", required=False)
    periodicity = forms.ChoiceField(label="Периодичность", choices=Periodicity.choices, initial=Periodicity.ON_CHANGE)

    def __init__(self, *args: Any, staff: Sequence[StaffMember] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = {f"{PERSON}:{one.account_id}": one.full_name for one in staff}
        kept = str((self.initial or {}).get("holder", ""))
        if kept.startswith(PERSON) and kept not in self._names:
            self._names[kept] = (self.initial or {}).get("person_name", "")  # has left, the draft still names him
        roles = [(f"{ROLE}:{code}", facts.label) for code, facts in role_facts().items() if code in STAFF_ROLES]
        people = list(self._names.items())
        self.fields["holder"].choices = [("", "Выберите"), ("Роли", roles), ("Работники", people)]  # type: ignore[attr-defined]
        self.fields["data_set"].choices = [("", "Выберите"), *DataSet.choices]  # type: ignore[attr-defined]

    @property
    def duty(self) -> Duty:
        facts = self.cleaned_data
        kind, _, key = facts["holder"].partition(":")
        who: dict[str, Any] = {"role": key}
        if kind == PERSON:
            who = {"account_id": uuid.UUID(key), "person_name": self._names[facts["holder"]]}
        rest = {name: facts[name] for name in ("data_set", "details", "deadline", "due_on", "periodicity")}
        return Duty(**rest, **who)

    @staticmethod
    def initial_of(row: DutyRow) -> dict[str, Any]:
        holder = f"{ROLE}:{row.role}" if row.role else f"{PERSON}:{row.account_id}"
        names = ("data_set", "details", "deadline", "due_on", "periodicity", "person_name")
        return {"holder": holder, **{name: getattr(row, name) for name in names}}


DutyFormSet = formset_factory(DutyForm, extra=EMPTY_ROWS, can_delete=True, max_num=200)


def duty_forms(order: DutyOrder, staff: Sequence[StaffMember], data: Any = None) -> BaseFormSet[DutyForm]:
    """Forms of the rows of a draft with a few empty ones after them."""
    initial = [DutyForm.initial_of(row) for row in order.rows.order_by("position")]
    return DutyFormSet(data, initial=initial, prefix="rows", form_kwargs={"staff": staff})


def duties_in(formset: BaseFormSet[DutyForm]) -> list[Duty]:
    """The rows that are kept: neither marked for removal nor left empty."""
    kept = [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return [form.duty for form in kept if form.cleaned_data.get("data_set")]
