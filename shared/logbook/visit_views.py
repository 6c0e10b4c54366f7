"""Pages of visit statistics: by name inside an organization, totals only above it."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.rights import Reach, Right
from shared.documents.columns import Column, Value
from shared.documents.downloads import workbook_answer
from shared.logbook.columns_chart import HEIGHT, draw_days
from shared.logbook.totals import Totals, totals_of
from shared.logbook.visiting import Visitor, Visits, visits_of

PAGE: Final = 50
SHOWN: Final = {"": "Все", "never": "Не входили", "month": "Были за 30 дней"}
PEOPLE: Final = [
    Column("Человек", 36),
    Column("Роль", 36),
    Column("Последний вход", 18),
    Column("Дней за 30 дней", 12, "int"),
    Column("Минут с действиями", 14, "int"),
]
PLACES: Final = [
    Column("Организация", 50),
    Column("Учётных записей", 14, "int"),
    Column("Сегодня", 12, "int"),
    Column("За 7 дней", 12, "int"),
    Column("За 30 дней", 12, "int"),
    Column("Не входили", 12, "int"),
    Column("Доля родителей", 14, "share"),
]


@requires("visits.read", scope="accounts")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """An organization's own people: by day, by role, the last visit of each, who never came."""
    found = _visits(request)
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    context: dict[str, Any] = {
        "visits": found,
        "columns": draw_days(found.by_day),
        "height": HEIGHT,
        "show": show,
        "tabs": SHOWN.items(),
        "roles": [(one.label, one.month) for one in found.by_role],
        "page_obj": Paginator(_shown(found, show), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "logbook/visits.html", context)


@requires("visits.read", scope="accounts")
@require_safe
def people_file(request: HttpRequest) -> HttpResponse:
    """The same people as a file."""
    found = _visits(request)
    rows: list[list[Value]] = [
        [one.name, one.role_names, _moment(one), one.days, one.minutes]
        for one in _shown(found, request.GET.get("show", ""))
    ]
    return workbook_answer(
        request, title="Статистика посещений", columns=PEOPLE, rows=rows, filters=f"На {found.day:%d.%m.%Y}"
    )


@requires("visits.read")
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Subordinate organizations: totals by organization, role, day and hour."""
    found = totals_of(timezone.localdate())
    return render(request, "logbook/totals.html", {"totals": found, "height": HEIGHT, **_charts(found)})


@requires("visits.read")
@require_safe
def places_file(request: HttpRequest) -> HttpResponse:
    """The same totals as a file."""
    found = totals_of(timezone.localdate())
    rows: list[list[Value]] = [
        [
            one.organization.full_name,
            *(one.people, one.today, one.week, one.month, one.never),
            None if one.parents_share is None else one.parents_share / 100,
        ]
        for one in found.organizations
    ]
    return workbook_answer(
        request, title="Статистика посещений", columns=PLACES, rows=rows, filters=f"На {found.day:%d.%m.%Y}"
    )


def _visits(request: HttpRequest) -> Visits:
    right = actor_of(request).right("visits.read") or Right(Reach.OWN)
    return visits_of(organization_of(request).id, day=timezone.localdate(), right=right)


def _shown(found: Visits, show: str) -> list[Visitor]:
    """Those of the tab, the latest visit first."""
    people = found.visitors
    if show == "never":
        return [one for one in people if one.last_on is None]
    if show == "month":
        people = [one for one in people if one.days]
    return sorted(people, key=lambda one: one.last_at.timestamp() if one.last_at else 0, reverse=True)


def _moment(one: Visitor) -> str:
    return f"{timezone.localtime(one.last_at):%d.%m.%Y %H:%M}" if one.last_at else "не входил"


def _charts(found: Totals) -> dict[str, Any]:
    return {
        "columns": draw_days(found.by_day),
        "roles": [(one.label, one.month) for one in found.by_role],
        "hours": [(f"{hour}:00 – {hour}:59", people) for hour, people in found.by_hour],
    }
