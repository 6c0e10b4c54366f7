"""Orders as forms: the head, the place to enroll into, the departure, the annulment."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from shared.classifiers.catalog import load_catalog
from shared.kernel.days import academic_year_of
from shared.ui.forms import SpeakingForm
from tenants.groups.models import Group
from tenants.orders.models import Order, OrderRow
from tenants.orders.services import suggested_number

BASIS = {
    Order.Kind.ENROLLMENT: "заявление родителя (законного представителя)",
    Order.Kind.DEPARTURE: "заявление родителя (законного представителя)",
}
USUAL_ARRIVAL = {"preschool": "enroll_preschool", "supplementary": "enroll_supplementary"}


def movement_types(flow: str) -> list[tuple[str, str]]:
    """Types in force that open (``in``) or close (``out``) a place; finishing the program closes it too."""
    in_force = load_catalog()["movement_type"].valid(timezone.localdate())
    found = [(item.code, item.label) for item in in_force if item.facts["flow"] == flow]
    finished = [(item.code, item.label) for item in in_force if item.code == "graduate"]
    return [*found, *finished] if flow == "out" else found


class HeadForm(SpeakingForm):
    """Number, day and ground of an order."""

    number = forms.CharField(label="Номер приказа", max_length=40)
    issued_on = forms.DateField(label="Дата приказа")
    basis = forms.CharField(label="Основание", max_length=500, required=False)

    @staticmethod
    def initial_of(kind: str) -> dict[str, Any]:
        today = timezone.localdate()
        return {"number": suggested_number(kind, today), "issued_on": today, "basis": BASIS[Order.Kind(kind)]}


class GroupChoice(forms.ModelChoiceField):
    """A class with what it has room for: «5А, 2026/27, 24 из 25»."""

    def label_from_instance(self, obj: Group) -> str:  # type: ignore[override]
        room = f"{obj.headcount} из {obj.places}" if obj.places else f"{obj.headcount} чел."  # type: ignore[attr-defined]
        program = f", {obj.program}" if obj.program else ""
        return f"{obj.name}{program}, {obj.academic_year}/{str(obj.academic_year + 1)[2:]}, {room}"


class PlaceForm(SpeakingForm):
    """Where and from when: the same for a known learner and a new card."""

    group = GroupChoice(label="Класс, группа", queryset=Group.objects.none(), empty_label="Выберите")
    effective_on = forms.DateField(label="Зачислить с")
    movement_type = forms.ChoiceField(label="Вид зачисления")
    form_of_study = forms.ChoiceField(label="Форма обучения", initial="full_time")
    note = forms.CharField(label="Откуда прибыл", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        known = Group.objects.known().filter(academic_year__gte=academic_year_of(today))
        self.fields["group"].queryset = known.with_headcount(today)  # type: ignore[attr-defined]
        self.fields["movement_type"].choices = movement_types("in")  # type: ignore[attr-defined]
        self.fields["form_of_study"].choices = load_catalog().choices("form_of_study")  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(rows: Iterable[OrderRow], org_type: str) -> dict[str, Any]:
        """As in the last row: brothers and whole classes come together."""
        last = next(iter(reversed(list(rows))), None)
        if last is None:
            kind = USUAL_ARRIVAL.get(org_type, "enroll_transfer")
            return {"effective_on": timezone.localdate(), "movement_type": kind, "form_of_study": "full_time"}
        names = ("effective_on", "movement_type", "form_of_study", "note")
        return {name: getattr(last, name) for name in names} | {"group": last.group_id}


class DepartureForm(SpeakingForm):
    """Why and from when a place is closed."""

    movement_type = forms.ChoiceField(label="Причина выбытия")
    effective_on = forms.DateField(label="Не числится с", help_text="Первый день, когда ребёнка уже нет в списках")
    note = forms.CharField(label="Куда выбыл", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["movement_type"].choices = movement_types("out")  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(rows: Iterable[OrderRow]) -> dict[str, Any]:
        last = next(iter(reversed(list(rows))), None)
        if last is None:
            return {
                "effective_on": timezone.localdate() + datetime.timedelta(days=1),
                "movement_type": "leave_transfer",
            }
        return {name: getattr(last, name) for name in ("effective_on", "movement_type", "note")}


class AnnulForm(SpeakingForm):
    reason = forms.CharField(label="Причина отмены", max_length=500)
