"""The one writer of consents and of the two days that repeat them on cards. Source: ORGANIZATION 3, KK П 5.4.

A learner's withdrawal blocks him and tells the registry in the same transaction; a new consent lifts the block.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shared.kernel.rules import constraint_means
from shared.tenancy.scopes import give_reason
from tenants.consents.errors import (
    ConsentAlreadyWithdrawn,
    ConsentBeforeWithdrawal,
    ConsentPeriodBroken,
    ConsentReplaced,
    ConsentTermBroken,
    SignerHasNoRight,
)
from tenants.consents.models import Consent, SubjectKind
from tenants.consents.terms import terms_in_force
from tenants.files.models import StoredFile
from tenants.handup.services import hand_up
from tenants.people.models import Guardian, Student
from tenants.staff.models import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPaper:
    """What stands on the signed form; an absent number is given by the organization's own count."""

    signed_on: datetime.date
    recorded_by: str
    number: str = ""
    valid_until: datetime.date | None = None
    signer: str = ""
    scan: StoredFile | None = None


def suggested_number(day: datetime.date) -> str:
    """The next number of the year: «2026/17»."""
    head = f"{day.year}/"
    numbers: Iterable[str] = Consent.objects.filter(number__startswith=head).values_list("number", flat=True)
    used = [int(tail) for tail in (number.removeprefix(head) for number in numbers) if tail.isdecimal()]
    return f"{head}{max(used, default=0) + 1}"


@transaction.atomic
def record_learner_consent(
    *, student: Student, paper: SignedPaper, kind: str = "student", guardian: Guardian | None = None
) -> Consent:
    """A consent for a learner: the former one of this kind becomes history, a block is lifted.

    Raises: SignerHasNoRight, ConsentBeforeWithdrawal, ConsentTermBroken.
    """
    student = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if guardian is not None and not student.guardian_links.legal().filter(guardian=guardian).exists():  # type: ignore[attr-defined]
        raise SignerHasNoRight(signer=guardian)
    signer = paper.signer or (str(guardian) if guardian else "")
    former = Consent.objects.current().filter(subject_kind=SubjectKind.LEARNER, student=student, kind=kind)
    consent = _record(
        former, Consent(subject_kind=SubjectKind.LEARNER, student=student, guardian=guardian, kind=kind), paper, signer
    )
    if consent.is_processing:
        _project(consent)
    return consent


@transaction.atomic
def record_guardian_consent(*, guardian: Guardian, paper: SignedPaper, kind: str = "guardian") -> Consent:
    """A guardian's consent for his own data, which are shown from now on.

    Raises: ConsentBeforeWithdrawal, ConsentTermBroken.
    """
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk)
    former = Consent.objects.current().filter(subject_kind=SubjectKind.GUARDIAN, guardian=guardian, kind=kind)
    consent = _record(
        former, Consent(subject_kind=SubjectKind.GUARDIAN, guardian=guardian, kind=kind), paper, str(guardian)
    )
    if consent.is_processing:
        _project(consent)
    return consent


@transaction.atomic
def record_employee_consent(*, employee_id: uuid.UUID, paper: SignedPaper, kind: str = "staff") -> Consent:
    """An employee's consent. Source: R-205 (KK Прил.1 1.4). Raises: ConsentBeforeWithdrawal, ConsentTermBroken."""
    former = Consent.objects.current().filter(subject_kind=SubjectKind.EMPLOYEE, employee_id=employee_id, kind=kind)
    fresh = Consent(subject_kind=SubjectKind.EMPLOYEE, employee_id=employee_id, kind=kind)
    consent = _record(former, fresh, paper, paper.signer)
    if consent.is_processing:
        _project(consent)
    return consent


@transaction.atomic
def withdraw(*, consent: Consent, withdrawn_on: datetime.date, reason: str, recorded_by: str) -> Consent:
    """Record a withdrawal (отзыв): a learner is blocked and handed up in this transaction, a guardian is sealed.

    Source: 152-ФЗ ст. 9 ч. 2, ст. 21 ч. 5. Raises: ConsentAlreadyWithdrawn, ConsentReplaced, ConsentPeriodBroken.
    """
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if consent.withdrawn_on is not None:
        raise ConsentAlreadyWithdrawn(consent=consent, day=f"{consent.withdrawn_on:%d.%m.%Y}")
    if not consent.is_current:
        raise ConsentReplaced(consent=consent)
    give_reason(f"Отзыв согласия: {reason}")
    consent.withdrawn_on, consent.withdrawal_reason, consent.withdrawn_by = withdrawn_on, reason, recorded_by
    with constraint_means("consent_withdrawn_after_signed", ConsentPeriodBroken()):
        consent.save(update_fields=["withdrawn_on", "withdrawal_reason", "withdrawn_by"])
    if consent.is_processing:
        _project(consent)
    return consent


@transaction.atomic
def attach_scan(*, consent: Consent, scan: StoredFile) -> None:
    """The signed form, scanned."""
    consent.scan = scan
    consent.save(update_fields=["scan"])


def deadline_of(withdrawn_on: datetime.date) -> datetime.date:
    """By when withdrawn data are destroyed or another ground is named: 30 days. Source: 152-ФЗ ст. 21 ч. 5."""
    return withdrawn_on + datetime.timedelta(days=30)


def _record(former: QuerySet[Consent], fresh: Consent, paper: SignedPaper, signer: str) -> Consent:
    last = former.select_for_update(of=("self",)).first()
    if last is not None:
        if last.withdrawn_on is not None and paper.signed_on < last.withdrawn_on:
            raise ConsentBeforeWithdrawal(day=f"{last.withdrawn_on:%d.%m.%Y}")
        last.is_current = False
        last.save(update_fields=["is_current"])
    fresh.terms = terms_in_force(fresh.kind)
    fresh.signed_on, fresh.valid_until, fresh.scan = paper.signed_on, paper.valid_until, paper.scan
    fresh.number = paper.number or suggested_number(paper.signed_on)
    fresh.signer, fresh.recorded_by = signer, paper.recorded_by
    with constraint_means("consent_term_after_signed", ConsentTermBroken()):
        fresh.save(force_insert=True)
    return fresh


def _project(consent: Consent) -> None:
    """Repeat a consent to processing on the card of its subject."""
    if consent.student is not None:
        _project_learner(consent, consent.student)
    elif consent.guardian is not None:
        _project_guardian(consent, consent.guardian)
    elif consent.employee_id is not None:
        _project_employee(consent, consent.employee_id)


def _project_learner(consent: Consent, student: Student) -> None:
    """The registry learns of every place of the learner."""
    days = {"consent_on": consent.signed_on, "consent_withdrawn_on": consent.withdrawn_on}
    if days == {name: getattr(student, name) for name in days}:
        return
    Student.objects.filter(pk=student.pk).update(**days, updated_at=timezone.now())
    hand_up(list(student.enrollments.values_list("pk", flat=True)))


def _project_guardian(consent: Consent, guardian: Guardian) -> None:
    Guardian.objects.filter(pk=guardian.pk).update(
        consent_on=consent.signed_on, consent_withdrawn_on=consent.withdrawn_on
    )


def _project_employee(consent: Consent, employee_id: uuid.UUID) -> None:
    """A consent recorded before the card is in the system names an employee without one."""
    StaffMember.objects.filter(pk=employee_id).update(
        consent_on=consent.signed_on, consent_withdrawn_on=consent.withdrawn_on
    )
