"""Remarks on data: sent by an authority, answered by the organization, accepted or returned. Source: R-160, R-293.

Row security decides whose remark it is; a state that has moved on meanwhile is a refusal.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from shared.organizations.models import Organization
from shared.quality.errors import NobodyToRemark, RemarkNotAnswered, RemarkNotAwaited
from shared.quality.models import Remark


@dataclass(frozen=True, slots=True)
class Sender:
    """The authority and the person who writes in its name."""

    authority_id: int
    authority_name: str
    name: str


@transaction.atomic
def send_remarks(
    *, organizations: Sequence[Organization], kind: str, text: str, due_on: datetime.date, by: Sender
) -> list[Remark]:
    """The same remark to each of these organizations; they see it on their home page at once.

    Raises: NobodyToRemark.
    """
    if not organizations:
        raise NobodyToRemark
    remarks = [
        Remark(
            organization_id=one.pk,
            authority_id=by.authority_id,
            authority_name=by.authority_name,
            kind=kind,
            text=text,
            due_on=due_on,
            sent_by=by.name,
        )
        for one in organizations
    ]
    return Remark.objects.bulk_create(remarks)


@transaction.atomic
def answer_remark(*, remark_id: uuid.UUID, answer: str, by: str) -> None:
    """What the organization has done. Raises: RemarkNotAwaited."""
    written = (
        Remark.objects.waiting()
        .filter(pk=remark_id)
        .update(state=Remark.State.ANSWERED, answer=answer, answered_by=by, answered_at=timezone.now())
    )
    if not written:
        raise RemarkNotAwaited


@transaction.atomic
def accept_answer(*, remark_id: uuid.UUID, by: Sender) -> None:
    """The data are in order now. Raises: RemarkNotAnswered."""
    _decide(remark_id, by, state=Remark.State.ACCEPTED)


@transaction.atomic
def return_answer(*, remark_id: uuid.UUID, verdict: str, due_on: datetime.date, by: Sender) -> None:
    """Something is left to correct, by a new day. Raises: RemarkNotAnswered."""
    _decide(remark_id, by, state=Remark.State.RETURNED, verdict=verdict, due_on=due_on)


def _decide(remark_id: uuid.UUID, by: Sender, **values: str | datetime.date) -> None:
    answered = Remark.objects.filter(pk=remark_id, authority_id=by.authority_id, state=Remark.State.ANSWERED)
    if not answered.update(decided_by=by.name, decided_at=timezone.now(), **values):
        raise RemarkNotAnswered
