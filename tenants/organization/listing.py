"""Lists of buildings, rooms and equipment as an address asks for them, for the screen and for files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from tenants.organization.models import Building, Equipment, Room

LAST_CLOSED: Final = F("closed_on").desc(nulls_first=True)  # grouping drops the order of the model
OPEN_ROOMS: Final = Count("rooms", filter=Q(rooms__closed_on=None), distinct=True)


@dataclass(frozen=True, slots=True)
class PlaceList:
    """One of the three lists: what its search reads, its kinds, its columns in a file."""

    code: str
    title: str
    rows: Callable[[], QuerySet[Any]]  # Any: models of one list each
    words: tuple[str, ...]
    kinds: Callable[[], Sequence[tuple[str, str]]]
    columns: tuple[Column, ...]
    cells: Callable[[Any], list[Value]]

    @property
    def url(self) -> str:
        return reverse(f"organization:{self.code}")

    @property
    def xlsx_url(self) -> str:
        return reverse(f"organization:{self.code}_xlsx")

    @property
    def pdf_url(self) -> str:
        return reverse(f"organization:{self.code}_pdf")

    def asked(self, parameters: QueryDict) -> QuerySet[Any]:
        """Rows that answer the address: in use unless the closed ones are asked for as well."""
        found = self.rows()
        if parameters.get("closed") != "1":
            found = found.filter(closed_on=None)
        if kind := parameters.get("kind", ""):
            found = found.filter(kind=kind)
        for word in parameters.get("q", "")[:100].split():
            matching = Q()
            for name in self.words:
                matching |= Q(**{f"{name}__icontains": word})
            found = found.filter(matching)
        return found

    def filters(self, parameters: QueryDict) -> str:
        """The filters as a file names them."""
        kind = dict(self.kinds()).get(parameters.get("kind", ""), "")
        text = parameters.get("q", "").strip()[:100]
        closed = "включая закрытые" if parameters.get("closed") == "1" else ""
        return ", ".join(filter(None, [kind, f"поиск «{text}»" if text else "", closed]))


def _buildings() -> QuerySet[Building]:
    return Building.objects.annotate(room_count=OPEN_ROOMS).order_by(LAST_CLOSED, "name", "id")


def _rooms() -> QuerySet[Room]:
    things = Sum("equipment__quantity", filter=Q(equipment__closed_on=None))
    found = Room.objects.select_related("building").annotate(thing_count=things)
    return found.order_by(LAST_CLOSED, "building__name", "number", "id")


def _equipment() -> QuerySet[Equipment]:
    return Equipment.objects.select_related("building", "room")


def _building_cells(one: Any) -> list[Value]:
    return [
        one.name,
        one.get_kind_display(),
        one.address,
        one.year_built,
        _number(one.area_m2),
        one.storeys,
        one.get_condition_display(),
        one.get_accessibility_display(),
        one.get_ownership_display(),
        "да" if one.is_licensed_place else "нет",
        one.room_count,
        one.closed_on,
    ]


def _room_cells(one: Room) -> list[Value]:
    return [
        one.building.name,
        one.number,
        one.name,
        one.kind_name,
        one.storey,
        _number(one.area_m2),
        one.seats,
        one.closed_on,
    ]


def _equipment_cells(one: Equipment) -> list[Value]:
    return [
        one.name,
        one.get_kind_display(),
        one.building.name,
        str(one.room) if one.room else "",
        one.quantity,
        one.year,
        one.get_state_display(),
        one.closed_on,
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


_CLOSED: Final = Column("Не используется с", 12, "date")
LISTS: Final[Mapping[str, PlaceList]] = {
    "buildings": PlaceList(
        code="buildings",
        title="Здания",
        rows=_buildings,
        words=("name", "address"),
        kinds=lambda: Building.Kind.choices,
        columns=(
            Column("Здание", 26),
            Column("Вид", 20),
            Column("Адрес", 44),
            Column("Год постройки", 10),
            Column("Площадь, м²", 10),
            Column("Этажей", 8),
            Column("Состояние", 22),
            Column("Доступность для инвалидов", 22),
            Column("Право пользования", 20),
            Column("Место по лицензии", 10),
            Column("Помещений", 10, "int"),
            _CLOSED,
        ),
        cells=_building_cells,
    ),
    "rooms": PlaceList(
        code="rooms",
        title="Помещения",
        rows=_rooms,
        words=("number", "name", "building__name"),
        kinds=lambda: load_catalog().choices("room_kind"),
        columns=(
            Column("Здание", 26),
            Column("Номер", 10),
            Column("Название", 30),
            Column("Вид", 26),
            Column("Этаж", 8),
            Column("Площадь, м²", 12),
            Column("Мест", 8),
            _CLOSED,
        ),
        cells=_room_cells,
    ),
    "equipment": PlaceList(
        code="equipment",
        title="Оборудование",
        rows=_equipment,
        words=("name", "room__number", "room__name", "building__name"),
        kinds=lambda: Equipment.Kind.choices,
        columns=(
            Column("Название", 36),
            Column("Вид", 26),
            Column("Здание", 26),
            Column("Помещение", 24),
            Column("Количество", 10, "int"),
            Column("Год выпуска", 10),
            Column("Состояние", 12),
            Column("Списано", 12, "date"),
        ),
        cells=_equipment_cells,
    ),
}
