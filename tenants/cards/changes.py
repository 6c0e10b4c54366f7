"""What happened to a card, in words of the card: which field, from what to what, by whom, by which document.

Source: R-091 (a change carries its document), KK Прил.1 1.2, ORGANIZATION 3.9.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, JSONField, Q, TextField, Value
from django.http import HttpRequest

from shared.audit.actions import CHANGED, CREATED, DELETED, ROW_ACTIONS
from shared.cards.layout import Absence, Field, Section
from shared.cards.values import is_filled, unplain
from shared.logbook.asking import question_of
from tenants.cards.batches import ABSENCES
from tenants.cards.past import keys_of, parts_of
from tenants.cards.sections import SEALED_OPEN, CardLook, reaches
from tenants.history.models import HistoryEvent
from tenants.people.fields import SPECIAL_COLUMNS

EMPTY: Final = "пусто"
_WORDS: Final = {CREATED: "Запись внесена", CHANGED: "Изменено", DELETED: "Запись удалена"}


@dataclass(frozen=True, slots=True)
class Told:
    """One field of a change; without texts its values are closed to the reader."""

    label: str
    old: str = ""
    new: str = ""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a card or of one of its rows; a reason that may speak of special facts is not told to everybody."""

    event: HistoryEvent
    what: str
    where: str
    told: list[Told]
    reason: str

    @property
    def who(self) -> str:
        return self.event.actor_name or "Система"


def changes_of(look: CardLook, request: HttpRequest) -> tuple[list[Change], int | None]:
    """A page of changes, the latest first, and the key that the next page begins before.

    That somebody has special facts at all is told only to whose right to them reaches the card. Source: R-031.
    """
    sees_special = bool(look.kind.special) and reaches(look.kind, look.card, look.actor, look.kind.special)
    parts = [part for part in parts_of(look.kind) if sees_special or not (part.owner and _special_in(part.table))]
    tables = {part.table: part.name for part in parts}
    here = str(look.card.pk)
    lost = Q()
    for part in parts:
        if part.owner:
            lost |= Q(object_kind=part.table, action=DELETED, **{f"changes__{part.owner}": here})
    about = Q(object_id__in=keys_of(look.kind, look.card), object_kind__in=tables)
    found = HistoryEvent.objects.filter(about | lost, action__in=ROW_ACTIONS)
    if not sees_special and (columns := _special_in(parts[0].table)):
        found = found.alias(common=_without(columns)).exclude(object_kind=parts[0].table, action=CHANGED, common={})
    events, earlier = question_of(request).page_of_all(found)
    teller = _Teller(look, sees_special)
    return [teller.change(event, tables[event.object_kind]) for event in events], earlier  # type: ignore[arg-type]


def _special_in(table: str) -> frozenset[str]:
    """Columns of special facts in a table of a card."""
    return SPECIAL_COLUMNS.get(table, frozenset())


def _without(columns: Collection[str]) -> Func:
    """What a change has touched beside these columns, in the database."""
    named = Value(sorted(columns), output_field=ArrayField(TextField()))
    return Func(F("changes"), named, template="(%(expressions)s)", arg_joiner=" - ", output_field=JSONField())


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts changes of one card into words for one reader."""

    look: CardLook
    sees_special: bool

    def change(self, event: HistoryEvent, part: str) -> Change:
        section = next((one for one in self.look.kind.layout.repeated if part and one.rows == part), None)
        closed = frozenset() if self.sees_special else _special_in(event.object_kind)
        fields = {column: one for column, one in _columns(self.look, part, section).items() if column not in closed}
        return Change(
            event,
            what=_WORDS[event.action],
            where=section.title if section else "",
            told=list(self._told(event, fields)) if event.action != CREATED else [],
            reason=event.reason if closed.isdisjoint(event.changes or {}) else "",
        )

    def _told(self, event: HistoryEvent, fields: Mapping[str, Field]) -> Iterator[Told]:
        for column, value in sorted((event.changes or {}).items()):
            old, new = value if event.action == CHANGED else (value, None)
            if column == ABSENCES and event.action == CHANGED:
                yield from self._explained(old or {}, new or {})
            elif column in fields:
                if event.action == DELETED and not is_filled(old):
                    continue
                yield self._field(fields[column], old, new)

    def _field(self, one: Field, old: Any, new: Any) -> Told:
        """``old`` and ``new`` are what JSON held."""
        closed = (
            one.is_special
            or (one.is_masked and not self.look.may_identify)
            or self._is_sealed(one.code)
            or one.code in self.look.kind.hides(self.look.card)
        )
        if closed:
            return Told(one.label, is_closed=True)
        return Told(one.label, _text(self.look, one, old), _text(self.look, one, new))

    def _explained(self, old: dict[str, str], new: dict[str, str]) -> Iterator[Told]:
        """Why a field is empty: said, changed, taken back."""
        layout = self.look.kind.layout
        labels = {code: one.label for code, one in layout.fields.items() if self.sees_special or not one.is_special}
        labels |= {one.code: one.title for one in layout.repeated if self.sees_special or not one.is_special}
        for code, label in sorted(labels.items()):
            if old.get(code) != new.get(code):
                told = Told(f"{label}, пояснение", _why(old.get(code)), _why(new.get(code)))
                yield Told(told.label, is_closed=True) if self._is_sealed(code) else told

    def _is_sealed(self, code: str) -> bool:
        """Of a card without a consent names alone are told, in its past too. Source: KK П 5.4."""
        return self.look.is_sealed and code not in SEALED_OPEN


def _text(look: CardLook, one: Field, value: Any) -> str:
    if not is_filled(value):
        return EMPTY
    return look.text(one, unplain(one, value))


def _why(why: str | None) -> str:
    return Absence(why).label if why else EMPTY


def _columns(look: CardLook, part: str, section: Section | None) -> dict[str, Field]:
    """Columns of a table that are fields of the card."""
    if section is not None:
        return {one.path: one for one in section.fields}
    found = {}
    for one in look.kind.layout.fields.values():
        way, _, column = one.path.rpartition("__")
        if way == part and not one.is_derived:
            found[column] = one
    return found
