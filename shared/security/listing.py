"""The organizations of an authority with the state of their measures: found, narrowed and ordered by the address."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import actor_of
from shared.access.visibility import visible_to
from shared.documents.columns import Column, Value, value_text
from shared.kernel.names import sort_key
from shared.organizations.models import Organization
from shared.security.models import SecurityState, is_review_due

BEHIND: Final = {
    "silent": "Сведений нет",
    "responsible": "Нет ответственного",
    "regulation": "Нет положения",
    "review": "Права не пересмотрены за год",
    "notices": "Срок уведомления прошёл",
}
ANY: Final = "any"
FILTERS: Final = [(ANY, "Отстают"), *BEHIND.items(), ("incidents", "Есть открытые инциденты")]
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Организация", 44),
    Column("Муниципалитет", 24),
    Column("Ответственный", 12),
    Column("Положение", 12),
    Column("Обучаются", 12, "int"),
    Column("С согласием", 12, "share"),
    Column("Открытые инциденты", 12, "int"),
    Column("Просрочено уведомлений", 12, "int"),
    Column("Права пересмотрены", 14, "date"),
    Column("Отстаёт", 34),
    Column("Данные на", 16),
)


@dataclass(frozen=True, slots=True)
class SecurityLine:
    """An organization with its measures as they are now; it may have handed nothing up yet."""

    organization: Organization
    state: SecurityState | None
    now: datetime.datetime

    @property
    def overdue(self) -> int:
        return self.state.overdue_notices(self.now) if self.state else 0

    @property
    def consents(self) -> str:
        """The share of consents as a person reads it."""
        return value_text(self.state.consent_share, "share") if self.state else ""

    @property
    def is_review_due(self) -> bool:
        return self.state is not None and is_review_due(self.state.last_review_on, timezone.localdate(self.now))

    @property
    def behind(self) -> list[str]:
        """Codes of ``BEHIND``, empty when everything is in order."""
        if self.state is None:
            return ["silent"]
        lacking = {
            "responsible": not self.state.has_responsible,
            "regulation": not self.state.has_regulation,
            "review": self.is_review_due,
            "notices": self.overdue > 0,
        }
        return [code for code, is_lacking in lacking.items() if is_lacking]

    @property
    def behind_words(self) -> list[str]:
        return [BEHIND[code] for code in self.behind]

    @property
    def as_of(self) -> str:
        return f"{timezone.localtime(self.state.as_of):%d.%m.%Y %H:%M}" if self.state else ""

    @property
    def place(self) -> str:
        return self.organization.municipality.name if self.organization.municipality else "Региональное подчинение"

    def answers(self, wanted: str) -> bool:
        """Whether the line is what a filter of the address asks for."""
        if wanted == "incidents":
            return self.state is not None and self.state.open_incidents > 0
        return bool(self.behind) if wanted == ANY else wanted in self.behind


def _share(line: SecurityLine) -> float:
    """Those who have handed nothing up come first."""
    share = line.state.consent_share if line.state else None
    return -1.0 if share is None else share


SORTS: dict[str, Callable[[SecurityLine], Any]] = {
    "name": lambda line: sort_key(line.organization.short_name),
    "place": lambda line: sort_key(line.place),
    "consents": _share,
    "incidents": lambda line: (line.overdue, line.state.open_incidents if line.state else 0),
    "review": lambda line: (line.state and line.state.last_review_on) or datetime.date.min,
    "behind": lambda line: len(line.behind),
}


@dataclass(frozen=True)
class SecurityTable:
    """All organizations for the totals, and those the address asks for."""

    everything: list[SecurityLine]
    shown: list[SecurityLine]
    search: str
    wanted: str
    municipality: str

    @property
    def places(self) -> list[tuple[str, str]]:
        """Municipalities to choose from; a municipal office has only its own."""
        found = {line.organization.municipality_id or "": line.place for line in self.everything}
        return sorted(found.items(), key=lambda place: sort_key(place[1])) if len(found) > 1 else []

    @property
    def behind(self) -> int:
        return sum(bool(line.behind) for line in self.everything)

    @property
    def open_incidents(self) -> int:
        return sum(line.state.open_incidents for line in self.everything if line.state)

    @property
    def overdue(self) -> int:
        return sum(line.overdue for line in self.everything)

    @property
    def consents(self) -> str:
        """The share of consents among the learners of all these organizations."""
        states = [line.state for line in self.everything if line.state]
        learners = sum(state.learners for state in states)
        return value_text(sum(state.consented for state in states) / learners, "share") if learners else "—"

    @property
    def filters_text(self) -> str:
        """The conditions in words, for the imprint."""
        words = [dict(FILTERS).get(self.wanted, ""), dict(self.places).get(self.municipality, "")]
        search = f"поиск «{self.search}»" if self.search else ""
        return f"Отбор: {', '.join(filter(None, [*words, search]))}" if any([*words, search]) else ""

    def rows(self) -> Iterator[list[Value]]:
        for number, line in enumerate(self.shown, start=1):
            behind = ", ".join(line.behind_words)
            yield [number, line.organization.full_name, line.place, *_measures(line), behind, line.as_of]


def security_table(request: HttpRequest) -> SecurityTable:
    """Two queries for any number of organizations."""
    now = timezone.now()
    states = SecurityState.objects.in_bulk()
    working = Organization.objects.exclude(status=Organization.Status.ARCHIVED).select_related("municipality")
    lines = [SecurityLine(one, states.get(one.pk), now) for one in visible_to(actor_of(request), working)]
    search, wanted = request.GET.get("q", "").strip(), request.GET.get("state", "")
    place = request.GET.get("municipality", "")
    wanted = wanted if wanted in dict(FILTERS) else ""
    words = sort_key(search).split()
    shown = [line for line in lines if _is_named(line, words) and (not wanted or line.answers(wanted))]
    if place:
        shown = [line for line in shown if line.organization.municipality_id == place]
    sort = request.GET.get("sort", "name")
    shown.sort(key=SORTS.get(sort.lstrip("-"), SORTS["name"]), reverse=sort.startswith("-"))
    return SecurityTable(lines, shown, search, wanted, place)


def _is_named(line: SecurityLine, words: list[str]) -> bool:
    name = sort_key(f"{line.organization.short_name} {line.organization.full_name}")
    return all(word in name for word in words)


def _measures(line: SecurityLine) -> list[Value]:
    state = line.state
    if state is None:
        return ["", "", None, None, None, None, None]
    return [
        "назначен" if state.has_responsible else "нет",
        "есть" if state.has_regulation else "нет",
        state.learners,
        state.consent_share,
        state.open_incidents,
        line.overdue,
        state.last_review_on,
    ]
