"""The table by which an authority controls measures of its organizations. Source: R-148, R-162, REGION 3, 9."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.documents.downloads import table_answer
from shared.security.listing import COLUMNS, FILTERS, security_table

PAGE_SIZE = 50


@requires("security.watch")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Who has a responsible person, a regulation and reviewed rights, and who is behind."""
    found = security_table(request)
    page = Paginator(found.shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"table": found, "page_obj": page, "filters": FILTERS}
    template = "security_watch/_table.html" if request.htmx else "security_watch/page.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("security.watch")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same table as a file."""
    found = security_table(request)
    return table_answer(
        request,
        extension,
        title="Защита персональных данных в организациях",
        columns=COLUMNS,
        rows=found.rows(),
        filters=found.filters_text,
        is_personal=False,
    )
