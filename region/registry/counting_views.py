"""The counts builder and its file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from region.registry.counting import (
    DEFAULT_ROWS,
    MEASURES,
    CountsAsked,
    choices,
    counts_asked,
    file_of,
    in_words,
    table_of,
)
from region.registry.wanted import ASKED_DIMENSIONS
from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.contingent.words import dimension_label
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation
from shared.organizations.models import Municipality


@requires("registry.count")
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The builder with its table; a question that cannot be asked keeps the builder and says why."""
    refusal, status = "", 200
    try:
        asked = counts_asked(request.GET)
    except RuleViolation as violation:
        asked, refusal, status = counts_asked(QueryDict()), str(violation), 422
    context = {
        "asked": asked,
        "refusal": refusal,
        "table": None if refusal else table_of(asked, is_exact=_is_exact(request)),
        "dimensions": [(name, dimension_label(name)) for name in ASKED_DIMENSIONS],
        "second_row": asked.rows[1] if len(asked.rows) > 1 else "",
        "default_rows": DEFAULT_ROWS,
        "measures": MEASURES,
        "choices": choices(asked),
        "municipalities": _municipalities(asked),
        "has_conditions": bool(set(asked.where) - {"age", "organization"}),
        "ages": ", ".join(asked.where.get("age", [])),
        "words": in_words(asked),
    }
    page = "registry/_counts.html" if request.htmx else "registry/counts.html"  # type: ignore[attr-defined]
    response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("registry.count")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same table as a file, all of its rows."""
    asked = counts_asked(request.GET)
    columns, rows = file_of(asked, table_of(asked, is_exact=_is_exact(request), with_links=False))
    return workbook_answer(
        request,
        title="Подсчёт по реестру контингента",
        columns=columns,
        rows=rows,
        filters=in_words(asked),
        is_personal=False,
    )


def _is_exact(request: HttpRequest) -> bool:
    return actor_of(request).may("registry.persons")


def _municipalities(asked: CountsAsked) -> list[tuple[str, str, bool]]:
    """The municipalities where the role sees organizations."""
    chosen = asked.where.get("municipality", [])
    found = Municipality.objects.filter(organizations__isnull=False).distinct().values_list("pk", "name")
    return [(oktmo, name, oktmo in chosen) for oktmo, name in found]
