"""Organizations of an authority with the quality of their data: found, narrowed and ordered by the address.

Source: R-151, R-159, R-160, R-293.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import actor_of
from shared.access.visibility import visible_to
from shared.kernel.names import sort_key
from shared.organizations.models import Organization
from shared.quality.currency import CURRENCY
from shared.quality.models import KINDS, QualitySummary, Remark, percent_of

BEHIND: Final = {
    "silent": "Данных ещё нет",
    "low": f"Заполнено меньше {CURRENCY.warn} %",
    "unconfirmed": "Карточка не подтверждена",
    "stale": "Есть устаревшие карточки",
    "broken": "Есть противоречия",
    "overdue": "Нет ответа на замечание",
}
ANY: Final = "any"
ANSWERED: Final = "answered"
FILTERS: Final = [(ANY, "Отстают"), *BEHIND.items(), (ANSWERED, "Ответили на замечание")]
PEOPLE: Final = ("student", "guardian", "staff")


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over kinds of cards, of one organization or of many."""

    due: int = 0
    filled: int = 0
    explained: int = 0
    cards: int = 0
    sealed: int = 0
    stale: int = 0
    broken: int = 0
    doubtful: int = 0

    @classmethod
    def of(cls, summaries: Iterable[QualitySummary]) -> Figures:
        every = list(summaries)
        return cls(*(sum(getattr(one, name) for one in every) for name in cls.__dataclass_fields__))

    @property
    def is_known(self) -> bool:
        return self.due > 0

    @property
    def percent(self) -> int:
        return percent_of(self.filled, self.due)

    @property
    def light(self) -> str:
        return CURRENCY.light(self.percent)

    @property
    def findings(self) -> int:
        return self.broken + self.doubtful


@dataclass(frozen=True)
class QualityLine:
    """An organization with its figures of now; it may have handed nothing up yet.

    ``remarks``: how many are open, overdue, answered.
    """

    organization: Organization
    summaries: Mapping[str, QualitySummary]
    remarks: tuple[int, int, int]
    today: datetime.date

    @cached_property
    def total(self) -> Figures:
        return Figures.of(self.summaries.values())

    @property
    def by_kind(self) -> list[tuple[str, QualitySummary | None]]:
        return [(name, self.summaries.get(code)) for code, name in KINDS.items()]

    @property
    def counted_at(self) -> datetime.datetime | None:
        return max((one.counted_at for one in self.summaries.values()), default=None)

    @property
    def moment(self) -> str:
        """«10:02:27» of today, else the day."""
        if self.counted_at is None:
            return ""
        counted_at = timezone.localtime(self.counted_at)
        return f"{counted_at:%H:%M:%S}" if counted_at.date() == self.today else f"{counted_at:%d.%m.%Y}"

    @property
    def confirmed_on(self) -> datetime.date | None:
        """The confirmation of the organization card that still counts."""
        day = self.organization.card_confirmed_on
        return day if day and day >= CURRENCY.fresh_since("organization", self.today) else None

    @property
    def open_remarks(self) -> int:
        return self.remarks[0]

    @property
    def overdue_remarks(self) -> int:
        return self.remarks[1]

    @property
    def answered_remarks(self) -> int:
        return self.remarks[2]

    @cached_property
    def behind(self) -> list[str]:
        """Codes of ``BEHIND``, empty when everything is in order."""
        if not self.summaries:
            return ["silent"]
        total = self.total
        lacking = {
            "low": total.light == "bad",
            "unconfirmed": self.confirmed_on is None,
            "stale": Figures.of(self.summaries[kind] for kind in PEOPLE if kind in self.summaries).stale > 0,
            "broken": total.broken > 0,
            "overdue": self.overdue_remarks > 0,
        }
        return [code for code, is_lacking in lacking.items() if is_lacking]

    @property
    def behind_words(self) -> list[str]:
        return [BEHIND[code] for code in self.behind]

    @property
    def tone(self) -> str:
        """One light for the whole line."""
        if not self.summaries:
            return "idle"
        serious = {"low", "broken", "overdue"} & set(self.behind)
        return "bad" if serious else "warn" if self.behind or self.total.light != "ok" else "ok"

    @property
    def place(self) -> str:
        return self.organization.municipality.name if self.organization.municipality else "Региональное подчинение"

    def answers(self, wanted: str) -> bool:
        """Whether the line is what a filter of the address asks for."""
        if wanted == ANSWERED:
            return self.answered_remarks > 0
        return bool(self.behind) if wanted == ANY else wanted in self.behind


@dataclass(frozen=True)
class PlaceLine:
    """A municipality with the sums of its organizations."""

    code: str
    name: str
    lines: list[QualityLine]

    @cached_property
    def total(self) -> Figures:
        return Figures.of(one for line in self.lines for one in line.summaries.values())

    @property
    def organizations(self) -> int:
        return len(self.lines)

    @property
    def behind(self) -> int:
        return sum(bool(line.behind) for line in self.lines)

    @property
    def unconfirmed(self) -> int:
        return sum(line.confirmed_on is None for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.overdue_remarks for line in self.lines)


def _percent(kind: str) -> Callable[[QualityLine], int]:
    """Those who have handed nothing up come first."""
    return lambda line: line.summaries[kind].percent if kind in line.summaries else -1


SORTS: Final[Mapping[str, Callable[[QualityLine], Any]]] = {
    "name": lambda line: sort_key(line.organization.short_name),
    "total": lambda line: line.total.percent if line.summaries else -1,
    **{kind: _percent(kind) for kind in KINDS},
    "stale": lambda line: line.total.stale,
    "findings": lambda line: (line.total.broken, line.total.doubtful),
    "confirmed": lambda line: line.organization.card_confirmed_on or datetime.date.min,
    "remarks": lambda line: (line.overdue_remarks, line.open_remarks),
}


@dataclass(frozen=True)
class QualityTable:
    """All organizations for the totals, and those the address asks for."""

    everything: list[QualityLine]
    shown: list[QualityLine]
    search: str
    wanted: str
    municipality: str

    @cached_property
    def total(self) -> Figures:
        return Figures.of(one for line in self.everything for one in line.summaries.values())

    @cached_property
    def by_kind(self) -> list[tuple[str, Figures]]:
        """Every kind of cards over all organizations."""
        return [
            (name, Figures.of(line.summaries[code] for line in self.everything if code in line.summaries))
            for code, name in KINDS.items()
        ]

    @cached_property
    def places(self) -> list[PlaceLine]:
        """Municipalities by name; a municipal office has only its own, which says nothing new."""
        found: dict[tuple[str, str], list[QualityLine]] = {}
        for line in self.everything:
            found.setdefault((line.organization.municipality_id or "", line.place), []).append(line)
        lines = [PlaceLine(code, name, held) for (code, name), held in found.items()]
        return sorted(lines, key=lambda place: sort_key(place.name)) if len(lines) > 1 else []

    @property
    def behind(self) -> int:
        return sum(bool(line.behind) for line in self.everything)

    @property
    def unconfirmed(self) -> int:
        return sum(line.confirmed_on is None for line in self.everything)

    @property
    def overdue(self) -> int:
        return sum(line.overdue_remarks for line in self.everything)

    @property
    def counted_at(self) -> datetime.datetime | None:
        """The «данные на» of the page: the latest count among these organizations."""
        return max((line.counted_at for line in self.everything if line.counted_at), default=None)

    @property
    def filters_text(self) -> str:
        """The conditions in words, for the imprint."""
        place = next((one.name for one in self.places if one.code == self.municipality), "")
        search = f"поиск «{self.search}»" if self.search else ""
        words = [word for word in (dict(FILTERS).get(self.wanted, ""), place, search) if word]
        return f"Отбор: {', '.join(words)}" if words else ""


def quality_table(request: HttpRequest) -> QualityTable:
    """Three queries for any number of organizations."""
    lines = list(_lines(request))
    search, wanted = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    place = request.GET.get("municipality", "")
    wanted = wanted if wanted in dict(FILTERS) else ""
    words = sort_key(search).split()
    shown = [line for line in lines if _is_named(line, words) and (not wanted or line.answers(wanted))]
    if place:
        shown = [line for line in shown if line.organization.municipality_id == place]
    sort = request.GET.get("sort", "name")
    shown.sort(key=SORTS["name"])
    shown.sort(key=SORTS.get(sort.lstrip("-"), SORTS["name"]), reverse=sort.startswith("-"))
    return QualityTable(lines, shown, search, wanted, place)


def quality_line(organization: Organization) -> QualityLine:
    """One organization, in two queries."""
    today = timezone.localdate()
    held = {one.kind: one for one in QualitySummary.objects.filter(organization_id=organization.pk)}
    counts = Remark.objects.filter(organization_id=organization.pk).by_organization(today)
    return QualityLine(organization, held, counts.get(organization.pk, (0, 0, 0)), today)


def _lines(request: HttpRequest) -> Iterator[QualityLine]:
    today = timezone.localdate()
    held: dict[Any, dict[str, QualitySummary]] = {}
    for one in QualitySummary.objects.all():
        held.setdefault(one.organization_id, {})[one.kind] = one
    counts = Remark.objects.open().by_organization(today)
    working = Organization.objects.exclude(status=Organization.Status.ARCHIVED).select_related("municipality")
    for organization in visible_to(actor_of(request), working):
        remarks = counts.get(organization.pk, (0, 0, 0))
        yield QualityLine(organization, held.get(organization.pk, {}), remarks, today)


def _is_named(line: QualityLine, words: list[str]) -> bool:
    name = sort_key(f"{line.organization.short_name} {line.organization.full_name}")
    return all(word in name for word in words)
