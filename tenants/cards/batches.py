"""Changes of many cards in one statement a table, remembered so that they can be taken back.

The caller has checked the values by the kinds of the fields and the rules of the card. Source: ORGANIZATION 2.3
(«Пакетное обновление карточек»), issue «undo for mass actions».
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.values import plain, unplain, value_of
from shared.kernel.ids import new_id
from shared.kernel.rules import RuleViolation, constraint_means
from shared.tenancy.bulk import copy_rows, update_changed
from shared.tenancy.scopes import give_reason
from tenants.cards.errors import BatchAlreadyUndone, CardRefused, NothingToChange
from tenants.cards.hands import Hand, is_open
from tenants.cards.models import Batch, BatchChange

ABSENCES: Final = "absences"  # explained gaps travel with the values under this code


@dataclass(frozen=True, slots=True)
class CardChange:
    """New values of a known card by code of the field; ``absences`` replaces the explained gaps when given."""

    card_id: uuid.UUID
    values: Mapping[str, Any]  # Any: values of the fields' kinds
    absences: Mapping[str, str] | None = None


@transaction.atomic
def apply_batch(
    kind: CardKind,
    changes: Sequence[CardChange],
    *,
    origin: Batch.Origin,
    title: str,
    hand: Hand,
    reason: str = "",
    created: Collection[uuid.UUID] = (),
    refused: dict[uuid.UUID, str] | None = None,
) -> Batch:
    """Write the values that differ and remember what stood there; ``created`` are cards just made by the same action.

    Cards are locked in the order of their keys, so two batches wait for each other and never cross; one that the hand
    does not reach stays as it is. ``refused`` gathers the cards that their room does not let be changed so; without it
    the first one stops everything. The caller has asked which fields are closed to the hand.
    Raises: NothingToChange, CardRefused, and the refusals of the kind for broken constraints.
    """
    by = hand.by
    give_reason(reason or title)
    held = _locked(kind, hand.cards, [change.card_id for change in changes])
    differing = {one.card_id: _difference(kind, held[one.card_id], one) for one in changes if one.card_id in held}
    differing = {key: pair for key, pair in differing.items() if pair[1]}
    if kind.is_written_singly:
        written = _write_singly(kind, held, {key: new for key, (_, new) in differing.items()}, by=by, refused=refused)
        differing = {key: pair for key, pair in differing.items() if key in written}
    if not differing and not created:
        raise NothingToChange
    batch = Batch.objects.create(
        origin=origin,
        kind=kind.code,
        title=title[:300],
        reason=reason[:300],
        changed=len(differing),
        created=len(created),
        made_by=by,
    )
    records = [
        {"id": new_id(), "batch_id": batch.pk, "card_id": key, "old": old, "new": new}
        for key, (old, new) in sorted(differing.items())
    ]
    records += [
        {"id": new_id(), "batch_id": batch.pk, "card_id": key, "old": None, "new": {}}
        for key in sorted(set(created) - set(differing))
    ]
    copy_rows(BatchChange, records)
    if not kind.is_written_singly:
        _write(kind, {key: new for key, (_, new) in differing.items()})
    kind.after_write([*differing, *created])
    return batch


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo brought back, and how many cards somebody has changed since: those values stay."""

    restored: int
    kept: int
    withdrawn: int


@transaction.atomic
def undo_batch(
    kind: CardKind, batch: Batch, *, hand: Hand, reason: str = "", spared: Collection[uuid.UUID] = ()
) -> Undone:
    """Bring back every value that is still the batch's; cards that it made are withdrawn, but for the ``spared``.

    Cards that the hand does not reach, and fields of a card that are closed since, stay as they are.
    Raises: BatchAlreadyUndone, ClosedToHand, CardRefused.
    """
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_undone:
        raise BatchAlreadyUndone(title=batch.title, undone_by=batch.undone_by)
    give_reason(f"Отмена: {batch.title}" + (f". {reason}" if reason else ""))
    changes = list(batch.changes.all())
    hand.refuse_closed(kind, {code for change in changes for code in change.old or ()})
    held = _locked(kind, hand.cards, [change.card_id for change in changes if change.old is not None])
    back: dict[uuid.UUID, dict[str, Any]] = {}
    kept = 0
    for change in changes:
        if change.old is None:
            continue
        card = held.get(change.card_id)
        ours = _still_ours(kind, card, change) if card is not None else {}
        kept += len(ours) < len(change.old)
        if ours:
            back[change.card_id] = ours
    if kind.is_written_singly:
        _write_singly(kind, held, back, by=hand.by, write=kind.put_back)
    else:
        _write(kind, back)
    made = [change.card_id for change in changes if change.old is None]
    withdrawn = kind.withdraw([key for key in made if key not in spared]) if made else 0
    kind.after_write([*back, *made])
    batch.undone_by, batch.undone_at = hand.by, timezone.now()
    batch.save(update_fields=["undone_by", "undone_at"])
    return Undone(len(back), kept + len(made) - withdrawn, withdrawn)


def _still_ours(kind: CardKind, card: CardModel, change: BatchChange) -> dict[str, Any]:
    """The former values of the fields that say what the batch has written and are not closed since."""
    return {
        code: old
        for code, old in (change.old or {}).items()
        if is_open(kind, card, code) and _present(kind, card, code) == change.new.get(code)
    }


def _locked(kind: CardKind, cards: QuerySet[Any], keys: Collection[uuid.UUID]) -> dict[uuid.UUID, CardModel]:
    steps = {field.path.rpartition("__")[0] for field in kind.layout.fields.values()} - {""}
    rows = cards.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    return {row.pk: row for row in (rows.select_related(*sorted(steps)) if steps else rows)}


def _difference(kind: CardKind, card: CardModel, change: CardChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """The old and the new values of the fields that really change, as JSON keeps them."""
    new = {code: plain(value) for code, value in change.values.items()}
    if change.absences is not None:
        new[ABSENCES] = dict(change.absences)
    old = {code: _present(kind, card, code) for code in new}
    differing = [code for code in new if new[code] != old[code]]
    return {code: old[code] for code in differing}, {code: new[code] for code in differing}


def _present(kind: CardKind, card: CardModel, code: str) -> Any:
    if code == ABSENCES:
        return card.absences
    return plain(value_of(card, kind.layout.fields[code]))


def _write(kind: CardKind, changes: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """One UPDATE a table and set of columns; a broken constraint is said in the kind's words."""
    with ExitStack() as refusals:
        for name, refusal in kind.refusals.items():
            refusals.enter_context(constraint_means(name, refusal()))
        for path, rows in _by_table(kind, changes).items():
            model, keys = kind.model, {key: key for key in rows}
            if path:
                relation = kind.model._meta.get_field(path)
                model = relation.related_model  # type: ignore[assignment]
                name = relation.field.name  # type: ignore[union-attr]
                held = model._default_manager.filter(**{f"{name}__in": list(rows)})
                keys = dict(held.values_list(name, "pk"))
            update_changed(model, {keys[key]: values for key, values in rows.items() if key in keys})


def _write_singly(
    kind: CardKind,
    held: Mapping[uuid.UUID, CardModel],
    changes: Mapping[uuid.UUID, Mapping[str, Any]],
    *,
    by: str,
    refused: dict[uuid.UUID, str] | None = None,
    write: Callable[..., None] | None = None,
) -> set[uuid.UUID]:
    """Each card by its room (``write``: otherwise than usual); answers whose were written.

    Raises: CardRefused (unless ``refused`` gathers them).
    """
    explained: dict[uuid.UUID, dict[str, Any]] = {}
    done: set[uuid.UUID] = set()
    for key, new in changes.items():
        values = {code: unplain(kind.layout.fields[code], value) for code, value in new.items() if code != ABSENCES}
        try:
            with transaction.atomic():
                if values:
                    (write or kind.write)(held[key], values, by=by)
        except RuleViolation as refusal:
            if refused is None:
                raise CardRefused(card=held[key], why=refusal) from refusal
            refused[key] = str(refusal)
            continue
        done.add(key)
        if ABSENCES in new:
            explained[key] = {ABSENCES: new[ABSENCES], "updated_at": timezone.now()}
    update_changed(kind.model, explained)
    return done


def _by_table(
    kind: CardKind, changes: Mapping[uuid.UUID, Mapping[str, Any]]
) -> dict[str, dict[uuid.UUID, dict[str, Any]]]:
    """Columns by the way to their table («» is the card's own)."""
    now = timezone.now()
    tables: dict[str, dict[uuid.UUID, dict[str, Any]]] = {}
    for key, values in changes.items():
        for code, value in values.items():
            field: Field | None = kind.layout.fields.get(code)
            path, _, column = (field.path if field else ABSENCES).rpartition("__")
            shown = unplain(field, value) if field else value
            tables.setdefault("", {}).setdefault(key, {})["updated_at"] = now
            tables.setdefault(path, {}).setdefault(key, {})[column] = shown
    return tables
