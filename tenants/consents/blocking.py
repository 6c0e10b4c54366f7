"""What the organization does with data whose consent is withdrawn: 30 days to name a ground or destroy them.

Source: 152-ФЗ ст. 21 ч. 5, ORGANIZATION 3.3.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction

from shared.tenancy.scopes import give_reason
from tenants.cards.forgetting import forget, with_merged
from tenants.consents.errors import NothingToDecide
from tenants.consents.models import BlockedDecision, Consent
from tenants.intake.models import ImportChange, SealedDraft
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
    """Empty everything that says who it is; birth date and sex stay, as the past counts stand on them.

    Also of the cards that became this one, and of everything that lies beside them: drafts, files, taken changes.
    """
    cards = with_merged("student", student.pk)
    StudentSpecial.objects.filter(student__in=cards).delete()
    DeviantRecord.objects.filter(student__in=cards).delete()
    FormerDocument.objects.filter(student__in=cards).delete()
    FormerAddress.objects.filter(student__in=cards).delete()
    for achievement in Achievement.objects.filter(student__in=cards):
        remove_achievement(achievement=achievement)
    student.certificates.update(holder="", holder_dative="")  # type: ignore[attr-defined]  # an app above this one
    Consent.objects.filter(student__in=cards).update(guardian=None, signer="")
    links = dict(GuardianLink.objects.filter(student__in=cards).values_list("pk", "guardian_id"))
    GuardianLink.objects.filter(pk__in=links).delete()
    _destroy_guardians(links.values())
    forget("student", cards, rows=links)
    ImportChange.objects.filter(key__in=cards).delete()
    _destroy_drafts(Student.objects.filter(pk__in=cards))
    _empty(cards)


def _destroy_guardians(known: Collection[uuid.UUID]) -> None:
    """Those of them who represent nobody else here go with the learner."""
    alone = Guardian.objects.filter(pk__in=known, links=None)
    Consent.objects.filter(student=None, guardian__in=alone).delete()
    for guardian in alone.filter(consents=None):
        cards = with_merged("guardian", guardian.pk)
        forget("guardian", cards)
        ImportChange.objects.filter(key__in=cards).delete()
        guardian.delete()


def _destroy_drafts(students: Collection[Student]) -> None:
    """Rows of files that waited for the consent and have become these cards."""
    last_name, first_name = DESTROYED
    blank = {"last_name": last_name, "first_name": first_name, "patronymic": "", "values": {}}
    opened = SealedDraft.objects.exclude(opened_on=None)
    for one in students:
        name = {"last_name": one.last_name, "first_name": one.first_name, "patronymic": one.patronymic}
        opened.filter(**name, birth_date=one.birth_date).update(**blank)


def _empty(cards: Collection[uuid.UUID]) -> None:
    texts = ("patronymic", "snils", "birth_place", "personal_file_no", "native_language", "instruction_language")
    document = ("doc_type", "doc_series", "doc_number", "doc_issued_by", "doc_act_number", "doc_department_code")
    blank = dict.fromkeys((*texts, *document, "address", "registration_address", "phone", "email"), "")
    last_name, first_name = DESTROYED
    Student.objects.filter(pk__in=cards).update(
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
