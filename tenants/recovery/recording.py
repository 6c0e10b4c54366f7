"""Writing down what a comparison has found, in the organization's own scope."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from shared.audit.actions import ROW_ACTIONS
from shared.copies.models import OfferedCopy
from shared.kernel.ids import new_id
from shared.tenancy.bulk import copy_rows
from tenants.history.models import HistoryEvent
from tenants.recovery.bars import Bars, bars_of, bars_of_missing
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES, PARTS, Part

Row = Mapping[str, Any]  # Any: columns as JSON holds them
EVERYTHING: Final = "*"
Kind = Difference.Kind


@dataclass(frozen=True, slots=True)
class Found:
    """A row that differs: as the copy has it, as it is here; None where it is not. ``head``: its card."""

    part: Part
    key: uuid.UUID
    old: Row | None
    live: Row | None
    entity: str
    head_id: uuid.UUID

    @property
    def kind(self) -> Difference.Kind:
        if self.live is None:
            return Kind.MISSING
        return Kind.LATER if self.old is None else Kind.CHANGED

    @property
    def row(self) -> Row:
        return self.old or self.live or {}


@dataclass(frozen=True, slots=True)
class Compared:
    """All that differs, with the cards it belongs to (of the copy, of today) and the people that files are of."""

    rows: Sequence[Found]
    cards: Mapping[tuple[str, uuid.UUID], tuple[Row | None, Row | None]] = field(default_factory=dict)
    people_of_files: Mapping[uuid.UUID, frozenset[uuid.UUID]] = field(default_factory=dict)
    _faces: dict[tuple[str, uuid.UUID], tuple[str, frozenset[str]]] = field(default_factory=dict, init=False)

    def face(self, one: Found) -> tuple[str, frozenset[str]]:
        """How the card of a row is called, and the columns it shows nobody in common; asked once a card."""
        key = one.entity, one.head_id
        if key not in self._faces:
            cards = _cards(one, self)
            self._faces[key] = _title(one, cards), _closed(one, cards)
        return self._faces[key]


@transaction.atomic
def write_down(offer: OfferedCopy, compared: Compared) -> int:
    """Put the findings in the place of the last ones; what was taken back stays, to be undone. Says how many."""
    Difference.objects.exclude(offer_id__in=OfferedCopy.objects.values("pk")).delete()  # of copies that are no more
    Difference.objects.of(offer.pk).exclude(outcome=Difference.Outcome.TAKEN).delete()
    bars = bars_of(person for one in compared.rows for person in _people(one, compared))
    bars |= bars_of_missing([(one.part.code, one.key, one.old) for one in compared.rows if one.old and not one.live])
    changes = _last_changes(offer.taken_at, compared.rows)
    records = [
        {"offer_id": offer.pk, **record, "changed_at": changed_at, "changed_by": changed_by}
        for one in compared.rows
        for changed_at, changed_by in [changes.get((one.part.table, str(one.key)), (None, ""))]
        for record in _records(one, compared, bars)
    ]
    copy_rows(Difference, records)
    return len(records)


def _records(one: Found, compared: Compared, bars: Bars) -> Iterator[dict[str, Any]]:
    """One record of a row; of a changed one a second of its special columns."""
    people = _people(one, compared)
    barred = next((bars[person] for person in people if person in bars), "")
    title, closed = compared.face(one)
    common = {
        "entity": one.entity,
        "part": one.part.code,
        "key": one.key,
        "head_id": one.head_id,
        "kind": str(one.kind),
        "title": "" if barred else title,
        "detail": "" if barred else _detail(one),
        "digest": one.part.digest(one.live) if one.live else "",
        "owners": one.part.keys(one.row, one.part.owners),
        "refs": one.part.keys(one.row, one.part.refs),
        "people": people,
        "closed": sorted(closed),
        "barred": barred,
        "outcome": "",
        "refusal": "",
    }
    if one.kind == Kind.CHANGED:
        assert one.old is not None
        assert one.live is not None
        yield from _halves(one, common, one.old, one.live)
        return
    old = {name: one.old[name] for name in one.part.columns} if one.old and not barred else None
    yield {"id": new_id(), **common, "is_special": one.part.is_special, "columns": [], "old": old, "live": None}


def _halves(one: Found, common: dict[str, Any], old: Row, live: Row) -> Iterator[dict[str, Any]]:
    differing = [name for name in one.part.compared if old[name] != live[name]]
    for is_special in (False, True):
        columns = [name for name in differing if (name in one.part.special or one.part.is_special) is is_special]
        if not columns:
            continue
        sides = [None if common["barred"] else {name: row[name] for name in columns} for row in (old, live)]
        yield {
            "id": new_id(),
            **common,
            "is_special": is_special,
            "columns": columns,
            "old": sides[0],
            "live": sides[1],
        }


def _people(one: Found, compared: Compared) -> list[uuid.UUID]:
    """Whose data it is."""
    if one.part.code == "file":
        return sorted(compared.people_of_files.get(one.key, ()))
    named = ("student_id", "guardian_id", "member_id", "employee_id")
    found = set(one.part.keys(one.row, named))
    if one.entity in ("student", "guardian", "staff"):
        found.add(one.head_id)
    return sorted(found)


def _cards(one: Found, compared: Compared) -> list[Any]:
    """The card as it is here and as the copy has it, as far as they are."""
    if one.entity == "organization":
        return [one.part.instance(row) for row in (one.live, one.old) if row]
    old, live = compared.cards.get((one.entity, one.head_id), (None, None))
    return [PARTS[one.entity].instance(row) for row in (live, old) if row]


def _title(one: Found, cards: Sequence[Any]) -> str:
    entity = ENTITIES[one.entity]
    return entity.title(cards[0])[:320] if cards else entity.one


def _detail(one: Found) -> str:
    return str(one.part.instance(one.old or one.row))[:320] if one.part.named else ""


def _closed(one: Found, cards: Sequence[Any]) -> frozenset[str]:
    """Columns that this card shows nobody in common: sealed without a consent, an address under protection."""
    kind = ENTITIES[one.entity].kind
    if kind is None or one.entity == "organization":
        return frozenset()
    if any(map(kind.is_sealed, cards)):
        return frozenset({EVERYTHING})
    return frozenset(kind.layout.fields[code].column for card in cards for code in kind.hides(card))


def _last_changes(
    since: datetime.datetime, rows: Iterable[Found]
) -> dict[tuple[str, str], tuple[datetime.datetime, str]]:
    """When each row was changed the last time since the copy was taken, and by whom, as the log says."""
    keys = [str(one.key) for one in rows]
    events = HistoryEvent.objects.filter(at__gte=since, action__in=ROW_ACTIONS, object_id__any_of=keys)
    last = events.order_by("object_kind", "object_id", "-id").distinct("object_kind", "object_id")
    return {
        (table, key): (at, name)
        for table, key, at, name in last.values_list("object_kind", "object_id", "at", "actor_name")
    }


def finished(offer: OfferedCopy, *, seconds: float) -> None:
    """The comparison may be read."""
    _progress(offer, state=OfferedCopy.State.DONE, compared_at=timezone.now(), seconds=round(seconds, 3), failure="")


def failed(offer: OfferedCopy, why: str) -> None:
    _progress(offer, state=OfferedCopy.State.FAILED, failure=why[:300])


def _progress(offer: OfferedCopy, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(offer, name, value)
    OfferedCopy.objects.filter(pk=offer.pk).update(**facts)
