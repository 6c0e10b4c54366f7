"""Buildings, rooms and equipment: added, corrected, closed; what is closed stays readable. Source: R-012."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from django.db import transaction

from shared.kernel.rules import constraint_means
from tenants.organization.errors import NameTaken, NumberTaken, PlaceClosed
from tenants.organization.models import Building, Equipment, Room
from tenants.organization.services import refresh_card

Place = TypeVar("Place", Building, Room, Equipment)


@transaction.atomic
def save_building(*, facts: Mapping[str, Any], by: str, building: Building | None = None) -> Building:
    """A new building, or what is known of one in use. Raises: NameTaken, PlaceClosed."""
    found = _in_use(building) if building else Building()
    _set(found, facts, constraint_means("building_one_name", NameTaken(name=facts["name"])))
    refresh_card(by=by)
    return found


@transaction.atomic
def save_room(*, building: Building, facts: Mapping[str, Any], by: str, room: Room | None = None) -> Room:
    """A new room of a building in use, or what is known of one. Raises: NumberTaken, PlaceClosed."""
    found = _in_use(room) if room else Room(building=_in_use(building))
    _set(found, facts, constraint_means("room_one_number", NumberTaken(number=facts["number"])))
    refresh_card(by=by)
    return found


@transaction.atomic
def save_equipment(
    *, building: Building, facts: Mapping[str, Any], by: str, equipment: Equipment | None = None
) -> Equipment:
    """Things of a building; ``facts["room"]`` is one of its rooms, or None. Raises: PlaceClosed."""
    found = _in_use(equipment) if equipment else Equipment(building=_in_use(building))
    room = facts.get("room")
    if room is not None and room.building_id != found.building_id:
        raise ValueError("the room is in another building")
    for name, value in facts.items():
        setattr(found, name, value)
    found.save()
    refresh_card(by=by)
    return found


@transaction.atomic
def close_place(*, place: Place, closed_on: datetime.date, by: str) -> None:
    """Not used from a day on; what is in a building or a room closes with it. Raises: PlaceClosed."""
    _in_use(place)
    kinds = {Building: "building", Room: "room"}
    inside = kinds.get(type(place))
    if inside is not None:
        Equipment.objects.in_use().filter(**{inside: place}).update(closed_on=closed_on)
    if isinstance(place, Building):
        Room.objects.in_use().filter(building=place).update(closed_on=closed_on)
    place.closed_on = closed_on
    place.save(update_fields=["closed_on"])
    refresh_card(by=by)


def _in_use(place: Place) -> Place:
    """The place as it is now, locked. Raises: PlaceClosed."""
    found = type(place).objects.select_for_update().get(pk=place.pk)
    if found.closed_on is not None:
        raise PlaceClosed(day=f"{found.closed_on:%d.%m.%Y}")
    return found


def _set(place: Building | Room, facts: Mapping[str, Any], unique: AbstractContextManager[None]) -> None:
    for name, value in facts.items():
        setattr(place, name, value)
    with unique:
        place.save()
