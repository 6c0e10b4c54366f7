"""Records side by side in the eyes of one person: was in the copy, is here now; no more than their cards show him.

Documents, addresses and telephones stand behind masks, each look is recorded; special facts are told of only to whom
the right is given, and open for a reason. Source: ORGANIZATION 2.3, 3.7, R-031.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models
from django.urls import reverse
from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.masks import DOT, mask
from shared.cards.values import is_filled, unplain, written
from shared.classifiers.catalog import load_catalog
from tenants.cards.sections import PROTECTED, SEALED, SEALED_OPEN
from tenants.files.models import StoredFile
from tenants.recovery.bars import Bars, bar_of, bars_of, people_of
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES, KEPT, PARTS, SPECIAL_RIGHT, Entity, Part
from tenants.recovery.recording import EVERYTHING, Row
from tenants.recovery.rows import rows_now
from tenants.recovery.taking import CHANGED_SINCE

CLOSED_TITLE: Final = "Данные закрыты"
SPECIAL_CLOSED: Final = "Особые сведения: откройте с указанием причины"
NOT_SHOWN: Final = "Здесь не показывается"
SIDES: Final = ("old", "live")
MOST_SAID: Final = 6
Kind = Difference.Kind
_SAID: Final = {Kind.MISSING: "нет", Kind.CHANGED: "изменено", Kind.LATER: "новое"}
_BOOKS: Final = {
    ("people_guardianlink", "relation"): "guardian_relation",
    ("people_formerdocument", "doc_type"): "document_type",
    ("people_deviantrecord", "kind"): "deviant_behavior",
    ("people_achievement", "kind"): "achievement_kind",
    ("people_achievement", "level"): "event_level",
    ("staff_formervalue", "doc_type"): "document_type",
    ("staff_methodicalwork", "kind"): "methodical_work_kind",
    ("staff_methodicalwork", "level"): "event_level",
    ("groups_group", "direction"): "program_direction",
    ("groups_group", "age_band"): "age_band",
    ("groups_group", "stay_regime"): "stay_regime",
    ("groups_group", "financing"): "financing_kind",
    ("organization_room", "kind"): "room_kind",
    ("orders_enrollment", "form_of_study"): "form_of_study",
    ("orders_enrollment", "form_of_education"): "form_of_education",
    ("orders_enrollment", "departure_reason"): "movement_type",
    ("orders_orderrow", "movement_type"): "movement_type",
    ("orders_orderrow", "form_of_study"): "form_of_study",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value, or its mask, or why there is neither. ``reveal``: the address that opens the mask."""

    text: str = ""
    mask: str = ""
    reveal: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record on both sides."""

    label: str
    was: Value
    now: Value
    is_different: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One differing row ready to be shown; ``bar`` says why it may not be taken back, ``note`` what else to know."""

    difference: Difference
    part: Part
    lines: list[Line]
    bar: str
    note: str = ""

    @property
    def may_take(self) -> bool:
        one = self.difference
        return not self.bar and one.kind != Kind.LATER and one.outcome != Difference.Outcome.TAKEN

    @property
    def words(self) -> str:
        detail = "" if self.bar else self.difference.detail
        return f"{self.part.title}: {detail}" if detail else self.part.title

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of the mark."""
        one = self.difference
        if one.outcome == Difference.Outcome.TAKEN:
            return "ok", "Возвращена"
        if self.bar:
            return "bad", "Вернуть нельзя"
        marks = {Kind.MISSING: "bad", Kind.CHANGED: "warn", Kind.LATER: "info"}
        return marks[Kind(one.kind)], one.get_kind_display()


@dataclass(frozen=True)
class Eyes:
    """What of a comparison one person sees. ``special_reason``: why special facts are opened now."""

    actor: Actor
    special_reason: str = ""

    @property
    def entities(self) -> list[Entity]:
        return [one for one in ENTITIES.values() if one.is_seen_by(self.actor)]

    @property
    def sees_special(self) -> bool:
        """Whether he may know that somebody has special facts at all."""
        return self.actor.may_everywhere(SPECIAL_RIGHT)

    def seen(self, offer_id: uuid.UUID) -> Any:
        """The differences that exist for him."""
        codes = [one.code for one in self.entities]
        return Difference.objects.of(offer_id).shown(codes, is_special=self.sees_special)

    def may_reveal(self, one: Difference, column: str) -> bool:
        """Whether a value behind a mask may be opened to him."""
        part, entity = PARTS[one.part], ENTITIES[one.entity]
        return (
            column in part.masked
            and column not in part.special
            and bool(entity.identity)
            and self.actor.may_everywhere(entity.identity)
            and not _closed(one, column)
        )

    def value(self, one: Difference, column: str, row: Row | None, side: str, names: Mapping[str, str]) -> Value:
        part, value = PARTS[one.part], (row or {}).get(column)
        if not is_filled(value) or value == {}:
            return Value()
        if closed := _closed(one, column):
            return Value(closed=closed)
        if (column in part.special or part.is_special) and not self.special_reason:
            return Value(closed=SPECIAL_CLOSED)
        if column in part.hidden:
            return Value(closed=NOT_SHOWN)
        if column not in part.masked or not ENTITIES[one.entity].identity:
            return Value(text_of(part, column, value, names))
        known = part.fields.get(column)
        dots = mask(known, unplain(known, value)) if known else DOT * 6
        may = self.may_reveal(one, column)
        return Value(mask=dots, reveal=reverse("recovery:reveal", args=[one.pk, column, side]) if may else "")

    def records(self, found: Collection[Difference]) -> list[Record]:
        """Rows of one card or of one request, in the order of the tables; a fixed number of queries a table."""
        bars, live = bars_of(people_of(found)), _live(found)
        names = _names(found, live)
        order = {code: rank for rank, code in enumerate(PARTS)}
        ranked = sorted(found, key=lambda one: (order[one.part], one.is_special, str(one.pk)))
        return [self._record(one, live.get((one.part, one.key)), bars, names) for one in ranked]

    def _record(self, one: Difference, live: Row | None, bars: Bars, names: Mapping[str, str]) -> Record:
        part, bar = PARTS[one.part], bar_of(one, bars)
        lines = [] if bar else list(self._lines(one, part, live, names))
        moved = one.kind == Kind.CHANGED and live is not None and part.digest(live) != one.digest
        note = CHANGED_SINCE if moved and one.outcome != Difference.Outcome.TAKEN else ""
        return Record(one, part, lines, bar, note)

    def _lines(self, one: Difference, part: Part, live: Row | None, names: Mapping[str, str]) -> Iterator[Line]:
        columns = one.columns if one.kind == Kind.CHANGED else part.compared
        for column in columns:
            if column in part.special and not self.sees_special:
                continue
            if one.kind != Kind.CHANGED and (column in part.unsaid or column in KEPT):
                continue
            was = self.value(one, column, one.old, "old", names)
            now = self.value(one, column, live, "live", names)
            if was == now == Value() and one.kind != Kind.CHANGED:
                continue
            yield Line(part.label(column), was, now, one.kind == Kind.CHANGED)


@dataclass(slots=True)
class Card:
    """A line of the list: one card with all that differs of it."""

    entity: Entity
    head_id: uuid.UUID
    title: str
    rows: list[Difference] = field(default_factory=list)
    bars: Mapping[uuid.UUID, str] = field(default_factory=dict)

    @property
    def is_barred(self) -> bool:
        """Nothing of it may come back, and its name is not said."""
        return bool(self.rows) and all(bar_of(one, self.bars) for one in self.rows)

    @property
    def shown_title(self) -> str:
        return CLOSED_TITLE if self.is_barred else self.title

    @property
    def why_barred(self) -> str:
        return bar_of(self.rows[0], self.bars) if self.is_barred else ""

    @property
    def may_take(self) -> bool:
        return any(
            one.kind != Kind.LATER and one.outcome != Difference.Outcome.TAKEN and not bar_of(one, self.bars)
            for one in self.rows
        )

    @property
    def kind(self) -> Difference.Kind:
        """Of the card itself; one whose sections alone differ is changed."""
        own = [one.kind for one in self.rows if PARTS[one.part].is_head]
        return Kind(own[0]) if own and own[0] != Kind.CHANGED else Kind.CHANGED

    @property
    def state(self) -> tuple[str, str]:
        if self.rows and all(one.outcome == Difference.Outcome.TAKEN for one in self.rows):
            return "ok", "Возвращена"
        if self.is_barred:
            return "bad", "Вернуть нельзя"
        return {Kind.MISSING: "bad", Kind.CHANGED: "warn", Kind.LATER: "info"}[self.kind], self.kind.label

    @property
    def words(self) -> str:
        """What differs: names of fields, names of sections that have gained or lost rows."""
        is_whole = any(PARTS[one.part].is_head and one.kind == self.kind != Kind.CHANGED for one in self.rows)
        said: list[str] = []
        for one in self.rows:
            part = PARTS[one.part]
            if one.kind == Kind.CHANGED and part.is_head:
                said += [part.label(column).lower() for column in one.columns]
            elif not part.is_head:
                said.append(part.title.lower() + ("" if is_whole else f": {_SAID[Kind(one.kind)]}"))
        unique = list(dict.fromkeys(said))
        more = f" и ещё {len(unique) - MOST_SAID}" if len(unique) > MOST_SAID else ""
        text = ", ".join(unique[:MOST_SAID]) + more
        return f"вся запись{f', с ней {text}' if text else ''}" if is_whole else text

    @property
    def last(self) -> Difference | None:
        """The last change of it here."""
        dated = [one for one in self.rows if one.changed_at is not None]
        return max(dated, key=lambda one: one.changed_at or datetime.datetime.min, default=None)


def text_of(part: Part, column: str, value: Any, names: Mapping[str, str] | None = None) -> str:
    """A value of JSON as a person reads it."""
    known = part.fields.get(column)
    if known is not None:
        return "выбран" if known.kind == "person" else written(known, unplain(known, value))
    if str(value) in (names or {}):
        return (names or {})[str(value)]
    book = _BOOKS.get((part.table, column))
    if book is not None and value in load_catalog()[book]:
        return load_catalog().label(book, value)
    return _plain(part.columns[column], value)


def _plain(column: Any, value: Any) -> str:
    """By the column's own type."""
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateTimeField):
        return f"{timezone.localtime(datetime.datetime.fromisoformat(value)):%d.%m.%Y %H:%M}"
    if isinstance(column, models.DateField):
        return f"{datetime.date.fromisoformat(value):%d.%m.%Y}"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, dict | list):
        return f"полей: {len(value)}" if isinstance(value, dict) else "; ".join(map(str, value))
    return "запись" if column.is_relation else str(value)


def _closed(one: Difference, column: str) -> str:
    """Why this card shows a column nobody in common."""
    if EVERYTHING in one.closed and column not in SEALED_OPEN:
        return SEALED
    return PROTECTED if column in one.closed else ""


def _live(found: Iterable[Difference]) -> dict[tuple[str, uuid.UUID], Row]:
    """Rows as they are now, one query a table."""
    keys: dict[str, set[uuid.UUID]] = {}
    for one in found:
        keys.setdefault(one.part, set()).add(one.key)
    return {(code, key): row for code, of_part in keys.items() for key, row in rows_now(PARTS[code], of_part).items()}


def _names(found: Collection[Difference], live: Mapping[tuple[str, uuid.UUID], Row]) -> dict[str, str]:
    """How rows that these name are called: of those here, of those that only the copy has."""
    wanted: dict[type[models.Model], set[str]] = {}
    for one in found:
        part = PARTS[one.part]
        for row in (one.old, live.get((one.part, one.key))):
            for column in part.refs:
                if row and row.get(column):
                    target = part.columns[column].related_model or StoredFile
                    wanted.setdefault(target, set()).add(str(row[column]))
    titles = {PARTS[code].model: one.title for code, one in ENTITIES.items() if code != "organization"}
    names: dict[str, str] = {}
    for model, keys in wanted.items():
        gone = Difference.objects.filter(key__in=keys, part__in=ENTITIES, barred="").exclude(title="")
        names |= {str(key): title for key, title in gone.order_by().values_list("key", "title")}
        title = titles.get(model, str)
        names |= {str(key): title(row) for key, row in model._default_manager.in_bulk(list(keys)).items()}  # type: ignore[arg-type]
    return names
