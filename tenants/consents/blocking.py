"""What the organization does with data whose consent is withdrawn: 30 days to name a ground or destroy them.

Source: 152-ФЗ ст. 21 ч. 5, ORGANIZATION 3.3.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from shared.tenancy.scopes import give_reason
from tenants.consents.errors import NothingToDecide
from tenants.consents.models import BlockedDecision, Consent
from tenants.people.achievements import remove_achievement
from tenants.people.models import (
    Achievement,
    DeviantRecord,
    FormerAddress,
    FormerDocument,
    Guardian,
    GuardianLink,
    Student,
    StudentSpecial,
)

DESTROYED = ("Данные", "уничтожены")


@transaction.atomic
def decide_blocked(
    *,
    student: Student,
    decision: str,
    ground: str,
    act_number: str,
    decided_on: datetime.date,
    decided_by: str,
    kept_until: datetime.date | None = None,
) -> BlockedDecision:
    """Write the decision, and destroy the data where that is the decision; the counts keep their places.

    Raises: NothingToDecide.
    """
    student = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    consent = withdrawn_consent(student)
    if consent is None or BlockedDecision.objects.filter(consent=consent).exists():
        raise NothingToDecide
    give_reason(f"Акт № {act_number}: {ground}")
    made = BlockedDecision.objects.create(
        consent=consent,
        decision=decision,
        ground=ground,
        kept_until=kept_until,
        act_number=act_number,
        decided_on=decided_on,
        decided_by=decided_by,
    )
    if decision == BlockedDecision.Decision.DESTROY:
        _destroy(student)
    return made


def withdrawn_consent(student: Student) -> Consent | None:
    """The consent whose withdrawal blocks the learner; None once he has given a new one."""
    current = Consent.objects.current().processing_of_learners().filter(student=student)
    return current.exclude(withdrawn_on=None).select_related("student", "decision").first()


def _destroy(student: Student) -> None:
    """Empty everything that says who it is; birth date and sex stay, as the past counts stand on them."""
    StudentSpecial.objects.filter(student=student).delete()
    DeviantRecord.objects.filter(student=student).delete()
    FormerDocument.objects.filter(student=student).delete()
    FormerAddress.objects.filter(student=student).delete()
    for achievement in Achievement.objects.filter(student=student):
        remove_achievement(achievement=achievement)
    guardians = list(student.guardian_links.values_list("guardian_id", flat=True))
    student.certificates.update(holder="", holder_dative="")  # type: ignore[attr-defined]  # an app above this one
    GuardianLink.objects.filter(student=student).delete()
    alone = Guardian.objects.filter(pk__in=guardians, links=None)
    Consent.objects.filter(student=student).update(guardian=None, signer="")
    Consent.objects.filter(student=None, guardian__in=alone).delete()
    alone.filter(consents=None).delete()
    texts = ("patronymic", "snils", "birth_place", "personal_file_no", "native_language", "instruction_language")
    document = ("doc_type", "doc_series", "doc_number", "doc_issued_by", "doc_act_number", "doc_department_code")
    blank = dict.fromkeys((*texts, *document, "address", "registration_address", "phone", "email"), "")
    last_name, first_name = DESTROYED
    Student.objects.filter(pk=student.pk).update(
        **blank,
        last_name=last_name,
        first_name=first_name,
        doc_issued_on=None,
        home_pc=None,
        absences={},
        confirmed_on=None,
        confirmed_by="",
        is_address_protected=False,
        account_id=None,
    )
