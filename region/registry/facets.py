"""How many places stand behind every choice of a filter: one query for all filters that are not used yet.

A used filter is counted without itself, so that its other values keep their numbers. Places and not people: distinct
people by six filters at once would sort the region six times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from region.registry.search import demand_likeness, name_condition, people_condition
from region.registry.wanted import Wanted
from shared.contingent.counts import DIMENSIONS
from shared.contingent.words import dimension_label, organization_types, value_label
from shared.organizations.models import Municipality

FACETS = ("municipality", "organization_type", "program_kind", "grade", "sex", "health_limits")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    number: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Facets:
    """The filters with their numbers, and how many people and places answer the whole question."""

    facets: list[Facet]
    people: int
    places: int


def facets_of(asked: Wanted, *, likeness: float | None) -> Facets:
    """Numbers of every filter; ``likeness`` as the search answered."""
    unused = [name for name in FACETS if name not in asked.where]
    numbers = _grouped(asked, unused, likeness=likeness)
    for name in FACETS:
        if name in asked.where:
            numbers |= _grouped(asked, [name], likeness=likeness, leaving_out=name)
    places, people = _select(asked, "count(*), count(distinct e.person_id)", likeness=likeness)[0]
    return Facets([_facet(name, numbers.get(name, {}), asked) for name in FACETS], people, places)


def _grouped(
    asked: Wanted, names: list[str], *, likeness: float | None, leaving_out: str = ""
) -> dict[str, dict[str, int]]:
    """Places by value, for each name apart."""
    if not names:
        return {}
    columns = ", ".join(DIMENSIONS[name] for name in names)
    sets = ", ".join(f"({position})" for position in range(1, len(names) + 1))
    rows = _select(
        asked,
        f"{columns}, grouping({columns}), count(*)",
        grouping=f"group by grouping sets ({sets})",
        likeness=likeness,
        leaving_out=leaving_out,
    )
    numbers: dict[str, dict[str, int]] = {name: {} for name in names}
    for *values, flag, number in rows:
        place = _position(flag, len(names))
        numbers[names[place]][values[place]] = number
    return numbers


def _select(
    asked: Wanted, columns: str, *, likeness: float | None, grouping: str = "", leaving_out: str = ""
) -> list[tuple[Any, ...]]:
    """Columns over the places of the people asked for."""
    condition, parameters = asked.place_condition(leaving_out=leaving_out)
    if asked.name or asked.born_on or asked.mark or asked.state != "active":
        people, more = people_condition(asked, leaving_out=leaving_out)
        name, words = name_condition(asked, is_similar=likeness is not None)
        condition += f" and e.person_id in (select p.id from contingent_person p where {name} and {people})"  # noqa: S608
        parameters |= more | words
    with connection.cursor() as cursor:
        demand_likeness(cursor, likeness)
        cursor.execute(f"select {columns} from {asked.places} where {condition} {grouping}", parameters)  # noqa: S608
        return cursor.fetchall()


def _position(flag: int, length: int) -> int:
    """``grouping`` has a zero bit for the column a row is grouped by, the first column in the highest bit."""
    return next(position for position in range(length) if not flag & (1 << (length - 1 - position)))


def _facet(name: str, numbers: dict[str, int], asked: Wanted) -> Facet:
    chosen = asked.where.get(name, [])
    values = list(dict.fromkeys([*numbers, *chosen]))
    labels = labels_of(name, values)
    options = [Option(value, labels[value], numbers.get(value, 0), value in chosen) for value in values]
    return Facet(name, dimension_label(name), sorted(options, key=lambda option: _rank(name, option)))


def _rank(name: str, option: Option) -> tuple[int, str]:
    """Grades in their order, everything else by number."""
    if name == "grade":
        return (int(option.value) if option.value.isdecimal() else -1, "")
    return (-option.number, option.label)


def labels_of(dimension: str, values: Iterable[str]) -> dict[str, str]:
    """Values as people read them; municipalities are looked up."""
    wanted = list(values)
    if dimension == "municipality":
        names = dict(Municipality.objects.filter(pk__in=wanted).values_list("pk", "name"))
        return {value: names.get(value, value or "Региональное подчинение") for value in wanted}
    if dimension == "organization_type":
        return {value: organization_types(value) for value in wanted}
    return {value: value_label(dimension, value) for value in wanted}
