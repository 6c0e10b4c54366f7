"""The classifiers of a place: the list, one with its values in time and the history of changes. Source: R-207."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.audit.models import PublicEvent
from shared.classifiers.books import Book, books
from shared.classifiers.catalog import load_catalog
from shared.documents.downloads import workbook_answer
from shared.logbook.lines import Line, Reader, lines_of
from shared.reference.listing import (
    BOOK_COLUMNS,
    STATES,
    VALUE_COLUMNS,
    ValueLine,
    book_lines,
    book_rows,
    narrowed,
    value_lines,
    value_rows,
    who_adds,
)
from shared.reference.places import place_of

PAGE_SIZE = 50
_LAST_CHANGES = 20
_LONGEST_SEARCH = 100


@requires("classifiers.read")
@require_safe
def book_list(request: HttpRequest) -> HttpResponse:
    """Every classifier, found by its name or by a value."""
    place = place_of(request)
    search, group = _search(request), request.GET.get("group", "")
    context = {
        "lines": book_lines(place.catalog, search, group),
        "search": search,
        "group": group,
        "groups": list(dict.fromkeys(one.group for one in books().values())),
        "edition": load_catalog().edition,
        "place": place,
    }
    return _page(request, "reference/list.html", "reference/_books.html", context)


@requires("classifiers.read")
@require_safe
def export_books(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    search, group = _search(request), request.GET.get("group", "")
    lines = book_lines(place_of(request).catalog, search, group)
    return workbook_answer(request, title="Справочники", columns=BOOK_COLUMNS, rows=book_rows(lines), is_personal=False)


@requires("classifiers.read")
@require_safe
def book(request: HttpRequest, name: str) -> HttpResponse:
    """One classifier: its values with their days, and what was changed in it."""
    found, place = book_or_404(name), place_of(request)
    state, search = _state(request), _search(request)
    everything = value_lines(found, place)
    shown = narrowed(everything, state, search)
    context = {
        "book": found,
        "who_adds": who_adds(found),
        "place": place,
        "may_add": place.may_add_to(found),
        "page_obj": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
        "state": state,
        "states": STATES,
        "search": search,
        "changes": _changes(everything),
    }
    return _page(request, "reference/book.html", "reference/_values.html", context)


@requires("classifiers.read")
@require_safe
def export_values(request: HttpRequest, name: str) -> HttpResponse:
    """The values of the filters as a file."""
    found = book_or_404(name)
    lines = narrowed(value_lines(found, place_of(request)), _state(request), _search(request))
    return workbook_answer(request, title=found.title, columns=VALUE_COLUMNS, rows=value_rows(lines), is_personal=False)


def book_or_404(name: str) -> Book:
    found = books().get(name)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, page: str, fragment: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, fragment if request.htmx else page, context)  # type: ignore[attr-defined]
    patch_vary_headers(response, ["HX-Request"])
    return response


def _changes(lines: Sequence[ValueLine]) -> list[Line]:
    """The latest changes that this place may see: the ministry its own, an organization those of its values."""
    titles = {str(line.value.pk): line.value.label for line in lines}
    events = list(PublicEvent.objects.about(titles).order_by("-id")[:_LAST_CHANGES])
    return lines_of(events, {}, Reader(titles=titles))


def _search(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").split())[:_LONGEST_SEARCH]


def _state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in STATES else ""
