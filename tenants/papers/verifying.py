"""What a stranger with a code is told: the kind of paper, its number and day, whether it is in force, initials."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from shared.kernel.text import NBSP
from tenants.papers.models import Certificate, PaperKind, Printing
from tenants.people.models import Student


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole answer; nothing else about a person leaves."""

    kind: str
    number: str
    day: datetime.date
    is_valid: bool
    initials: str = ""
    void_on: datetime.date | None = None


def verdict_of(code: str) -> Verdict | None:
    """The paper of a stored code, or None: such a code was never given here."""
    certificate = Certificate.objects.filter(code=code).select_related("student").first()
    if certificate is not None:
        return Verdict(
            kind=certificate.get_kind_display(),
            number=str(certificate.number),
            day=certificate.issued_on,
            is_valid=not certificate.is_annulled,
            initials=initials_of(certificate.student),
            void_on=certificate.annulled_on,
        )
    printing = Printing.objects.filter(code=code).first()
    if printing is None:
        return None
    return Verdict(
        kind=printing.get_kind_display(),
        number=printing.copy,
        day=timezone.localdate(printing.printed_at),
        is_valid=printing.state != Printing.State.DESTROYED,
        initials=_initials_of_card(printing),
        void_on=printing.act_on if printing.state == Printing.State.DESTROYED else None,
    )


def initials_of(student: Student) -> str:
    """«А. В. Р.»; nothing of whose consent is withdrawn, and of a card that was taken back."""
    if student.is_blocked or student.is_annulled:
        return ""
    names = (student.last_name, student.first_name, student.patronymic)
    return NBSP.join(f"{name[0].upper()}." for name in names if name)


def _initials_of_card(printing: Printing) -> str:
    if printing.kind != PaperKind.CARD:
        return ""
    student = Student.objects.filter(pk__in=printing.subjects).first()
    return initials_of(student) if student else ""
