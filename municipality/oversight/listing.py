"""The organizations of an authority with their figures of the day: found, narrowed and ordered as the address says."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from shared.access.requests import actor_of
from shared.access.visibility import overseen_by, visible_to
from shared.contingent.overview import Figures, figures_by_organization
from shared.contingent.words import organization_types
from shared.kernel.names import sort_key
from shared.organizations.models import Organization

NO_FIGURES = Figures()
FORM_OF_TYPE = {"school": ("oo-1", "ОО-1"), "preschool": ("85-k", "85-К"), "supplementary": ("1-dod", "1-ДОД")}
"""The federal form an organization of a type files first: its address and its code. Source: forms/README."""


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """An organization with its figures; it may have handed nothing up yet, or be its founder's alone to look into."""

    organization: Organization
    figures: Figures
    has_data: bool
    is_open: bool

    @property
    def state(self) -> tuple[str, str]:
        if self.organization.status == Organization.Status.SUSPENDED:
            return "idle", "Приостановлена"
        return ("ok", "Работает") if self.has_data else ("warn", "Нет данных")

    @property
    def form(self) -> tuple[str, str]:
        return FORM_OF_TYPE.get(self.organization.org_type, ("", ""))


SORTS: dict[str, Callable[[OrganizationLine], Any]] = {
    "name": lambda line: sort_key(line.organization.short_name),
    "people": lambda line: line.figures.people,
    "groups": lambda line: line.figures.groups,
    "moved": lambda line: line.figures.arrived + line.figures.left,
    "card": lambda line: line.organization.card_confirmed_on or datetime.date.min,
    "data": lambda line: line.figures.data_at.timestamp() if line.figures.data_at else 0,
}


@dataclass(frozen=True)
class OrganizationTable:
    """All organizations for the totals, and those the address asks for."""

    everything: list[OrganizationLine]
    shown: list[OrganizationLine]
    search: str
    org_type: str

    @property
    def types(self) -> list[tuple[str, str, int]]:
        """Types that exist here, with their numbers."""
        numbers = Counter(line.organization.org_type for line in self.everything)
        return [(code, organization_types(code), number) for code, number in numbers.most_common()]

    @property
    def silent(self) -> int:
        return sum(not line.has_data for line in self.everything)

    @property
    def data_at(self) -> datetime.datetime | None:
        return max((line.figures.data_at for line in self.everything if line.figures.data_at), default=None)


def organization_table(request: HttpRequest, day: datetime.date) -> OrganizationTable:
    """Five queries for any number of organizations."""
    figures = figures_by_organization(day)
    actor = actor_of(request)
    seen = visible_to(actor, Organization.objects.exclude(status=Organization.Status.ARCHIVED))
    opened = set(overseen_by(actor, seen).values_list("pk", flat=True))
    lines = [
        OrganizationLine(one, figures.get(one.pk, NO_FIGURES), one.pk in figures, one.pk in opened) for one in seen
    ]
    search, org_type = request.GET.get("q", "").strip(), request.GET.get("type", "")
    words = sort_key(search).split()
    shown = [line for line in lines if _is_asked(line, words, org_type)]
    sort = request.GET.get("sort", "name")
    shown.sort(key=SORTS.get(sort.lstrip("-"), SORTS["name"]), reverse=sort.startswith("-"))
    return OrganizationTable(lines, shown, search, org_type)


def _is_asked(line: OrganizationLine, words: list[str], org_type: str) -> bool:
    one = line.organization
    name = sort_key(f"{one.short_name} {one.full_name}")
    return (not org_type or one.org_type == org_type) and all(word in name for word in words)
