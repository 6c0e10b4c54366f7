"""People of the registry as a list and a panel show them: their places, and what contradicts."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.classifiers.catalog import load_catalog
from shared.contingent.models import Person, RegistryEnrollment
from shared.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Span:
    """A class or group of a place on its days."""

    group_name: str
    grade: int | None
    days_from: datetime.date
    days_to: datetime.date | None


@dataclass(frozen=True, slots=True)
class PersonPlace:
    """One place of a person with its classes in order."""

    organization: Organization | None
    student_id: uuid.UUID
    program_kind: str
    is_basic: bool
    enrolled_on: datetime.date
    left_on: datetime.date | None
    reason: str
    order_number: str
    order_date: datetime.date
    program: str
    spans: tuple[Span, ...]
    is_counted: bool

    @property
    def group_name(self) -> str:
        return self.spans[-1].group_name if self.spans else ""

    @property
    def status(self) -> tuple[str, str]:
        if self.is_counted:
            return "ok", "Обучается"
        if self.left_on is not None:
            return "idle", f"Выбыл {self.left_on:%d.%m.%Y}"
        return "info", "Ещё не начал"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person with his places, the one that tells most first."""

    person: Person
    places: tuple[PersonPlace, ...]

    @property
    def first(self) -> PersonPlace | None:
        return self.places[0] if self.places else None

    @property
    def elsewhere(self) -> int:
        """In how many more organizations he studies that day."""
        held = {place.organization for place in self.places if place.is_counted}
        return max(0, len(held) - 1)

    @property
    def has_two_basic_places(self) -> bool:
        """Conflict C1: two basic places at once, of one level in two organizations or school and kindergarten."""
        return sum(place.is_counted and place.is_basic for place in self.places) > 1


def lines_of(keys: Sequence[uuid.UUID], *, day: datetime.date) -> list[PersonLine]:
    """The people in the order of ``keys`` with their places, in three queries."""
    people = Person.objects.in_bulk(list(keys))
    rows = RegistryEnrollment.objects.filter(person_id__in=keys).order_by("enrolled_on", "enrollment_id", "days_from")
    places = _places(list(rows), day=day)
    return [PersonLine(people[key], tuple(places.get(key, ()))) for key in keys if key in people]


def _places(rows: list[RegistryEnrollment], *, day: datetime.date) -> dict[uuid.UUID, list[PersonPlace]]:
    organizations = Organization.objects.select_related("municipality").in_bulk({row.organization_id for row in rows})
    spans: dict[uuid.UUID, list[RegistryEnrollment]] = {}
    for row in rows:
        spans.setdefault(row.enrollment_id, []).append(row)
    found: dict[uuid.UUID, list[PersonPlace]] = {}
    for own in spans.values():
        found.setdefault(own[0].person_id, []).append(_place(own, organizations.get(own[0].organization_id), day))
    for places in found.values():
        places.sort(key=_rank)
    return found


def _place(rows: list[RegistryEnrollment], organization: Organization | None, day: datetime.date) -> PersonPlace:
    last = rows[-1]
    return PersonPlace(
        organization=organization,
        student_id=last.student_id,
        program_kind=load_catalog().label("program_kind", last.program_kind),
        is_basic=last.is_basic,
        enrolled_on=last.enrolled_on,
        left_on=last.left_on,
        reason=_reason(last.departure_reason),
        order_number=last.order_number,
        order_date=last.order_date,
        program=last.program,
        spans=tuple(_spans(rows)),
        is_counted=any(row.days_from <= day and (row.days_to is None or row.days_to > day) for row in rows),
    )


def _spans(rows: Iterable[RegistryEnrollment]) -> Iterable[Span]:
    return (Span(row.group_name, row.grade, row.days_from, row.days_to) for row in rows if row.group_name)


def _reason(code: str) -> str:
    movements = load_catalog()["movement_type"]
    return movements[code].label if code in movements else ""


def _rank(place: PersonPlace) -> tuple[bool, bool, int]:
    """Held before left, basic before supplementary, the newest first."""
    return (not place.is_counted, not place.is_basic, -place.enrolled_on.toordinal())
