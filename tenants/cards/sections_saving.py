"""Saving a section: what its author changed is written, what others changed meanwhile is never overwritten unseen.

The form brings back, signed, the values it was opened with. A field that only the author changed is written, one that
only others changed stays as they left it, one that both changed is shown with both values. Source:
R-091 (a change carries its document).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.utils import timezone

from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.rules import findings
from shared.cards.values import is_filled, plain, unplain, values_of, written
from shared.tenancy.scopes import give_reason
from tenants.cards.errors import Contradiction, FormStale, SectionConflict
from tenants.cards.sections import common_fields, loaded
from tenants.history.models import HistoryEvent

CLOSED_CONTRADICTION: Final = (
    "Значение расходится с закрытыми сведениями этой карточки. Сверьте документ с тем, кому они открыты."
)
_LOOKED_BACK: Final = 50  # so many changes of a card are looked through for the last author of a field


@dataclass(frozen=True, slots=True)
class Base:
    """What stood in the fields when the form was opened, as JSON keeps it."""

    values: Mapping[str, Any]
    absences: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        return {"values": dict(self.values), "absences": dict(self.absences)}

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Base:
        return cls(raw.get("values", {}), raw.get("absences", {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a person sends of a section; ``yields`` are fields of a conflict where the other's value stays."""

    values: Mapping[str, Any]
    absences: Mapping[str, str] = field(default_factory=dict)
    base: Base
    basis: str = ""
    yields: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people have changed to different values."""

    field: Field
    mine: str
    theirs: str
    who: str = ""
    when: datetime.datetime | None = None


def base_of(card: CardModel, fields: Iterable[Field]) -> Base:
    """The values of these fields now."""
    known = {one.code: one for one in fields}
    values = {code: plain(value) for code, value in values_of(card, known).items()}
    return Base(values, {code: why for code, why in card.absences.items() if code in known})


def sign_base(base: Base, *, kind: str, card_id: uuid.UUID, section: str) -> str:
    """For a hidden field of the form: nobody can bring back a base that he was not given."""
    return signing.dumps(base.as_json(), salt=_salt(kind, card_id, section), compress=True)


def read_base(token: str, *, kind: str, card_id: uuid.UUID, section: str) -> Base:
    """Raises: FormStale."""
    try:
        return Base.of_json(signing.loads(token, salt=_salt(kind, card_id, section)))
    except signing.BadSignature as fault:
        raise FormStale from fault


@transaction.atomic
def save_section(
    *, kind: CardKind, card_id: uuid.UUID, fields: Collection[Field], entry: Entry, by: str
) -> tuple[str, ...]:
    """Write what differs and answer the codes written; ``fields`` are those the person may write on this card.

    Raises: SectionConflict, Contradiction, and the refusals of the kind.
    """
    card = locked(kind, card_id)
    known = {one.code: one for one in fields if one.code in entry.values}
    changes = _changes(card, known, entry)
    values = values_of(card, common_fields(kind)) | kind.values_beside(card) | changes
    _refuse_contradictions(kind, values, changes, known)
    if entry.basis:
        give_reason(entry.basis)
    if changes:
        kind.write(card, changes, by=by)
    _explain(card, known, entry, values)
    return tuple(changes)


def locked(kind: CardKind, card_id: uuid.UUID) -> CardModel:
    """The card with its values, waiting for whoever is writing it now."""
    cards = loaded(kind, kind.model._default_manager.filter(pk=card_id))
    card: CardModel = cards.select_for_update(of=("self",)).get()
    return card


@transaction.atomic
def explain_rows(*, kind: CardKind, card_id: uuid.UUID, section: str, why: str) -> None:
    """Why a section of rows is empty; '' takes the explanation back."""
    card = locked(kind, card_id)
    _set_absences(card, {**card.absences, section: why})


def forget_absence(card: CardModel, section: str) -> None:
    """Something stands there now, so nothing is to be explained."""
    _set_absences(card, {code: why for code, why in card.absences.items() if code != section})


def _changes(card: CardModel, known: Mapping[str, Field], entry: Entry) -> dict[str, Any]:
    now = {code: plain(value) for code, value in values_of(card, known).items()}
    changes: dict[str, Any] = {}
    quarrels: list[tuple[Field, Any]] = []
    for code, one in known.items():
        mine, was = plain(entry.values[code]), entry.base.values.get(code)
        if mine in (was, now[code]) or code in entry.yields:
            continue
        if now[code] == was:
            changes[code] = entry.values[code]
        else:
            quarrels.append((one, now[code]))
    if quarrels:
        raise SectionConflict(conflicts=_compared(card, quarrels, entry))
    return changes


def _compared(card: CardModel, quarrels: list[tuple[Field, Any]], entry: Entry) -> list[Conflict]:
    events = list(
        HistoryEvent.objects.about([str(card.pk)]).filter(changes__isnull=False).order_by("-id")[:_LOOKED_BACK]
    )
    found = []
    for one, theirs in quarrels:
        column = one.path.rpartition("__")[2]
        last = next((event for event in events if column in (event.changes or {})), None)
        found.append(
            Conflict(
                field=one,
                mine=written(one, entry.values[one.code]),
                theirs=written(one, unplain(one, theirs)),
                who=last.actor_name if last else "",
                when=last.at if last else None,
            )
        )
    return found


def _refuse_contradictions(
    kind: CardKind, values: Mapping[str, Any], changes: Mapping[str, Any], known: Mapping[str, Field]
) -> None:
    """The rules once more, with what others wrote meanwhile; closed values are never told in a sentence."""
    shown = {code for code, one in common_fields(kind).items() if not one.is_masked or code in known} | {*kind.beside}
    for finding in findings(kind.code, values, timezone.localdate()):
        touched = [code for code in finding.fields if code in changes]
        if finding.level == "hard" and touched:
            sentence = finding.sentence if shown.issuperset(finding.fields) else CLOSED_CONTRADICTION
            raise Contradiction(blamed=touched[0], sentence=sentence)


def _explain(card: CardModel, known: Mapping[str, Field], entry: Entry, values: Mapping[str, Any]) -> None:
    """Explanations the author changed; a field that is filled needs none."""
    fresh = dict(card.absences)
    for code, why in entry.absences.items():
        if code in known and why != entry.base.absences.get(code, ""):
            fresh[code] = why
    _set_absences(card, {code: why for code, why in fresh.items() if not is_filled(values.get(code))})


def _set_absences(card: CardModel, fresh: Mapping[str, str]) -> None:
    kept = {code: why for code, why in fresh.items() if why}
    if kept != card.absences:
        card.absences = kept
        card.save(update_fields=["absences", "updated_at"])


def _salt(kind: str, card_id: uuid.UUID, section: str) -> str:
    return f"cards:{kind}:{card_id}:{section}"
