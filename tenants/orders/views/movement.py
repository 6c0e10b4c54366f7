"""The movement book on screen, on paper and as a file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.searches import PARAMETER, posted_address, recalled_search, without
from shared.access.support.showing import shows_people
from shared.documents.downloads import workbook_answer
from shared.kernel.days import academic_year_of
from tenants.orders.book import COLUMNS, Book, Period, described, file_rows

PAGE_SIZE = 50
EVERYTHING = 100_000
FLOWS = [("", "Все"), ("in", "Зачисление"), ("out", "Выбытие")]
FILTERS = ("from", "to", "flow")


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    url: str
    is_current: bool


class _Asked(forms.Form):
    flow = forms.ChoiceField(choices=FLOWS, required=False)
    all = forms.BooleanField(required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.fields["from"] = forms.DateField(required=False)
        self.fields["to"] = forms.DateField(required=False)
        self.is_valid()


@requires("movement.read")
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """The book of a period; by default of this month up to today."""
    if request.method == "POST":
        return redirect(f"{reverse('movement:book')}?{posted_address(request, FILTERS)}")
    asked = _Asked(request.GET)
    found = _book(request, asked)
    size = EVERYTHING if asked.cleaned_data.get("all") else PAGE_SIZE
    page = Paginator(found.rows, size).get_page(request.GET.get("page"))
    shows_people(request, len(page))
    context = {
        "book": found,
        "total": found.total,
        "lines": found.lines,
        "page_obj": page,
        "rows": described(page),
        "flows": [(code, name, f"{without(request.GET, 'flow')}&flow={code}") for code, name in FLOWS],
        "presets": _presets(request, found.period),
        "is_whole": page.paginator.num_pages == 1,
        "without_search": without(request.GET, PARAMETER),
        "may_read": actor_of(request).may("students.read"),
        "may_draft": actor_of(request).may("orders.draft"),
    }
    is_fragment = request.htmx  # type: ignore[attr-defined]
    response = render(request, "movement/_book.html" if is_fragment else "movement/book.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("movement.read")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The book of the same period as a file."""
    found = _book(request, _Asked(request.GET))
    words = [f"Период: {found.period}", *(name for code, name in FLOWS if code and code == found.flow)]
    if found.search:
        words.append(f"поиск «{found.search}»")
    return workbook_answer(
        request, title="Книга движения", columns=COLUMNS, rows=file_rows(found), filters=", ".join(words)
    )


def _book(request: HttpRequest, asked: _Asked) -> Book:
    facts = asked.cleaned_data
    today = timezone.localdate()
    last = facts.get("to") or max(today, facts.get("from") or today)
    first = facts.get("from") or last.replace(day=1)
    return Book(Period(min(first, last), last), flow=facts.get("flow") or "", search=recalled_search(request))


def _presets(request: HttpRequest, period: Period) -> list[Preset]:
    today = timezone.localdate()
    month = today.replace(day=1)
    before = month - datetime.timedelta(days=1)
    year = datetime.date(academic_year_of(today), 9, 1)
    known = {
        "Этот месяц": Period(month, today),
        "Прошлый месяц": Period(before.replace(day=1), before),
        "Учебный год": Period(year, today),
    }
    rest = without(request.GET, "from", "to")
    return [
        Preset(name, f"{rest}&from={one.first:%d.%m.%Y}&to={one.last:%d.%m.%Y}", one == period)
        for name, one in known.items()
    ]
