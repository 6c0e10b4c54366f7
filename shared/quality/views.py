"""How full and current the data of organizations are, on the hosts of authorities. Source: R-151, R-159, R-293."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.visibility import visible_to
from shared.documents.downloads import table_answer
from shared.organizations.models import Organization
from shared.quality.currency import CURRENCY
from shared.quality.files import COLUMNS, rows_of
from shared.quality.listing import FILTERS, quality_line, quality_table
from shared.quality.models import Remark

PAGE_SIZE: Final = 50


@requires("quality.watch")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Every organization: percent by kind of cards, what is stale, unconfirmed, contradictory, unanswered."""
    found = quality_table(request)
    context = {
        "table": found,
        "page_obj": Paginator(found.shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "filters": FILTERS,
        "currency": CURRENCY,
        "may_remark": actor_of(request).may("quality.remark"),
    }
    template = "quality_watch/_table.html" if request.htmx else "quality_watch/page.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("quality.watch")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same table as a file."""
    found = quality_table(request)
    return table_answer(
        request,
        extension,
        title="Качество данных организаций",
        columns=COLUMNS,
        rows=rows_of(found.shown),
        filters=found.filters_text,
        is_personal=False,
    )


@requires("quality.watch")
@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """One organization: its figures by kind, who answers for them, remarks and answers."""
    one = organization_here(request, slug)
    actor = actor_of(request)
    context = {
        "line": quality_line(one),
        "remarks": Remark.objects.filter(organization_id=one.pk),
        "currency": CURRENCY,
        "may_remark": actor.may("quality.remark"),
        "authority_id": actor.authority_id,
        "may_look": actor.may("oversight.view"),
    }
    return render(request, "quality_watch/organization.html", context)


def organization_here(request: HttpRequest, slug: str) -> Organization:
    """An organization of this authority by its address; another's does not exist."""
    working = Organization.objects.exclude(status=Organization.Status.ARCHIVED).select_related("municipality")
    found = visible_to(actor_of(request), working).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
