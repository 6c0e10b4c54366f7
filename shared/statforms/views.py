"""Federal forms on the hosts of organizations, municipalities and the region: one viewer, rights decide the reach."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shared.access.declarations import requires
from shared.access.throttles import throttled
from shared.contingent.freshness import data_time
from shared.documents.imprint import Imprint
from shared.statforms.addresses import cell_at, latin
from shared.statforms.asking import Asked, asked, usual_day
from shared.statforms.behind import PlaceRow, groups, number, places
from shared.statforms.bindings import CellFilter, drill
from shared.statforms.catalog import CellAddress
from shared.statforms.files import CONTENT_TYPES, form_file
from shared.statforms.learners import LearnerNames
from shared.statforms.models import FormEdition
from shared.statforms.origin import origin_of
from shared.statforms.provenance import in_words
from shared.statforms.screen import draw
from shared.statforms.services import stored_form

PAGE = 50


@requires("forms.compute")
@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms of the catalog, with how much of each the registry computes."""
    rows = [
        {
            "code": edition.code,
            "address": latin(edition.code),
            "title": edition.title,
            "edition": edition.edition,
            "day": usual_day(edition.code),
            "computed": len(bindings.cells),
            "cells": len(layout.open_cells),
        }
        for edition in FormEdition.objects.defer("layout")
        for layout, bindings in [stored_form(edition.code, edition.edition)]
    ]
    return render(request, "statforms/forms.html", {"rows": sorted(rows, key=lambda row: -row["computed"])})


@requires("forms.compute")
@require_safe
def form_page(request: HttpRequest, form: str) -> HttpResponse:
    """A form for a territory and a day: one section as on paper, findings and provenance beside it."""
    question = asked(request, form)
    screen = draw(question, question.compute(), request.GET.get("section", ""))
    context = {
        "asked": question,
        "screen": screen,
        "formats": ("xlsx", "pdf", "xml", "json"),
        "data_time": data_time(question.territory),
    }
    response = render(request, "statforms/form.html", context, status=422 if question.problem else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("forms.compute")
@throttled("export")
@require_safe
def export(request: HttpRequest, form: str, extension: str) -> HttpResponse:
    """The same form as a file."""
    if extension not in CONTENT_TYPES:
        raise Http404
    question = asked(request, form)
    content = form_file(extension, question.layout, question.compute(), imprint=_imprint(request, question))
    response = HttpResponse(content, content_type=CONTENT_TYPES[extension])
    name = f"{question.address}-{question.as_of.isoformat()}-{latin(question.reach.chosen.code)}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires("forms.compute")
@require_safe
def cell(request: HttpRequest, form: str, section: str, row: str, column: str) -> HttpResponse:
    """Where the number of a cell comes from; the panel beside the sheet, or a page of its own."""
    question = asked(request, form)
    address = _cell(question, section, row, column)
    origin = origin_of(question, address, may_see_people=_may_see_people(request))
    if origin is None:
        raise Http404
    context = {"asked": question, "origin": origin, "section_address": section}
    page = "statforms/_cell.html" if request.htmx else "statforms/cell.html"  # type: ignore[attr-defined]
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("forms.compute", needs_purpose=True)
@require_safe
def cell_list(
    request: HttpRequest, form: str, section: str, row: str, column: str, names: LearnerNames | None = None
) -> HttpResponse:
    """The learners or classes counted in a cell, with the fields of the person's level."""
    question = asked(request, form)
    address = _cell(question, section, row, column)
    behind = drill(question.layout, question.bindings, address, as_of=question.as_of)
    if behind is None or (behind.measure.counts_learners and not _may_see_people(request)):
        raise Http404
    listed: Sequence[Any] = (
        _learners(question, behind, names)
        if behind.measure.counts_learners
        else groups(behind, as_of=question.as_of, territory=question.territory)
    )
    context = {
        "asked": question,
        "section_address": section,
        "address": address,
        "rule": in_words(behind),
        "counts_people": behind.measure.counts_learners,
        "page_obj": Paginator(listed, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "statforms/list.html", context)


class _Places(Sequence[PlaceRow]):
    """The places behind a cell, fetched a page at a time."""

    def __init__(self, asked: Asked, behind: CellFilter) -> None:
        self._asked = asked
        self._behind = behind

    def __len__(self) -> int:
        return number(self._behind, as_of=self._asked.as_of, territory=self._asked.territory)

    def __getitem__(self, part: Any) -> Any:  # Any: a paginator slices only
        size = part.stop - part.start
        about = self._asked
        return places(
            self._behind,
            as_of=about.as_of,
            territory=about.territory,
            with_names=True,
            limit=size,
            offset=part.start,
        )


def _learners(asked: Asked, behind: CellFilter, names: LearnerNames | None) -> Sequence[PlaceRow]:
    """An authority reads people of the registry; an organization names its learners itself and is small enough."""
    if names is None:
        return _Places(asked, behind)
    rows = places(behind, as_of=asked.as_of, territory=asked.territory, with_names=False)
    known = names({row.student_id for row in rows})
    named = [(known[row.student_id], row) for row in rows if row.student_id in known]
    named.sort(key=lambda pair: pair[0].sort_name)
    return [replace(row, full_name=learner.full_name, url=learner.url) for learner, row in named]


def _cell(asked: Asked, section: str, row: str, column: str) -> CellAddress:
    found = cell_at(asked.layout, section, row, column)
    if found is None:
        raise Http404
    return found


def _may_see_people(request: Any) -> bool:  # Any: actor and workspace are put on the request by the middleware
    right = request.actor.right("students.list" if request.workspace.organization else "registry.persons")
    return right is not None and right.is_everywhere


def _imprint(request: Any, asked: Asked) -> Imprint:  # Any: as above
    made_at: datetime.datetime = timezone.localtime()
    return Imprint(
        organization=asked.reach.chosen.title,
        title=f"Форма № {asked.layout.code}",
        made_at=made_at,
        executor=request.actor.signature,
        filters=f"Охват: {asked.reach.chosen.title}, состояние на {asked.as_of:%d.%m.%Y}",
    )
