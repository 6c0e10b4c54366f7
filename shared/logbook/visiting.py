"""Who entered an organization and when: days, roles, the last visit of each, those who never came.

Read in role ``accounts`` on the host of one organization, always narrowed to it. Source: R-054, ORGANIZATION 19.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Max, Sum

from shared.access.models import RoleGrant
from shared.access.rights import Right
from shared.access.roles import FAMILY_ROLES, Role
from shared.audit.models import Visit

WEEK, MONTH = datetime.timedelta(days=6), datetime.timedelta(days=29)
PARENT: Final = Role.GUARDIAN


@dataclass(slots=True)
class Visitor:
    """A person who may enter the organization."""

    account_id: uuid.UUID
    name: str
    roles: list[str]
    last_on: datetime.date | None = None
    last_at: datetime.datetime | None = None
    days: int = 0
    minutes: int = 0

    @property
    def role_names(self) -> str:
        return ", ".join(str(Role(role).label) for role in self.roles)


@dataclass(frozen=True, slots=True)
class RoleTotals:
    """People of a role: how many there are and how many entered lately."""

    role: str
    people: int
    today: int
    week: int
    month: int
    never: int

    @property
    def label(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True, slots=True)
class Visits:
    """The statistics of one organization on one day."""

    day: datetime.date
    visitors: list[Visitor]
    by_day: list[tuple[datetime.date, int]] = field(default_factory=list)

    @property
    def entered(self) -> int:
        return sum(visitor.last_on is not None for visitor in self.visitors)

    @property
    def never(self) -> int:
        return len(self.visitors) - self.entered

    @property
    def today(self) -> int:
        return sum(visitor.last_on == self.day for visitor in self.visitors)

    @property
    def month(self) -> int:
        return sum(is_within(visitor.last_on, self.day, MONTH) for visitor in self.visitors)

    @property
    def parents_share(self) -> int | None:
        """Percent of parents who entered within the month; None where no parent has an account."""
        parents = [visitor for visitor in self.visitors if PARENT in visitor.roles]
        came = sum(is_within(visitor.last_on, self.day, MONTH) for visitor in parents)
        return round(100 * came / len(parents)) if parents else None

    @property
    def by_role(self) -> list[RoleTotals]:
        roles = sorted({role for visitor in self.visitors for role in visitor.roles}, key=list(Role.values).index)
        return [self._of_role(role) for role in roles]

    def _of_role(self, role: str) -> RoleTotals:
        last = [visitor.last_on for visitor in self.visitors if role in visitor.roles]
        return RoleTotals(
            role=role,
            people=len(last),
            today=sum(day == self.day for day in last),
            week=sum(is_within(day, self.day, WEEK) for day in last),
            month=sum(is_within(day, self.day, MONTH) for day in last),
            never=sum(day is None for day in last),
        )


def is_within(last: datetime.date | None, day: datetime.date, span: datetime.timedelta) -> bool:
    return last is not None and last >= day - span


def visits_of(organization_id: uuid.UUID, *, day: datetime.date, right: Right) -> Visits:
    """Everybody with a role here today and his visits; of families only the own groups where the right goes no further.

    Three queries, whatever the number of people.
    """
    visitors = _people(organization_id, day, right)
    counted = Visit.objects.filter(organization_id=organization_id)
    month = counted.filter(day__gte=day - MONTH, day__lte=day)
    shown = counted.order_by().values("account_id").annotate(Max("day"), Max("seen_at"))
    for row in shown:
        if visitor := visitors.get(row["account_id"]):
            visitor.last_on, visitor.last_at = row["day__max"], row["seen_at__max"]
    for spent in month.order_by().values("account_id").annotate(Count("day"), Sum("minutes")):
        if visitor := visitors.get(spent["account_id"]):
            visitor.days, visitor.minutes = spent["day__count"], spent["minutes__sum"]
    days = month.order_by("day").values_list("day", "account_id")
    return Visits(day, list(visitors.values()), _by_day(days, visitors, day))


def _people(organization_id: uuid.UUID, day: datetime.date, right: Right) -> dict[uuid.UUID, Visitor]:
    grants = RoleGrant.objects.on(day).filter(organization_id=organization_id, account__is_active=True)
    if not right.is_everywhere:
        grants = grants.filter(role__in=FAMILY_ROLES, group_ids__overlap=list(right.groups))
    found: dict[uuid.UUID, Visitor] = {}
    ordered = grants.select_related("account").order_by(
        "account__last_name", "account__first_name", "account_id", "role"
    )
    for grant in ordered:
        visitor = found.setdefault(grant.account_id, Visitor(grant.account_id, str(grant.account), []))
        visitor.roles.append(grant.role)
    return found


def _by_day(
    rows: Iterable[tuple[datetime.date, uuid.UUID]], known: Collection[uuid.UUID], day: datetime.date
) -> list[tuple[datetime.date, int]]:
    """Every day of the month, also those on which nobody came."""
    people = {day - MONTH + datetime.timedelta(days=number): 0 for number in range(MONTH.days + 1)}
    for came_on, account in rows:
        if account in known:
            people[came_on] += 1
    return list(people.items())
