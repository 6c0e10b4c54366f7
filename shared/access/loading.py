"""The appointments of a person on a day with everything their rights depend on: the query of every request.

Django takes eight milliseconds to compose it, the database half of one to answer.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from shared.access.models import RightCeiling, RightChange, RoleGrant
from shared.access.support.inside import visitors
from shared.kernel.compiled import CompiledQuery

_PERSON: Final = uuid.UUID(int=1)
_DAY: Final = datetime.date(1900, 1, 1)
_FIELDS: Final = (
    "id",
    "role",
    "group_ids",
    "group_names",
    "valid_to",
    "organization_id",
    "organization__short_name",
    "organization__slug",
    "organization__org_type",
    "authority_id",
    "authority__name",
    "authority__municipality_id",
    "authority__region_id",
    "changes",
    "ceilings",
    "visitors",
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role grant in force with its place, the cells changed for its role, the ceilings, the support's visitors."""

    id: uuid.UUID
    role: str
    group_ids: list[uuid.UUID]
    group_names: list[str]
    valid_to: datetime.date | None
    organization_id: uuid.UUID | None
    organization_name: str | None
    organization_slug: str | None
    org_type: str | None
    authority_id: int | None
    authority_name: str | None
    municipality_oktmo: str | None
    region_code: str | None
    changes: dict[str, str]
    ceilings: dict[str, str]
    visitors: list[dict[str, Any]]  # Any: what JSON holds


_NAMES: Final = tuple(one.name for one in fields(Appointment))


def appointments_of(account_id: uuid.UUID, today: datetime.date) -> list[Appointment]:
    """Grants of the person on a day, by the names of their places."""
    return [_appointment(row) for row in _APPOINTMENTS.rows(account_id, today)]


def _appointments() -> QuerySet[RoleGrant, tuple[Any, ...]]:
    return (
        RoleGrant.objects.on(_DAY)
        .filter(account_id=_PERSON)
        .annotate(changes=_changes(), ceilings=_ceilings(), visitors=visitors())
        .order_by("organization__short_name", "authority__name", "role")
        .values_list(*_FIELDS)
    )


def _changes() -> ArraySubquery:
    """Cells that the organization of a grant has changed for its role."""
    found = RightChange.objects.on(_DAY).filter(organization=OuterRef("organization"), role=OuterRef("role"))
    return _cells(found.order_by("valid_from", "id"))


def _ceilings() -> ArraySubquery:
    return _cells(RightCeiling.objects.filter(region=OuterRef("organization__region"), role=OuterRef("role")))


def _cells(found: QuerySet[RightChange] | QuerySet[RightCeiling]) -> ArraySubquery:
    return ArraySubquery(found.values(cell=JSONObject(row="row", level="level")))


def _appointment(row: tuple[Any, ...]) -> Appointment:
    facts = dict(zip(_NAMES, row, strict=True))
    facts |= {name: _by_row(facts[name]) for name in ("changes", "ceilings")}
    return Appointment(**facts | {"visitors": _objects(facts["visitors"])})


def _by_row(cells: Iterable[str]) -> dict[str, str]:
    return {cell["row"]: cell["level"] for cell in _objects(cells)}


def _objects(found: Iterable[str]) -> list[dict[str, Any]]:
    return [json.loads(one) for one in found]


_APPOINTMENTS: Final = CompiledQuery(_appointments, _PERSON, _DAY)
