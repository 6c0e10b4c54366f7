"""Figures of the organizations of a territory on a day: contingent, classes, arrivals and departures, time of data."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q

from shared.contingent.counts import COUNTED
from shared.contingent.freshness import data_times
from shared.contingent.models import RegistryMovement

_FIGURES = f"""
select e.organization_id, count(*), count(distinct e.person_id), count(distinct e.group_id)
from contingent_registryenrollment e where {COUNTED} group by e.organization_id
"""  # noqa: S608  a constant of ours
_PLACES = f"""
select e.organization_id, count(*), 0, 0
from contingent_registryenrollment e where {COUNTED} group by e.organization_id
"""  # noqa: S608  a constant of ours
# Conflict C1 of CONTINGENT 4: a person with two basic places at once.
_TOTAL = f"""
select coalesce(sum(places), 0)::int, count(*), count(*) filter (where basic > 1) from (
  select count(*) as places, count(*) filter (where e.is_basic) as basic
  from contingent_registryenrollment e where {COUNTED} group by e.person_id) as people
"""  # noqa: S608  a constant of ours


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of one organization; ``data_at`` is absent for one that has handed nothing up yet."""

    places: int = 0
    people: int = 0
    groups: int = 0
    arrived: int = 0
    left: int = 0
    data_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of the whole territory; a person in two organizations is one person."""

    places: int
    people: int
    two_basic_places: int
    arrived: int
    left: int


def figures_by_organization(day: datetime.date, *, places_only: bool = False) -> dict[uuid.UUID, Figures]:
    """Every organization the role sees that has places on ``day`` or moved since the month began; three queries.

    ``places_only`` leaves people and groups uncounted: enough for a region and far cheaper there.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACES if places_only else _FIGURES, {"day": day})
        counted = {key: (places, people, groups) for key, places, people, groups in cursor.fetchall()}
    moved = _moved(day)
    times = data_times([*counted, *moved])
    found = {}
    for key in {*counted, *moved}:
        places, people, groups = counted.get(key, (0, 0, 0))
        arrived, left = moved.get(key, (0, 0))
        found[key] = Figures(places, people, groups, arrived, left, times.get(key))
    return found


def totals(day: datetime.date) -> Totals:
    """The same for everything the role sees."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTAL, {"day": day})
        places, people, two_basic = cursor.fetchone()
    moved = _moved(day).values()
    return Totals(places, people, two_basic, sum(arrived for arrived, _ in moved), sum(left for _, left in moved))


def _moved(day: datetime.date) -> dict[uuid.UUID, tuple[int, int]]:
    """Arrivals and departures from the first of the month to ``day`` by organization."""
    rows = (
        RegistryMovement.objects.filter(effective_on__gte=day.replace(day=1), effective_on__lte=day)
        .values("organization_id")
        .annotate(arrived=Count("row_id", filter=Q(flow="in")), left=Count("row_id", filter=Q(flow="out")))
        .values_list("organization_id", "arrived", "left")
    )
    return {key: (arrived, left) for key, arrived, left in rows}
