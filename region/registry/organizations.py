"""Organizations of the region: who heads each, when its card was confirmed and changed. Source: R-040, R-049, R-082."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.visibility import visible_to
from shared.documents.columns import Column, Value
from shared.documents.downloads import workbook_answer
from shared.organizations.confirmation import year_begins
from shared.organizations.models import Organization, OrgType

PAGE: Final = 50
SORTS: Final[dict[str, F | Lower]] = {
    "name": Lower("short_name"),
    "municipality": F("municipality__name"),
    "confirmed": F("card_confirmed_on"),
    "changed": F("updated_at"),
}
COLUMNS: Final = (
    Column("Организация", 46),
    Column("Тип", 36),
    Column("Муниципалитет", 30),
    Column("Руководитель", 34),
    Column("Карточка подтверждена", 14, "date"),
    Column("Карточка изменена", 14, "date"),
)


@requires("organizations.read")
@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """Every organization of the authority; «не подтверждены» are those that wait since 1 September."""
    everything = _seen(request)
    found = _asked(request, everything)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "asked": {name: request.GET.get(name, "") for name in ("q", "type", "card")},
        "types": OrgType.choices,
        "waiting": _waiting(everything).count(),
        "total": everything.count(),
        "year_begins": year_begins(timezone.localdate()),
    }
    page = "registry/_organizations.html" if request.htmx else "registry/organizations.html"  # type: ignore[attr-defined]
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("organizations.read")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    filters = "карточка не подтверждена" if request.GET.get("card") == "waiting" else ""
    return workbook_answer(
        request,
        title="Карточки организаций",
        columns=COLUMNS,
        rows=_rows(_asked(request, _seen(request))),
        filters=filters,
        is_personal=False,
    )


def _seen(request: HttpRequest) -> QuerySet[Organization]:
    connected = Organization.objects.exclude(status=Organization.Status.ARCHIVED)
    return visible_to(actor_of(request), connected).select_related("municipality")


def _waiting(found: QuerySet[Organization]) -> QuerySet[Organization]:
    since = year_begins(timezone.localdate())
    return found.filter(Q(card_confirmed_on=None) | Q(card_confirmed_on__lt=since))


def _asked(request: HttpRequest, found: QuerySet[Organization]) -> QuerySet[Organization]:
    for word in request.GET.get("q", "")[:100].split():
        name = Q(short_name__icontains=word) | Q(full_name__icontains=word)
        found = found.filter(name | Q(municipality__name__icontains=word) | Q(head_name__icontains=word))
    if org_type := request.GET.get("type", ""):
        found = found.filter(org_type=org_type)
    if request.GET.get("card") == "waiting":
        found = _waiting(found)
    sort = request.GET.get("sort", "name")
    wanted = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    order = wanted.desc(nulls_last=True) if sort.startswith("-") else wanted.asc(nulls_first=True)
    return found.order_by(order, Lower("short_name"), "slug")


def _rows(found: QuerySet[Organization]) -> Iterator[list[Value]]:
    for one in found:
        yield [
            one.full_name,
            one.get_org_type_display(),
            one.municipality.name if one.municipality else "",
            one.head_name,
            one.card_confirmed_on,
            timezone.localtime(one.updated_at).date() if one.updated_at else None,
        ]
