"""What families ask of their data, and the organization's answers in the term. Source: R-170, ORGANIZATION 3.5."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction

from shared.kernel.workdays import working_days_after
from tenants.consents.errors import RequestAnswered, RequestKnown
from tenants.consents.models import Consent, SubjectRequest
from tenants.consents.services import withdraw
from tenants.people.models import Student

TERM_WORKING_DAYS = 7


@transaction.atomic
def ask(
    *,
    student: Student,
    kind: str,
    text: str,
    author_id: uuid.UUID,
    author_name: str,
    today: datetime.date,
    field: str = "",
    consent: Consent | None = None,
) -> SubjectRequest:
    """A request of the family: a correction of a field, or the withdrawal of a consent. Raises: RequestKnown."""
    waiting = SubjectRequest.objects.waiting().filter(student=student, kind=kind, field=field, consent=consent)
    known = waiting.first()
    if known is not None:
        raise RequestKnown(day=f"{known.due_on:%d.%m.%Y}")
    return SubjectRequest.objects.create(
        student=student,
        kind=kind,
        consent=consent,
        field=field,
        text=text,
        author_id=author_id,
        author_name=author_name,
        made_on=today,
        due_on=working_days_after(today, TERM_WORKING_DAYS),
    )


@transaction.atomic
def answer(
    *, request: SubjectRequest, is_done: bool, text: str, answered_by: str, today: datetime.date
) -> SubjectRequest:
    """Answer once; a withdrawal that is done is recorded in the register with it.

    Raises: RequestAnswered, ConsentAlreadyWithdrawn, ConsentReplaced.
    """
    request = SubjectRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.status != SubjectRequest.Status.NEW:
        raise RequestAnswered(day=f"{request.answered_on:%d.%m.%Y}" if request.answered_on else "")
    if is_done and request.consent is not None:
        reason = f"Заявление от {request.made_on:%d.%m.%Y}"
        withdraw(consent=request.consent, withdrawn_on=request.made_on, reason=reason, recorded_by=answered_by)
    request.status = SubjectRequest.Status.DONE if is_done else SubjectRequest.Status.REFUSED
    request.answer, request.answered_by, request.answered_on = text, answered_by, today
    request.save(update_fields=["status", "answer", "answered_by", "answered_on"])
    return request
