"""The workspace of a municipal office: its organizations, and the limited view of one of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from municipality.oversight.listing import OrganizationLine, organization_table
from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.visibility import organization_seen_by
from shared.contingent.overview import totals
from shared.documents.columns import Column, Value
from shared.documents.downloads import workbook_answer
from shared.organizations.models import Organization
from tenants.oversight.reading import groups_on, learners_on, movement_page

PAGE = 50


@requires("organizations.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every organization of the territory with its contingent today, movement of the month and time of data."""
    day = timezone.localdate()
    table = organization_table(request, day)
    context = {"day": day, "table": table, "totals": totals(day)}
    page = "municipality/_organizations.html" if request.htmx else "municipality/home.html"  # type: ignore[attr-defined]
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("organizations.read")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same table as a file."""
    day = timezone.localdate()
    table = organization_table(request, day)
    columns = [
        Column("Организация", 50),
        Column("Тип", 40),
        Column("Обучаются, человек", 14, "int"),
        Column("Мест", 12, "int"),
        Column("Классов и групп", 12, "int"),
        Column("Прибыло с начала месяца", 14, "int"),
        Column("Выбыло с начала месяца", 14, "int"),
        Column("Состояние", 18),
        Column("Руководитель", 34),
        Column("Карточка подтверждена", 14, "date"),
        Column("Карточка изменена", 14, "date"),
    ]
    rows = map(_file_row, table.shown)
    return workbook_answer(
        request,
        title="Организации муниципалитета",
        columns=columns,
        rows=rows,
        filters=f"На {day:%d.%m.%Y}",
        is_personal=False,
    )


@requires("oversight.view", scope="oversight")
@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """The contingent of one subordinate organization by class, read only."""
    day = timezone.localdate()
    groups = groups_on(day)
    context = _about(request, slug) | {
        "tab": "groups",
        "day": day,
        "groups": groups,
        "learners": sum(group.learners for group in groups),
        "girls": sum(group.girls for group in groups),
        "health_limits": sum(group.health_limits for group in groups),
    }
    return render(request, "municipality/organization.html", context)


@requires("oversight.view", scope="oversight", needs_purpose=True)
@require_safe
def learners(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of one class, or of everybody, with exactly the limited fields; the look is logged."""
    day = timezone.localdate()
    groups = groups_on(day)
    chosen = next((group for group in groups if str(group.id) == request.GET.get("group")), None)
    if request.GET.get("group") and chosen is None:
        raise Http404
    found = learners_on(day, group=chosen.id if chosen else None)
    context = _about(request, slug) | {
        "tab": "learners",
        "day": day,
        "groups": groups,
        "chosen": chosen,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }
    note_action(request, "list_viewed", rows=len(context["page_obj"]), organization=context["organization"])
    return render(request, "municipality/learners.html", context)


@requires("oversight.view", scope="oversight", needs_purpose=True)
@require_safe
def movement(request: HttpRequest, slug: str) -> HttpResponse:
    """Arrivals and departures of the organization by its signed orders, the latest first."""
    kind = request.GET.get("kind", "")
    context = _about(request, slug) | {
        "tab": "movement",
        "kind": kind if kind in ("enrollment", "departure") else "",
        "page_obj": Paginator(movement_page(kind), PAGE).get_page(request.GET.get("page")),
    }
    note_action(request, "list_viewed", rows=len(context["page_obj"]), organization=context["organization"])
    return render(request, "municipality/movement.html", context)


def _about(request: HttpRequest, slug: str) -> dict[str, Any]:
    """The organization that the middleware has already let this authority into."""
    found: Organization | None = organization_seen_by(actor_of(request), slug)
    if found is None:
        raise Http404
    return {"organization": found}


def _file_row(line: OrganizationLine) -> list[Value]:
    one, figures = line.organization, line.figures
    return [
        one.full_name,
        one.get_org_type_display(),
        figures.people,
        figures.places,
        figures.groups,
        figures.arrived,
        figures.left,
        line.state[1],
        one.head_name,
        one.card_confirmed_on,
        timezone.localtime(one.updated_at).date() if one.updated_at else None,
    ]
