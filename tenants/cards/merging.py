"""Two cards of one person become one: the values chosen, everything that named the other card moved, undo kept.

One transaction; the card that gives way is hidden with a pointer to the one that stays. Source: ORGANIZATION 2.3.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.masks import mask
from shared.cards.models import CardModel
from shared.cards.rules import findings
from shared.cards.values import is_filled, plain, unplain, value_of, values_of
from shared.kernel.rules import constraint_means
from shared.tenancy.scopes import give_reason
from tenants.cards.different import merge_pairs
from tenants.cards.drafts import move_drafts
from tenants.cards.errors import BatchAlreadyUndone, Contradiction, MergeNotUndone, MergeRefused
from tenants.cards.merging_journal import Journal, references
from tenants.cards.merging_rules import CANNOT_RETURN, RULES
from tenants.cards.models import Batch, BatchChange
from tenants.cards.sections import SEALED_OPEN, CardLook, common_fields, loaded
from tenants.cards.sections_saving import CLOSED_CONTRADICTION
from tenants.cards.successors import POINTER

UNDO_TERM: Final = datetime.timedelta(days=30)
CONSENT: Final = "consent_on"
TITLE: Final = "Объединение двух карточек"


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of two cards side by side; ``takes_other``: the value of the card that gives way is proposed.

    ``ours_opened``, ``theirs_opened``: the value stands here as it is, though its card shows it behind a mask.
    """

    field: Field
    ours: str
    theirs: str
    is_different: bool
    may_choose: bool
    takes_other: bool
    ours_opened: bool
    theirs_opened: bool


def compared(ours: CardLook, theirs: CardLook) -> list[Choice]:
    """The typed fields of both cards; what is closed to the person stays masked."""
    kind = ours.kind
    closed = set(kind.hides(ours.card)) | set(kind.hides(theirs.card))
    found = []
    for one in common_fields(kind).values():
        if not _is_chosen(one):
            continue
        mine, other = value_of(ours.card, one), value_of(theirs.card, one)
        if not (is_filled(mine) or is_filled(other)):
            continue
        found.append(
            Choice(
                field=one,
                ours=_shown(ours, one, mine, closed),
                theirs=_shown(theirs, one, other, closed),
                is_different=plain(mine) != plain(other),
                may_choose=one.code not in closed and (ours.may_identify or not one.is_masked),
                takes_other=is_filled(other) and not is_filled(mine),
                ours_opened=one.is_masked and is_filled(mine) and _is_shown(ours, one, closed),
                theirs_opened=one.is_masked and is_filled(other) and _is_shown(theirs, one, closed),
            )
        )
    return found


@transaction.atomic
def merge(
    *,
    kind: CardKind,
    stays: uuid.UUID,
    goes: uuid.UUID,
    taken: Collection[str],
    by: str,
    reason: str = "",
    may_identify: bool = False,
) -> Batch:
    """Make one card of two; ``taken`` are the fields whose value comes from the card that gives way.

    Fields that are empty on the card that stays are filled in any case. ``may_identify``: a refusal may quote what
    stands behind the masks of both. Raises: MergeRefused, Contradiction, and the
    refusals of the kind.
    """
    rules = RULES[kind.code]
    ours, theirs = _both(kind, stays, goes)
    give_reason(f"{TITLE}. {reason}" if reason else TITLE)
    chosen = _chosen(kind, ours, theirs, taken)
    _refuse_contradictions(kind, ours, theirs, chosen, may_identify=may_identify)
    journal = Journal()
    with ExitStack() as meanings:
        for name, refusal in rules.broken.items():
            meanings.enter_context(constraint_means(name, refusal))
        rules.settle(ours, theirs, journal, by)
        for model, column in references(kind.model):
            if not _is_one_to_one(model, column) or not model._base_manager.filter(**{column: stays}).exists():
                journal.move(model, column, of=goes, to=stays)
    old = {code: plain(value_of(ours, one)) for code, one in common_fields(kind).items() if code in chosen}
    rules.retire(theirs, journal)
    if chosen:
        kind.write(kind.model._default_manager.get(pk=stays), chosen, by=by)
    move_drafts(kind=kind.code, of=goes, to=stays, but=[one.code for one in kind.layout.sections if not one.rows])
    merge_pairs(kind=kind.code, stays=stays, goes=goes, journal=journal)
    journal.close(stays=stays)
    rules.follow(stays)
    batch = Batch.objects.create(
        origin=Batch.Origin.MERGE, kind=kind.code, title=TITLE, reason=reason[:300], changed=2, made_by=by
    )
    new = {code: plain(value) for code, value in chosen.items()}
    BatchChange.objects.create(batch=batch, card_id=stays, old=old, new=new)
    pointer = {POINTER: str(stays)}
    BatchChange.objects.create(batch=batch, card_id=goes, old={"journal": journal.as_json()}, new=pointer)
    return batch


@transaction.atomic
def undo_merge(*, kind: CardKind, batch: Batch, by: str, reason: str = "") -> None:
    """Two cards again, while nothing stands on the merge. Raises: BatchAlreadyUndone, MergeNotUndone."""
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.is_undone:
        raise BatchAlreadyUndone(title=batch.title, undone_by=batch.undone_by)
    if not is_undoable(batch):
        raise MergeNotUndone(why=f"прошло больше {UNDO_TERM.days} дней")
    give_reason(f"Отмена: {batch.title}" + (f". {reason}" if reason else ""))
    kept, gone = _sides(batch)
    if not gone.old:
        raise MergeNotUndone(why="сведения этого человека уничтожены по акту")
    journal = Journal.of_json(gone.old["journal"])
    journal.refuse_if_built_upon(stays=kept.card_id)
    if why := RULES[kind.code].later(journal):
        raise MergeNotUndone(why=why)
    stays = kind.model._default_manager.select_for_update(of=("self",)).get(pk=kept.card_id)
    try:
        with transaction.atomic():
            _give_back(kind, stays, kept)
            journal.take_back()
    except IntegrityError as fault:
        raise CANNOT_RETURN from fault
    RULES[kind.code].follow(kept.card_id)
    RULES[kind.code].follow(gone.card_id)
    batch.undone_by, batch.undone_at = by, timezone.now()
    batch.save(update_fields=["undone_by", "undone_at"])


def is_undoable(batch: Batch) -> bool:
    """Whether the term of an undo still runs."""
    return not batch.is_undone and batch.made_at > timezone.now() - UNDO_TERM


def _both(kind: CardKind, stays: uuid.UUID, goes: uuid.UUID) -> tuple[CardModel, CardModel]:
    """Both cards, locked in the order of their keys."""
    cards = loaded(kind, kind.model._default_manager.filter(pk__in=[stays, goes]))
    held = {card.pk: card for card in cards.order_by("pk").select_for_update(of=("self",))}
    if len(held) != 2:
        raise MergeRefused(sentence="Одной из карточек уже нет: её объединили или убрали. Обновите список.")
    return held[stays], held[goes]


def _chosen(kind: CardKind, ours: CardModel, theirs: CardModel, taken: Collection[str]) -> dict[str, Any]:
    """Values that the card that stays does not have yet."""
    fields = {code: one for code, one in common_fields(kind).items() if _is_chosen(one)}
    mine, other = values_of(ours, fields), values_of(theirs, fields)
    closed = set(kind.hides(ours)) | set(kind.hides(theirs))
    sealed = kind.is_sealed(ours) and kind.is_sealed(theirs)
    return {
        code: other[code]
        for code in fields
        if is_filled(other[code])
        and plain(mine[code]) != plain(other[code])
        and (code in taken or not is_filled(mine[code]))
        and (code not in closed or not is_filled(mine[code]))
        and not (sealed and code not in SEALED_OPEN)
    }


def _refuse_contradictions(
    kind: CardKind, ours: CardModel, theirs: CardModel, chosen: Mapping[str, Any], *, may_identify: bool
) -> None:
    """What the values would contradict together; closed ones are never told in a sentence. Raises: Contradiction."""
    fields = common_fields(kind)
    hidden = set(kind.hides(ours)) | set(kind.hides(theirs))
    told = {code for code, one in fields.items() if (may_identify or not one.is_masked) and code not in hidden}
    for finding in findings(kind.code, {**values_of(ours, fields), **chosen}, timezone.localdate()):
        if finding.level == "hard" and chosen.keys() & set(finding.fields):
            sentence = finding.sentence if told.issuperset(finding.fields) else CLOSED_CONTRADICTION
            raise Contradiction(blamed=finding.field, sentence=sentence)


def _is_chosen(one: Field) -> bool:
    """Whether a field is chosen by a person: the day of a consent follows the consents themselves."""
    return not (one.is_derived or one.is_special or one.code == CONSENT)


def _give_back(kind: CardKind, stays: CardModel, kept: BatchChange) -> None:
    """The values the merge has brought leave the card, where they still stand."""
    fields = common_fields(kind)
    back = {
        fields[code].path: unplain(fields[code], old)
        for code, old in (kept.old or {}).items()
        if plain(value_of(stays, fields[code])) == kept.new[code]
    }
    if back:
        for name, value in back.items():
            setattr(stays, name, value)
        stays.save(update_fields=[*back, "updated_at"])


def _sides(batch: Batch) -> tuple[BatchChange, BatchChange]:
    changes = list(batch.changes.all())
    gone = next(change for change in changes if POINTER in change.new)
    return next(change for change in changes if change is not gone), gone


def _is_one_to_one(model: Any, column: str) -> bool:
    return bool(model._meta.get_field(column).unique)


def _shown(look: CardLook, one: Field, value: Any, closed: Collection[str]) -> str:
    if not is_filled(value):
        return ""
    return look.text(one, value) if _is_shown(look, one, closed) else mask(one, value)


def _is_shown(look: CardLook, one: Field, closed: Collection[str]) -> bool:
    is_closed = one.code in closed or (look.is_sealed and one.code not in SEALED_OPEN)
    return not is_closed and (look.may_identify or not one.is_masked)
