"""Issuing and annulling certificates. Numbers of one issue are taken together, rows are written together."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from shared.documents.codes import new_code
from tenants.papers.errors import AlreadyAnnulled, NeverStudied, NotStudying
from tenants.papers.models import BY_PLACE_OF_DEMAND, Certificate, Numbering, PaperKind
from tenants.papers.numbering import take_numbers
from tenants.papers.wording import dative_of, facts_of
from tenants.people.models import Student


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is ordered, the same for everybody it is issued to."""

    kind: str
    signer_post: str
    signer_name: str
    destination: str = BY_PLACE_OF_DEMAND
    purpose: str = ""


@dataclass(slots=True)
class Issued:
    """What came of an issue: certificates in the order of the learners, and for whom there was nothing to certify."""

    certificates: list[Certificate] = field(default_factory=list)
    skipped: list[Student] = field(default_factory=list)


@transaction.atomic
def issue_certificates(
    students: Iterable[Student],
    *,
    wish: Wish,
    day: datetime.date,
    issued_by: str,
    datives: Mapping[uuid.UUID, str] | None = None,
) -> Issued:
    """Certificates for learners read ``with_places``: two statements for the numbers, one for the rows.

    ``datives``: names the clerk has put into the dative himself.
    """
    issued, facts = Issued(), {}
    for student in students:
        found = facts_of(student, wish.kind, day)
        if found is None:
            issued.skipped.append(student)
        else:
            facts[student] = found
    numbers = take_numbers(Numbering.Register.CERTIFICATES, day.year, len(facts)) if facts else range(0)
    issued.certificates = Certificate.objects.bulk_create(
        Certificate(
            student=student,
            kind=wish.kind,
            year=day.year,
            number=number,
            issued_on=day,
            holder=student.real_name,
            holder_dative=(datives or {}).get(student.pk) or dative_of(student),
            facts=facts[student],
            destination=wish.destination,
            purpose=wish.purpose,
            signer_post=wish.signer_post,
            signer_name=wish.signer_name,
            code=new_code(),
            issued_by=issued_by,
        )
        for student, number in zip(facts, numbers, strict=True)
    )
    return issued


@transaction.atomic
def issue_certificate(
    student: Student, *, wish: Wish, day: datetime.date, issued_by: str, dative: str = ""
) -> Certificate:
    """One certificate from the card. Raises: NotStudying, NeverStudied."""
    datives = {student.pk: dative} if dative else {}
    issued = issue_certificates([student], wish=wish, day=day, issued_by=issued_by, datives=datives)
    if issued.skipped:
        refusal = NeverStudied if wish.kind == PaperKind.PERIOD else NotStudying
        raise refusal(name=student.full_name)
    return issued.certificates[0]


@transaction.atomic
def annul_certificate(certificate: Certificate, *, reason: str, day: datetime.date, annulled_by: str) -> Certificate:
    """The number stays taken, the page of verification says that the paper is void. Raises: AlreadyAnnulled."""
    found = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if found.is_annulled:
        raise AlreadyAnnulled(certificate=found)
    found.status = Certificate.Status.ANNULLED
    found.annulled_on, found.annulled_by, found.annulled_reason = day, annulled_by, reason
    found.save(update_fields=["status", "annulled_on", "annulled_by", "annulled_reason"])
    return found


def count_prints(certificates: Iterable[Certificate]) -> None:
    """These certificates are being printed now."""
    keys = [one.pk for one in certificates]
    Certificate.objects.filter(pk__in=keys).update(print_count=F("print_count") + 1)
