"""What happened to a card, in words of the card: which field, from what to what, by whom, by which document.

Source: R-091 (a change carries its document), KK Прил.1 1.2, ORGANIZATION 3.9.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest

from shared.audit.actions import CHANGED, CREATED, DELETED, ROW_ACTIONS
from shared.cards.layout import Absence, Field, Section
from shared.cards.values import is_filled, unplain
from shared.logbook.asking import question_of
from tenants.cards.batches import ABSENCES
from tenants.cards.past import keys_of, parts_of
from tenants.cards.sections import CardLook
from tenants.history.models import HistoryEvent

EMPTY: Final = "пусто"
HIDDEN: Final = "скрыто"
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
    """One change of a card or of one of its rows."""

    event: HistoryEvent
    what: str
    where: str
    told: list[Told]

    @property
    def who(self) -> str:
        return self.event.actor_name or "Система"


def changes_of(look: CardLook, request: HttpRequest) -> tuple[list[Change], int | None]:
    """A page of changes, the latest first, and the key that the next page begins before."""
    tables = {part.table: part.name for part in parts_of(look.kind)}
    here = str(look.card.pk)
    lost = Q()
    for part in parts_of(look.kind):
        if part.owner:
            lost |= Q(object_kind=part.table, action=DELETED, **{f"changes__{part.owner}": here})
    about = Q(object_id__in=keys_of(look.kind, look.card), object_kind__in=tables)
    found = HistoryEvent.objects.filter(about | lost, action__in=ROW_ACTIONS)
    events, earlier = question_of(request).page_of_all(found)
    return [_change(look, event, tables[event.object_kind]) for event in events], earlier  # type: ignore[arg-type]


def _change(look: CardLook, event: HistoryEvent, part: str) -> Change:
    section = next((one for one in look.kind.layout.repeated if part and one.rows == part), None)
    told = list(_told(look, event, part, section)) if event.action != CREATED else []
    return Change(event, _WORDS[event.action], section.title if section else "", told)


def _told(look: CardLook, event: HistoryEvent, part: str, section: Section | None) -> Iterator[Told]:
    fields = _columns(look, part, section)
    for column, value in sorted((event.changes or {}).items()):
        old, new = value if event.action == CHANGED else (value, None)
        if column == ABSENCES and event.action == CHANGED:
            yield from _explained(look, old or {}, new or {})
        elif column in fields:
            one = fields[column]
            if event.action == DELETED and not is_filled(old):
                continue
            yield _field(look, one, old, new)


def _field(look: CardLook, one: Field, old: Any, new: Any) -> Told:
    """``old`` and ``new`` are what JSON held."""
    closed = (
        one.is_special
        or (one.is_masked and not look.may_identify)
        or (look.is_sealed and one.is_masked)
        or one.code in look.kind.hides(look.card)
    )
    if closed:
        return Told(one.label, is_closed=True)
    return Told(one.label, _text(look, one, old), _text(look, one, new))


def _text(look: CardLook, one: Field, value: Any) -> str:
    if not is_filled(value):
        return EMPTY
    return look.text(one, unplain(one, value))


def _explained(look: CardLook, old: dict[str, str], new: dict[str, str]) -> Iterator[Told]:
    """Why a field is empty: said, changed, taken back."""
    labels = {code: one.label for code, one in look.kind.layout.fields.items()}
    labels |= {section.code: section.title for section in look.kind.layout.repeated}
    for code in sorted(set(old) | set(new)):
        if old.get(code) != new.get(code):
            yield Told(f"{labels.get(code, code)}, пояснение", _why(old.get(code)), _why(new.get(code)))


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
