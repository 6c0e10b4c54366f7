"""Visits of subordinate organizations: totals by organization and role, nobody by name. Source: R-225, MUNICIPALITY 6.

Both tables are views of the database that hold no person and show an authority its own organizations only.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum

from shared.access.roles import Role
from shared.audit.models import LastVisit, VisitDay
from shared.logbook.visiting import MONTH, PARENT, WEEK, RoleTotals, is_within
from shared.organizations.models import Organization

_NONE: Final = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class OrganizationVisits:
    """One organization's people with accounts, and how many of them entered lately."""

    organization: Organization
    people: int
    today: int
    week: int
    month: int
    never: int
    parents_share: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """The territory on one day."""

    day: datetime.date
    organizations: list[OrganizationVisits]
    by_role: list[RoleTotals]
    by_day: list[tuple[datetime.date, int]]
    by_hour: list[tuple[int, int]]

    @property
    def people(self) -> int:
        return sum(one.people for one in self.organizations)

    @property
    def month(self) -> int:
        return sum(one.month for one in self.organizations)

    @property
    def never(self) -> int:
        return sum(one.never for one in self.organizations)

    @property
    def parents_share(self) -> int | None:
        parents = next((one for one in self.by_role if one.role == PARENT), None)
        return round(100 * parents.month / parents.people) if parents and parents.people else None


def totals_of(day: datetime.date) -> Totals:
    """Everything the authority of this transaction may see, in four queries."""
    by_place: dict[uuid.UUID, Counter[tuple[str, datetime.date | None]]] = defaultdict(Counter)
    for place, role, last, people in LastVisit.objects.values_list("organization_id", "role", "last_day", "people"):
        by_place[place][role, last] += people
    organizations = Organization.objects.filter(pk__in=list(by_place)).order_by("short_name", "slug")
    everybody = sum(by_place.values(), Counter())
    month = VisitDay.objects.filter(day__gte=day - MONTH, day__lte=day).order_by()
    days = dict(month.values_list("day").annotate(Sum("people")))
    hours = dict(month.values_list("came_hour").annotate(Sum("people")))
    span = [day - MONTH + datetime.timedelta(days=number) for number in range(MONTH.days + 1)]
    return Totals(
        day=day,
        organizations=[_of_place(one, by_place[one.pk], day) for one in organizations],
        by_role=[
            _of_role(role, everybody, day)
            for role in sorted({role for role, _ in everybody}, key=list(Role.values).index)
        ],
        by_day=[(one, days.get(one, 0)) for one in span],
        by_hour=sorted(hours.items()),
    )


def _of_place(
    organization: Organization, seen: Counter[tuple[str, datetime.date | None]], day: datetime.date
) -> OrganizationVisits:
    people, today, week, month, never = _counts([(last, count) for (_, last), count in seen.items()], day)
    parents, _, _, parents_came, _ = _counts([(last, n) for (role, last), n in seen.items() if role == PARENT], day)
    share = round(100 * parents_came / parents) if parents else None
    return OrganizationVisits(organization, people, today, week, month, never, share)


def _of_role(role: str, seen: Counter[tuple[str, datetime.date | None]], day: datetime.date) -> RoleTotals:
    return RoleTotals(role, *_counts([(last, count) for (one, last), count in seen.items() if one == role], day))


def _counts(last_days: list[tuple[datetime.date | None, int]], day: datetime.date) -> tuple[int, int, int, int, int]:
    """People: all, entered today, within a week, within a month, never."""
    if not last_days:
        return _NONE
    return (
        sum(count for _, count in last_days),
        sum(count for last, count in last_days if last == day),
        sum(count for last, count in last_days if is_within(last, day, WEEK)),
        sum(count for last, count in last_days if is_within(last, day, MONTH)),
        sum(count for last, count in last_days if last is None),
    )
