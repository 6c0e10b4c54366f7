"""Asking for records to be taken back, and what follows the word of the second person. Source: R-053, R-179."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.approvals.kinds import Kind
from shared.access.approvals.models import Approval
from shared.access.approvals.queries import ApprovalQuerySet
from shared.access.approvals.services import Signer, ask, place_of
from shared.copies.models import OfferedCopy
from shared.kernel.text import plural, thousands
from shared.messaging.services import want_task
from shared.tenancy import scopes
from tenants.recovery.bundles import chosen_of
from tenants.recovery.errors import NothingChosen, NothingToTake, RequestWaits, TooManyChosen
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES
from tenants.recovery.taking import Order, Outcome, Result, take_back

MOST: Final = 2000
COMPARE_TASK: Final = "recovery.compare"
TAKE_TASK: Final = "recovery.take_back"
SPECIAL_WORDS: Final = "вместе с особыми сведениями, если они отличаются"
GONE: Final = "Копию убрали или сравнение повторили: возвращать нечего. Выберите записи заново."


def _want_taking(approval: Approval) -> None:
    want_task(TAKE_TASK, approval_id=str(approval.pk))


TAKING: Final = Kind(
    "records.take_back",
    "Возврат записей из копии",
    ask="recovery.ask",
    decide="recovery.approve",
    on_approval=_want_taking,
    page=lambda approval: reverse("recovery:request", args=[approval.pk]),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: which records of which copy, in words without a name of anybody."""

    offer_id: uuid.UUID
    taken_at: str
    records: list[uuid.UUID]
    subject: str


def wish_of(offer: OfferedCopy, chosen: Collection[uuid.UUID], *, with_special: bool) -> Wish:
    """Read in the organization's own scope, before the request is made in ``accounts``.

    ``with_special``: also the special facts of the same cards; whoever may not see them learns nothing by it.
    Raises: NothingChosen, TooManyChosen, NothingToTake.
    """
    check_number(chosen)
    found = [one for one in chosen_of(offer.pk, chosen) if is_takeable(one)]
    if not found:
        raise NothingToTake
    records = {one.pk for one in found}
    if with_special:
        cards = {one.head_id for one in found if one.entity == "student"}
        closed = Difference.objects.of(offer.pk).filter(entity="student", head_id__in=cards, is_special=True)
        records |= set(closed.waiting().values_list("pk", flat=True))
    moment = f"{timezone.localtime(offer.taken_at):%d.%m.%Y %H:%M}"
    said = [told(one for one in found if not one.is_special), *([SPECIAL_WORDS] if with_special else [])]
    subject = f"Вернуть из копии на {moment}: {', '.join(filter(None, said)) or 'особые сведения'}"
    return Wish(offer.pk, moment, sorted(records), subject)


def check_number(chosen: Collection[uuid.UUID]) -> None:
    """Raises: NothingChosen, TooManyChosen."""
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST:
        raise TooManyChosen(count=thousands(len(chosen)), most=thousands(MOST))


def told(rows: Iterable[Difference]) -> str:
    """«обучающиеся — 3, приказы — 1»: how many cards, by their kind."""
    cards = {(one.entity, one.head_id) for one in rows}
    counts = Counter(entity for entity, _ in cards)
    return ", ".join(f"{ENTITIES[code].many.lower()} — {counts[code]}" for code in ENTITIES if code in counts)


def is_takeable(one: Difference) -> bool:
    return one.kind != Difference.Kind.LATER and one.outcome != Outcome.TAKEN and not one.barred


def ask_for(wish: Wish, *, actor: Actor, reason: str) -> Approval:
    """The request, in role ``accounts``; asked twice for the same it is one."""
    digest = hashlib.sha256(",".join(map(str, wish.records)).encode()).hexdigest()
    return ask(
        TAKING,
        place=place_of(actor),
        by=Signer.of(actor),
        subject=wish.subject,
        reason=reason,
        arguments={"offer": wish.offer_id, "records": wish.records},
        same=[str(wish.offer_id), digest],
    )


def requests_of(offer_id: uuid.UUID | None = None) -> ApprovalQuerySet:
    """Requests of this organization: row security shows its role no others."""
    found = Approval.objects.filter(kind=TAKING.code)
    return found if offer_id is None else found.filter(arguments__offer=str(offer_id))


def compare_again(offer: OfferedCopy) -> None:
    """Have the worker compare once more. Raises: RequestWaits."""
    waiting = requests_of(offer.pk).waiting().first()
    if waiting is not None:
        raise RequestWaits(number=waiting.number)
    OfferedCopy.objects.filter(pk=offer.pk).update(state=OfferedCopy.State.WAITING, failure="")
    want_task(COMPARE_TASK, offer_id=str(offer.pk))


def carry_out(approval_id: uuid.UUID) -> None:
    """Take back what a second person has allowed; each step in its own scope, so done twice it changes nothing more."""
    with scopes.enter(scopes.of_accounts().reading()):
        approval = Approval.objects.select_related("organization").get(pk=approval_id, kind=TAKING.code)
    if approval.decision != Approval.Decision.APPROVED or approval.executed_at is not None:
        return
    assert approval.organization is not None
    order = Order(approval.pk, approval.number, approval.reason, approval.decided_by_name)
    scope = scopes.of_organization(approval.organization.schema_name)
    try:
        with scopes.enter(scope.by(approval.asked_by, "", approval.asked_by_name)):
            offer = OfferedCopy.objects.filter(pk=approval.arguments["offer"]).first()
            if offer is None:
                raise NothingToTake
            chosen = [uuid.UUID(key) for key in approval.arguments["records"]]
            outcome = _outcome(take_back(offer=offer, chosen=chosen, order=order))
    except NothingToTake:
        outcome = GONE
    with scopes.enter(scopes.of_accounts().by(approval.decided_by, "", approval.decided_by_name)):
        done: dict[str, Any] = {"executed_at": timezone.now(), "outcome": outcome[:400]}
        Approval.objects.filter(pk=approval.pk, executed_at=None).update(**done)


def _outcome(result: Result) -> str:
    """Counts for the request, which people without a right to special facts read too."""
    done, refused, before = (
        sum(1 for one in rows if not one.is_special) for rows in (result.done, result.refused, result.before)
    )
    words = f"Возвращено записей: {thousands(done)}."
    if refused:
        many = plural(refused, "записи,записям,записям")
        words += f" Отказано: {thousands(refused)} {many}, причины — на странице запроса."
    if before:
        words += f" Возвращены раньше: {thousands(before)}."
    return words
