"""One value for many cards (пакетное обновление): chosen, looked at before, applied, taken back.

What is chosen and what was shown waits as a draft of its author, so nothing has to travel through the browser, and a
long change is applied by a task from the same draft. Source: ORGANIZATION 2.3 («Пакетное обновление карточек»).
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from shared.cards.layout import Field
from shared.cards.models import CardModel
from shared.cards.rules import findings, rules_of
from shared.cards.values import is_filled, plain, unplain, value_of, values_of, written
from shared.messaging.services import want_task
from tenants.cards.batches import CardChange, apply_batch
from tenants.cards.drafts import Place, draft_of, keep_draft
from tenants.cards.errors import NobodyChosen, NothingToChange, PlanMissing
from tenants.cards.hands import Hand
from tenants.cards.models import Batch, SectionDraft
from tenants.cards.sections import SEALED, SEALED_OPEN, common_fields, loaded

SECTION: Final = "group"  # under this name the plan stands among the drafts of its author
SHOWN: Final = 50
AT_ONCE: Final = 2000  # more cards are changed by a task
APPLY_TASK: Final = "tenants.cards.group_edit.apply"
PROTECTED: Final = "сведения под защитой"


@dataclass(frozen=True, slots=True)
class Line:
    """A card in the preview: what it says and what it will say, or why it stays."""

    card: CardModel
    before: str = ""
    after: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: ``olds`` counts the present values in words, the most frequent first."""

    field: Field
    after: str
    changing: int
    shown: list[Line]
    olds: list[tuple[str, int]]
    skipped: list[Line]
    equal: int
    gone: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What a change did; ``overtaken``: cards changed or closed by somebody since the preview, they stay so."""

    batch: Batch
    overtaken: int = 0
    refused: Mapping[uuid.UUID, str] = field(default_factory=dict)


def fields_for(kind: CardKind, actor: Actor) -> list[Field]:
    """The fields that may be given to many cards by this person; masked ones only by who sees everybody's."""
    may_identify = not kind.identity or actor.may_everywhere(kind.identity)
    return [
        one
        for one in common_fields(kind).values()
        if one.is_group_editable and not one.is_derived and not one.is_special and (may_identify or not one.is_masked)
    ]


def choose(kind: CardKind, actor: Actor, cards: QuerySet[Any]) -> int:
    """Remember which cards are meant, of those the person may write; the former choice gives way.

    Raises: NobodyChosen.
    """
    keys = list(
        kind.reached(actor, kind.edits).filter(pk__in=cards.order_by().values("pk")).values_list("pk", flat=True)
    )
    if not keys:
        raise NobodyChosen
    texts = {"keys": sorted(map(str, set(keys)))}
    keep_draft(_place(kind, actor.account_id), texts=texts, base={})
    return len(texts["keys"])


def plan_of(kind: CardKind, account_id: uuid.UUID) -> SectionDraft:
    """What this person has chosen. Raises: PlanMissing."""
    plan = draft_of(_place(kind, account_id))
    if plan is None or "keys" not in plan.texts:
        raise PlanMissing
    return plan


@transaction.atomic
def preview(
    kind: CardKind, actor: Actor, one: Field, value: Any, *, basis: str, people: Mapping[str, str] | None = None
) -> Preview:
    """Say what the change would do, and remember what was said. Raises: PlanMissing, refusals of the room."""
    kind.check({one.code: value})
    plan = plan_of(kind, actor.account_id)
    keys = plan.texts["keys"]
    reached = kind.reached(actor, kind.edits).filter(pk__in=keys)
    changing, skipped, equal = _sorted_out(kind, list(loaded(kind, reached)), one, value)
    plan.texts = {
        "keys": keys,
        "field": one.code,
        "value": plain(value),
        "basis": basis,
        "old": {str(card.pk): plain(value_of(card, one)) for card in changing},
    }
    plan.base = {}
    plan.save()
    olds = Counter(_text(one, value_of(card, one), people) for card in changing)
    return Preview(
        field=one,
        after=_text(one, value, people),
        changing=len(changing),
        shown=[
            Line(card, _text(one, value_of(card, one), people), _text(one, value, people)) for card in changing[:SHOWN]
        ],
        olds=olds.most_common(),
        skipped=skipped,
        equal=equal,
        gone=len(keys) - len(changing) - len(skipped) - equal,
    )


@transaction.atomic
def apply_plan(kind: CardKind, plan: SectionDraft, *, hand: Hand) -> Applied:
    """Write the value into the cards of the preview that still say what they said then and may still be written.

    Raises: PlanMissing, ClosedToHand, NothingToChange, refusals of the room.
    """
    plan = SectionDraft.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if "old" not in plan.texts or plan.base.get("batch"):
        raise PlanMissing
    one = common_fields(kind)[plan.texts["field"]]
    value = unplain(one, plan.texts["value"])
    hand.refuse_closed(kind, [one.code])
    old: dict[str, Any] = plan.texts["old"]
    held = loaded(kind, hand.cards.filter(pk__in=list(old)))
    cards = list(held.order_by("pk").select_for_update(of=("self",)))
    changing, _, _ = _sorted_out(kind, cards, one, value)
    meant = [card for card in changing if plain(value_of(card, one)) == old[str(card.pk)]]
    changes = [CardChange(card.pk, {one.code: value}, _absences(card, one, value)) for card in meant]
    if not changes:
        raise NothingToChange
    refused: dict[uuid.UUID, str] = {}
    batch = apply_batch(
        kind,
        changes,
        origin=Batch.Origin.GROUP,
        title=f"{one.label}: {f'«{written(one, value)}»' if is_filled(value) else 'очищено'}",
        hand=hand,
        reason=plan.texts["basis"],
        refused=refused,
    )
    plan.texts, plan.base = {}, {"batch": str(batch.pk), "overtaken": len(old) - len(meant), "refused": len(refused)}
    plan.save()
    return Applied(batch, len(old) - len(meant), refused)


def is_long(plan: SectionDraft) -> bool:
    return len(plan.texts.get("old", ())) > AT_ONCE


@transaction.atomic
def queue_plan(kind: CardKind, plan: SectionDraft, *, hand: Hand) -> None:
    """Have the worker apply a long change to the cards that the person reaches now. Raises: ClosedToHand."""
    hand.refuse_closed(kind, [plan.texts["field"]])
    old: dict[str, Any] = plan.texts["old"]
    reached = set(map(str, hand.cards.filter(pk__in=list(old)).values_list("pk", flat=True)))
    plan.texts["old"] = {key: value for key, value in old.items() if key in reached}
    plan.base = {"state": "queued", "asked_at": timezone.now().isoformat(), "count": len(reached)}
    plan.save()
    want_task(APPLY_TASK, plan_id=str(plan.pk), kind=kind.code, by=hand.by)


def _place(kind: CardKind, account_id: uuid.UUID) -> Place:
    return Place(account_id=account_id, kind=kind.code, card_id=None, section=SECTION)


def _sorted_out(
    kind: CardKind, cards: Collection[CardModel], one: Field, value: Any
) -> tuple[list[CardModel], list[Line], int]:
    """Cards to change, cards that stay and why, and how many say it already."""
    today, target = timezone.localdate(), plain(value)
    is_ruled = any(one.code in rule.fields for rule in rules_of(kind.code))
    changing, skipped, equal = [], [], 0
    for card in cards:
        if kind.is_sealed(card) and one.code not in SEALED_OPEN:
            skipped.append(Line(card, why=SEALED.lower()))
        elif one.code in kind.hides(card):
            skipped.append(Line(card, why=PROTECTED))
        elif plain(value_of(card, one)) == target:
            equal += 1
        elif is_ruled and (said := _contradiction(kind, card, one, value, today)):
            skipped.append(Line(card, why=said))
        else:
            changing.append(card)
    return changing, skipped, equal


def _contradiction(kind: CardKind, card: CardModel, one: Field, value: Any, today: Any) -> str:
    values = values_of(card, common_fields(kind)) | {one.code: value}
    found = findings(kind.code, values, today)
    return next((said.sentence for said in found if said.level == "hard" and one.code in said.fields), "")


def _absences(card: CardModel, one: Field, value: Any) -> dict[str, str] | None:
    """A field that gets a value needs no explanation of its emptiness any more."""
    if one.code not in card.absences or not is_filled(value):
        return None
    return {code: why for code, why in card.absences.items() if code != one.code}


def _text(one: Field, value: Any, people: Mapping[str, str] | None) -> str:
    if one.kind == "person" and is_filled(value):
        return (people or {}).get(str(value), "выбран")
    return written(one, value) or "пусто"
