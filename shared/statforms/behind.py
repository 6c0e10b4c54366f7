"""What stands behind a computed cell: its places by territory or class, and the people, one query each.

The rows are those the form counted: the same filters over the registry, narrowed by the same row security.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from shared.contingent.counts import EXPRESSIONS, Territory, filters_of
from shared.statforms.bindings import CellFilter, Measure
from shared.statforms.compute import groups_behind
from shared.statforms.conditions import Condition
from shared.statforms.cube import GroupFact
from shared.statforms.registry_facts import RegistryFacts

PartKind = Literal["municipality", "organization", "group"]

# Code and name of a part, and the tables they come from.
_PARTS: dict[PartKind, tuple[str, str, str]] = {
    "municipality": (
        "e.municipality_oktmo",
        "coalesce(m.name, 'Региональное подчинение')",
        "left join organizations_municipality m on m.oktmo = e.municipality_oktmo",
    ),
    "organization": ("o.slug", "o.short_name", ""),
    "group": ("e.group_id::text", "coalesce(nullif(e.group_name, ''), 'без класса')", ""),
}
_REGISTRY = "contingent_registryenrollment e join organizations_organization o on o.id = e.organization_id"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a cell's value: a municipality, an organization or a class."""

    code: str
    title: str
    number: int | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One counted place as the levels may see it; the name is absent where the role has no right to that person."""

    person_id: uuid.UUID
    student_id: uuid.UUID
    full_name: str
    birth_date: datetime.date
    sex: str
    organization: str
    municipality: str
    group_name: str
    enrolled_on: datetime.date
    order_number: str
    order_date: datetime.date
    url: str = ""


def parts(cell: CellFilter, kind: PartKind, *, as_of: datetime.date, territory: Territory) -> list[Part]:
    """The value of a learner cell by municipality, organization or class, the largest first."""
    code, title, join = _PARTS[kind]
    conditions, parameters = _conditions(cell, as_of, territory)
    statement = (
        f"select {code}, {title}, {_measure(cell)} from {_REGISTRY} {join} "  # noqa: S608  our own expressions
        f"where {conditions} group by 1, 2 order by 3 desc, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [Part(*row) for row in cursor.fetchall()]


def places(
    cell: CellFilter,
    *,
    as_of: datetime.date,
    territory: Territory,
    with_names: bool,
    limit: int | None = None,
    offset: int = 0,
) -> list[PlaceRow]:
    """The counted places in the order of names; a cell of distinct people has one place of each.

    ``with_names`` needs the right of a role on people of the registry; an organization names its own learners itself.
    """
    conditions, parameters = _conditions(cell, as_of, territory)
    # Left: an office that no longer looks after the organization counts its past days and names nobody.
    people = "left join contingent_person p on p.id = e.person_id" if with_names else ""
    name = "concat_ws(' ', p.last_name, p.first_name, nullif(p.patronymic, ''))" if with_names else "''"
    order = "p.sort_name" if with_names else "e.group_name"
    distinct = f"distinct on ({order}, e.person_id)" if cell.measure is Measure.PERSONS else ""
    statement = (
        f"select {distinct} e.person_id, e.student_id, {name}, e.birth_date, e.sex, o.short_name, "  # noqa: S608
        f"coalesce(m.name, ''), e.group_name, e.enrolled_on, e.order_number, e.order_date from {_REGISTRY} {people} "
        f"left join organizations_municipality m on m.oktmo = e.municipality_oktmo where {conditions} "
        f"order by {order}, e.person_id, e.enrollment_id limit %(limit)s offset %(offset)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, "limit": limit, "offset": offset})
        return [PlaceRow(*row) for row in cursor.fetchall()]


def number(cell: CellFilter, *, as_of: datetime.date, territory: Territory) -> int:
    """How many places (or distinct people) :func:`places` has."""
    conditions, parameters = _conditions(cell, as_of, territory)
    statement = f"select {_measure(cell)} from {_REGISTRY} where {conditions}"  # noqa: S608  our own expressions
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])


def groups(cell: CellFilter, *, as_of: datetime.date, territory: Territory) -> list[GroupFact]:
    """The classes and groups counted in a cell of classes, in the order of organizations and names."""
    found = groups_behind(cell.filters, RegistryFacts(as_of=as_of, territory=territory).groups())
    if cell.measure in (Measure.CLASS_SETS, Measure.CLASSES_IN_SETS):
        found = tuple(fact for fact in found if fact.class_set)
    return sorted(found, key=lambda fact: (fact.organization_name, _natural(fact.name)))


def _conditions(cell: CellFilter, as_of: datetime.date, territory: Territory) -> tuple[str, dict[str, Any]]:
    base, parameters = filters_of(as_of=as_of, where={}, age_on=cell.age_on, territory=territory)
    conditions = [base]
    for position, (name, condition) in enumerate(cell.filters.items()):
        conditions += _condition(EXPRESSIONS[name], condition, f"filter{position}", parameters)
    return " and ".join(conditions), parameters


def _condition(expression: str, condition: Condition, name: str, parameters: dict[str, Any]) -> list[str]:
    """``Condition.admits`` in SQL: an empty value and an undecided one never count."""
    found = [f"{expression} <> all(%({name}_not)s)"]
    parameters[f"{name}_not"] = ["", *condition.excluded, *condition.undecided]
    if condition.values is not None:
        found.append(f"{expression} = any(%({name}_in)s)")
        parameters[f"{name}_in"] = list(condition.values)
    for sign, bound, suffix in ((">=", condition.low, "low"), ("<=", condition.high, "high")):
        if bound is not None:
            found.append(f"nullif({expression}, '')::int {sign} %({name}_{suffix})s")
            parameters[f"{name}_{suffix}"] = bound
    return found


def _natural(name: str) -> tuple[int, str]:
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return (int(digits) if digits else 99, name)


def _measure(cell: CellFilter) -> str:
    return "count(distinct e.person_id)" if cell.measure is Measure.PERSONS else "count(*)"
