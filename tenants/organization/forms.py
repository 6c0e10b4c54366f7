"""Rows of the card as forms: persons in charge, buildings, rooms, equipment, documents."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils import timezone

from shared.classifiers.catalog import load_catalog
from shared.documents.uploads import UploadField
from shared.kernel.addresses import normalize_address
from shared.kernel.names import clean_name
from shared.ui.forms import SpeakingForm
from tenants.organization.documents import Paper
from tenants.organization.models import Building, Equipment, OrganizationDocument, ResponsibleRole, Room
from tenants.organization.papers import PAPER_FILE
from tenants.organization.responsibles import Charge
from tenants.people.forms import DayField
from tenants.staff.models import StaffMember

OLDEST_YEAR: Final = 1700
_NOT_SAID: Final = ("", "Не указано")


class YearField(forms.IntegerField):
    """A year that has come."""

    def clean(self, value: Any) -> int | None:
        year: int | None = super().clean(value)
        if year is not None and not OLDEST_YEAR <= year <= timezone.localdate().year:
            raise forms.ValidationError("Такого года здесь быть не может. Впишите его четырьмя цифрами.")
        return year


def _area() -> forms.DecimalField:
    return forms.DecimalField(
        label="Площадь, м²", required=False, min_value=0, max_digits=8, decimal_places=2, localize=True
    )


def _count(label: str, most: int, *, is_required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=is_required, min_value=1, max_value=most)


class ChargeForm(SpeakingForm):
    """A person in charge, by order."""

    role = forms.ChoiceField(label="За что отвечает", choices=ResponsibleRole.choices)
    staff = forms.ModelChoiceField(
        StaffMember.objects.none(), label="Работник", required=False, empty_label="Вписать имя вручную"
    )
    name = forms.CharField(label="Фамилия, имя, отчество", max_length=310, required=False)
    position = forms.CharField(label="Должность", max_length=200, required=False)
    order_number = forms.CharField(label="№ приказа", max_length=40, required=False)
    order_date = DayField(label="Дата приказа", required=False)
    held_from = DayField(label="Отвечает с")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = StaffMember.objects.working_on(timezone.localdate())  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"]).value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("staff") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "Никто не указан. Выберите работника или впишите имя.")
        if data.get("role") == ResponsibleRole.SUPERVISOR and not data.get("order_number"):
            self.add_error("order_number", "Проверяющего записи назначают приказом. Впишите его номер и дату.")
        if data.get("order_number") and not data.get("order_date") and "order_date" not in self.errors:
            self.add_error("order_date", "У приказа нет даты. Впишите её.")
        return data

    @property
    def charge(self) -> Charge:
        facts = dict(self.cleaned_data)
        chosen: StaffMember | None = facts.pop("staff")
        if chosen is not None:
            facts |= {"staff_id": chosen.pk, "name": chosen.full_name}
            facts["position"] = facts["position"] or chosen.position
        return Charge(**facts)


class EndForm(SpeakingForm):
    """The day from which a person answers no more, or a place is not used."""

    day = DayField(label="С какого дня")


class BuildingForm(SpeakingForm):
    """A building and what it is like."""

    name = forms.CharField(label="Название", max_length=120, help_text="Например: Главный корпус.")
    kind = forms.ChoiceField(label="Вид", choices=Building.Kind.choices)
    address = forms.CharField(label="Адрес", max_length=500)
    year_built = YearField(label="Год постройки", required=False)
    area_m2 = _area()
    storeys = _count("Этажей", 99)
    condition = forms.ChoiceField(label="Состояние", choices=[_NOT_SAID, *Building.Condition.choices], required=False)
    accessibility = forms.ChoiceField(
        label="Доступность для инвалидов", choices=[_NOT_SAID, *Building.Accessibility.choices], required=False
    )
    ownership = forms.ChoiceField(
        label="Право пользования", choices=[_NOT_SAID, *Building.Ownership.choices], required=False
    )
    is_licensed_place = forms.BooleanField(label="Место деятельности по лицензии", required=False, initial=True)

    def clean_address(self) -> str:
        try:
            return normalize_address(self.cleaned_data["address"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    @classmethod
    def initial_of(cls, building: Building) -> dict[str, Any]:
        return {name: getattr(building, name) for name in cls.base_fields}


class RoomForm(SpeakingForm):
    """A room of a building."""

    number = forms.CharField(label="Номер", max_length=20)
    name = forms.CharField(label="Название", max_length=120, required=False, help_text="Например: Кабинет физики.")
    kind = forms.ChoiceField(label="Вид", choices=[])
    storey = _count("Этаж", 99)
    area_m2 = _area()
    seats = _count("Мест", 5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [kind for kind in [self.initial.get("kind")] if kind]  # an ended kind stays with the room that has it
        self.fields["kind"].choices = load_catalog().choices("room_kind", keep=held)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, room: Room) -> dict[str, Any]:
        return {name: getattr(room, name) for name in cls.base_fields}


class EquipmentForm(SpeakingForm):
    """Things of one name."""

    name = forms.CharField(label="Название", max_length=200)
    kind = forms.ChoiceField(label="Вид", choices=Equipment.Kind.choices)
    room = forms.ModelChoiceField(Room.objects.none(), label="Помещение", required=False, empty_label="Здание в целом")
    quantity = _count("Количество", 1_000_000, is_required=True)
    year = YearField(label="Год выпуска", required=False)
    state = forms.ChoiceField(label="Состояние", choices=Equipment.State.choices)

    def __init__(self, *args: Any, building: Building, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.in_use().filter(building=building)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, equipment: Equipment) -> dict[str, Any]:
        return {name: getattr(equipment, name) for name in cls.base_fields}


class DocumentForm(SpeakingForm):
    """A document with its requisites and, if there is one, its scan."""

    kind = forms.ChoiceField(label="Вид документа", choices=OrganizationDocument.Kind.choices)
    title = forms.CharField(
        label="Название локального акта", max_length=300, required=False, help_text="Только для локального акта."
    )
    number = forms.CharField(label="Номер", max_length=60, required=False)
    issued_on = DayField(label="Дата")
    valid_to = forms.DateField(label="Действует до", required=False, help_text="Пусто — бессрочно.")
    file = UploadField(PAPER_FILE, label="Файл", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_act = data.get("kind") == OrganizationDocument.Kind.LOCAL_ACT
        if is_act and not data.get("title"):
            self.add_error("title", "У локального акта нет названия. Впишите его.")
        if not is_act:
            data["title"] = ""
        issued_on, valid_to = data.get("issued_on"), data.get("valid_to")
        if issued_on and valid_to and valid_to < issued_on:
            self.add_error("valid_to", "Срок раньше даты документа. Исправьте одну из дат.")
        return data

    @property
    def paper(self) -> Paper:
        return Paper(**{name: value for name, value in self.cleaned_data.items() if name != "file"})
