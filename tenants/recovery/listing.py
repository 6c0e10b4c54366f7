"""The list of what differs: one line a card, narrowed by the address."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Max, Value, When
from django.http import HttpRequest

from shared.access.requests import actor_of
from shared.access.searches import PARAMETER, recalled_search, without
from shared.copies.models import OfferedCopy
from shared.documents.columns import Column
from shared.documents.columns import Value as Cell
from shared.kernel.days import parse_day
from tenants.recovery.bars import bars_of, people_of
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES
from tenants.recovery.showing import Card, Eyes

PAGE_SIZE: Final = 50
FILTERS: Final = ("entity", "kind", "since")
KINDS: Final = Difference.Kind.choices
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Чья запись", 20),
    Column("Запись", 44),
    Column("Отличие", 20),
    Column("Что отличается", 70),
    Column("Изменена здесь", 18, "date"),
    Column("Кто изменил", 34),
)
_RANK: Final = Case(
    *(When(entity=code, then=Value(rank)) for rank, code in enumerate(ENTITIES)), output_field=IntegerField()
)


@dataclass(frozen=True, slots=True)
class Facet:
    """A choice of the filter and how many cards it finds."""

    code: str
    name: str
    count: int


class Listing:
    """What the address asks for of one comparison, in the eyes of who asks; a fixed number of queries."""

    def __init__(self, request: HttpRequest, offer: OfferedCopy) -> None:
        self.query, self.offer = request.GET, offer
        self.eyes = Eyes(actor_of(request))
        self.search = recalled_search(request)
        entity, kind = self.query.get("entity", ""), self.query.get("kind", "")
        self.entity = entity if entity in {one.code for one in self.eyes.entities} else ""
        self.kind = kind if kind in dict(KINDS) else ""
        self.since = _day(self.query.get("since", ""))
        self._seen = self.eyes.seen(offer.pk)

    @property
    def found(self) -> Any:
        """Differences of this search."""
        found = self._seen
        if self.entity:
            found = found.filter(entity=self.entity)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.since:
            found = found.since(self.since)
        return found.named_like(self.search) if self.search else found

    @property
    def _cards(self) -> Any:
        cards = self.found.order_by().values("entity", "head_id").annotate(name=Max("title"), rank=_RANK)
        return cards.order_by("rank", "name", "head_id")

    def page(self) -> Page[Any]:
        return Paginator(self._cards, PAGE_SIZE).get_page(self.query.get("page"))

    def lines(self, heads: Any) -> list[Card]:
        """Cards of a page with everything that differs of them, whatever the filter has found of it."""
        cards = {
            (one["entity"], one["head_id"]): Card(ENTITIES[one["entity"]], one["head_id"], one["name"]) for one in heads
        }
        rows = list(self._seen.filter(head_id__any_of={key for _, key in cards}).order_by("-kind", "part", "pk"))
        bars = bars_of(people_of(rows))
        for one in rows:
            if card := cards.get((one.entity, one.head_id)):
                card.rows.append(one)
                card.bars = bars
        return list(cards.values())

    def facets(self) -> tuple[list[Facet], list[Facet]]:
        """Kinds of records and kinds of differences with the number of their cards, in one query."""
        counts = self._seen.order_by().values("entity", "kind").annotate(cards=Count("head_id", distinct=True))
        table = {(one["entity"], one["kind"]): one["cards"] for one in counts}
        entities = [
            Facet(one.code, one.many, sum(n for (code, _), n in table.items() if code == one.code))
            for one in self.eyes.entities
        ]
        kinds = [Facet(code, name, sum(n for (_, kind), n in table.items() if kind == code)) for code, name in KINDS]
        return [one for one in entities if one.count], kinds

    def everything(self) -> list[list[Cell]]:
        """Rows of the file, one a card."""
        rows: list[list[Cell]] = []
        for number, card in enumerate(self.lines(list(self._cards)), start=1):
            last = card.last
            day = last.changed_at if last else None
            who = last.changed_by if last else ""
            rows.append([number, card.entity.one, card.shown_title, card.state[1], card.words, day, who])
        return rows

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.entity or self.kind or self.since)

    @property
    def filters_text(self) -> str:
        words = [f"поиск «{self.search}»"] if self.search else []
        words += [ENTITIES[self.entity].many.lower()] if self.entity else []
        words += [dict(KINDS)[self.kind].lower()] if self.kind else []
        words += [f"изменены с {self.since:%d.%m.%Y}"] if self.since else []
        return f"Отбор: {', '.join(words)}" if words else "Все отличия"

    @property
    def without_search(self) -> str:
        return without(self.query, PARAMETER)


def heads_of(found: Any, keys: list[str]) -> list[uuid.UUID]:
    """Keys of the differences that whole cards stand for: «student:…» as the list sends them."""
    heads = {(entity, key) for entity, _, text in (one.partition(":") for one in keys) if (key := key_of(text))}
    rows = found.waiting().filter(head_id__any_of={key for _, key in heads})
    return sorted(pk for pk, entity, key in rows.values_list("pk", "entity", "head_id") if (entity, key) in heads)


def key_of(text: str) -> uuid.UUID | None:
    """A key as a form sends it; None of what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _day(text: str) -> datetime.date | None:
    try:
        return parse_day(text) if text else None
    except ValueError:
        return None
