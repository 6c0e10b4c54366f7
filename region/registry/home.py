"""The first page of the region: its contingent today and every municipality with its numbers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.visibility import visible_to
from shared.contingent.counts import grouped_by
from shared.contingent.overview import Figures, figures_by_organization, totals
from shared.contingent.words import value_label
from shared.organizations.confirmation import is_confirmation_due
from shared.organizations.models import Organization

SORTS = {
    "name": lambda line: line.name,
    "places": lambda line: line.places,
    "organizations": lambda line: line.organizations,
    "moved": lambda line: line.arrived + line.left,
}


@dataclass
class MunicipalityLine:
    """A municipality, or the organizations of the region itself (empty ОКТМО)."""

    oktmo: str
    name: str
    organizations: int = 0
    silent: int = 0
    confirmed: int = 0
    places: int = 0
    arrived: int = 0
    left: int = 0
    data_at: datetime.datetime | None = None

    def add(self, figures: Figures | None) -> None:
        self.organizations += 1
        if figures is None:
            self.silent += 1
            return
        self.places += figures.places
        self.arrived += figures.arrived
        self.left += figures.left
        self.data_at = max(filter(None, (self.data_at, figures.data_at)), default=None)


@requires("home.view")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Numbers of the day; each leads to the list it was counted from."""
    day = timezone.localdate()
    lines = _lines(request, day)
    sort = request.GET.get("sort", "name")
    key = SORTS.get(sort.lstrip("-"), SORTS["name"])
    context = {
        "day": day,
        "totals": totals(day),
        "kinds": _kinds(day),
        "lines": sorted(lines, key=key, reverse=sort.startswith("-")),
        "organizations": sum(line.organizations for line in lines),
        "silent": sum(line.silent for line in lines),
        "data_at": max((line.data_at for line in lines if line.data_at), default=None),
    }
    return render(request, "registry/home.html", context)


def _lines(request: HttpRequest, day: datetime.date) -> list[MunicipalityLine]:
    figures = figures_by_organization(day, places_only=True)
    seen = visible_to(actor_of(request), Organization.objects.exclude(status=Organization.Status.ARCHIVED))
    lines: dict[str, MunicipalityLine] = {}
    for key, oktmo, name, confirmed_on in seen.values_list(
        "pk", "municipality_id", "municipality__name", "card_confirmed_on"
    ):
        line = lines.setdefault(oktmo or "", MunicipalityLine(oktmo or "", name or "Региональное подчинение"))
        line.add(figures.get(key))
        line.confirmed += not is_confirmation_due(confirmed_on, day)
    return list(lines.values())


def _kinds(day: datetime.date) -> str:
    """«Общее образование 3 154, дошкольное 438»: places by kind of program."""
    counted = grouped_by(("program_kind",), as_of=day, age_on=day, with_persons=False)
    return ", ".join(f"{value_label('program_kind', row.key[0]).lower()} {row.enrollments}" for row in counted)
