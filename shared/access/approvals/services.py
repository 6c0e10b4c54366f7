"""Asking and deciding. Everything runs in role ``accounts``; the database refuses the asker as decider."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.approvals.errors import AlreadyDecided, AlreadyUsed, OwnRequest, RequestLapsed
from shared.access.approvals.kinds import Kind, kind_of
from shared.access.approvals.models import WAITS, Approval
from shared.access.approvals.queries import DecisionPlace
from shared.kernel.rules import constraint_means

OPERATOR_PLACE: Final = DecisionPlace()


@dataclass(frozen=True, slots=True)
class Signer:
    """Who asks or decides, as the log names him: an account, or ``console:<OS user>``."""

    actor: str
    name: str

    @classmethod
    def of(cls, actor: Actor) -> Signer:
        return cls(str(actor.account_id), actor.signature)


def place_of(actor: Actor) -> DecisionPlace:
    """Where a person decides on this host."""
    here = actor.here[0]
    return DecisionPlace(here.organization_id, here.authority_id)


def ask(
    kind: Kind,
    *,
    place: DecisionPlace,
    by: Signer,
    subject: str,
    reason: str,
    arguments: dict[str, Any],
    same: list[str],
) -> Approval:
    """A request for a second signature. One that waits for the same thing (``same``) is returned instead of another."""
    key = _key(kind, place, same)
    now = timezone.now()
    with transaction.atomic():
        lapsed = Approval.objects.filter(key=key, decision="", expires_at__lte=now)
        lapsed.update(decision=Approval.Decision.LAPSED, decided_at=now)
        approval = Approval(
            kind=kind.code,
            organization_id=place.organization_id,
            authority_id=place.authority_id,
            subject=subject[:400],
            arguments=arguments,
            key=key,
            asked_by=by.actor,
            asked_by_name=by.name,
            asked_at=now,
            reason=reason[:300],
            expires_at=now + WAITS,
        )
        # Two requests pressed at once: the second waits for the first and finds it.
        Approval.objects.bulk_create([approval], ignore_conflicts=True)
        return Approval.objects.get(key=key, decision="")


def decide(*, approval_id: uuid.UUID, place: DecisionPlace, by: Signer, is_approved: bool, reason: str) -> Approval:
    """Another person's word; what was asked for happens with it, or does not. Two at once: one decides.

    Raises: OwnRequest, AlreadyDecided, RequestLapsed, Approval.DoesNotExist (of another place).
    """
    with transaction.atomic():
        approval = Approval.objects.of(place).select_for_update(of=("self",)).get(pk=approval_id)
        own = OwnRequest(number=approval.number)
        if approval.asked_by == by.actor:
            raise own
        if approval.decision:
            raise AlreadyDecided(number=approval.number, decision=approval.get_decision_display().lower())
        if not approval.is_waiting:
            raise RequestLapsed(number=approval.number)
        approval.decision = Approval.Decision.APPROVED if is_approved else Approval.Decision.REFUSED
        approval.decided_by, approval.decided_by_name = by.actor, by.name
        approval.decided_at, approval.decision_reason = timezone.now(), reason[:300]
        with constraint_means("approval_two_people", own):
            approval.save(update_fields=["decision", "decided_by", "decided_by_name", "decided_at", "decision_reason"])
        after = kind_of(approval).on_approval
        if is_approved and after is not None:
            after(approval)
    return approval


@dataclass(frozen=True)
class OneUse:
    """An approved request that an answer uses up; pressed twice at once, one gets it."""

    approval: uuid.UUID
    number: int
    since: datetime.datetime

    def pay(self) -> None:
        """Raises: AlreadyUsed."""
        usable = Approval.objects.usable(self.since).filter(pk=self.approval)
        if not usable.update(executed_at=timezone.now()):
            raise AlreadyUsed(number=self.number)


def _key(kind: Kind, place: DecisionPlace, same: list[str]) -> str:
    text = json.dumps([kind.code, str(place.organization_id), place.authority_id, *same], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
