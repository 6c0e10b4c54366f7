"""One page and one file of a log, whichever log it is: the viewers of organizations and of the levels above use it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from shared.access.requests import note_action
from shared.access.searches import PARAMETER, without
from shared.audit.models import Event
from shared.audit.queries import EventQuerySet
from shared.documents.columns import Column, Value
from shared.documents.downloads import table_answer
from shared.logbook.asking import MOST_IN_FILE, Question, action_choices, kind_choices, question_of
from shared.logbook.lines import Line, Reader, lines_of, unnamed
from shared.organizations.models import Organization

COLUMNS: Final = [
    Column("Когда", 18),
    Column("Кто", 28),
    Column("Действие", 20),
    Column("Что", 24),
    Column("Номер записи", 20),
    Column("Содержание", 60),
    Column("Причина", 30),
    Column("Номер запроса", 20),
    Column("№ в цепочке", 10, "int"),
]
_FILE_PART: Final = 1000
ReaderOf = Callable[[Collection[Event]], Reader]


@dataclass(frozen=True, slots=True)
class LogView:
    """A log as one host shows it; ``reader_of`` says of the records of a page what may be seen and how it is called."""

    title: str
    events: EventQuerySet
    kinds: Iterable[str]
    reader_of: ReaderOf
    log_url: str
    export_url: str
    template: str = "logbook/log.html"
    hint: str = ""


def log_page(request: HttpRequest, view: LogView, **context: object) -> HttpResponse:
    """The page; the same address answers an htmx request with its results."""
    asked = question_of(request)
    events, earlier = asked.page(view.events)
    lines = to_lines(view, events)
    note_shown(request, lines)
    template = "logbook/_results.html" if request.htmx else view.template  # type: ignore[attr-defined]
    response = render(
        request,
        template,
        {
            "view": view,
            "asked": asked,
            "lines": lines,
            "earlier": earlier,
            "actions": action_choices(),
            "kinds": kind_choices(view.kinds),
            "chips": _chips(request, asked, lines),
            **context,
        },
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def log_file(request: HttpRequest, view: LogView, extension: str) -> HttpResponse:
    """The records of the filters as XLSX or PDF, at most ``MOST_IN_FILE`` of them, the newest first."""
    asked = question_of(request)
    return table_answer(
        request,
        extension,
        title=view.title,
        columns=COLUMNS,
        rows=map(file_row, _all_lines(view, asked)),
        filters=f"{asked.words()}, не больше {MOST_IN_FILE} записей",
    )


def to_lines(view: LogView, events: Collection[Event]) -> list[Line]:
    """Readable lines, with the names of those whose record has none, and of organizations looked into."""
    missing = unnamed(events)
    names = {event.actor: event.actor_name for event in events if event.actor_name}
    names |= view.events.names_of(missing) if missing else {}
    return lines_of(events, names, view.reader_of(events))


def note_shown(request: HttpRequest, lines: Iterable[Line]) -> None:
    """Values of cards that stand in the log were seen: that is a look, too."""
    keys = {
        line.event.object_id for line in lines if line.shows_values and line.event.object_kind.startswith("people_")
    }
    if keys:
        note_action(request, "list_viewed", subject_kind="history", rows=len(keys), path=request.path)


def organization_names(events: Iterable[Event]) -> dict[str, str]:
    """Names of the organizations that authorities looked into."""
    wanted = {event.facts["organization"] for event in events if "organization" in event.facts}
    found = Organization.with_copies.filter(pk__in=wanted) if wanted else Organization.objects.none()
    return {str(key): name for key, name in found.values_list("pk", "short_name")}


def _all_lines(view: LogView, asked: Question) -> Iterator[Line]:
    """Page by page, so that a long file does not stand in memory as models."""
    left, before = MOST_IN_FILE, None
    while left > 0:
        found = asked.narrow(view.events)
        events = list((found.filter(id__lt=before) if before else found)[: min(left, _FILE_PART)])
        if not events:
            return
        yield from to_lines(view, events)
        left, before = left - len(events), events[-1].pk


def file_row(line: Line) -> list[Value]:
    """A record under ``COLUMNS``."""
    event = line.event
    return [
        f"{timezone.localtime(event.at):%d.%m.%Y %H:%M:%S}",
        line.who,
        line.action,
        line.what,
        line.title or event.object_id,
        line.text,
        event.reason,
        event.request_id,
        event.seal_no,
    ]


def _chips(request: HttpRequest, asked: Question, lines: list[Line]) -> list[tuple[str, str]]:
    chips = []
    if asked.actor:
        who = next((line.who for line in lines), asked.actor)
        chips.append((who, without(request.GET, "actor", "before")))
    if asked.text:
        chips.append((f"поиск: {asked.text}", without(request.GET, PARAMETER, "before")))
    return chips
