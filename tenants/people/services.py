"""Cards of learners and of those who represent them. Source: ORGANIZATION 2.3, 2.4, 3."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.db import transaction

from shared.kernel.names import match_key, sort_key
from shared.kernel.rules import constraint_means
from tenants.consents.services import (
    SignedPaper,
    correct_day,
    correct_guardian_day,
    record_guardian_consent,
    record_learner_consent,
)
from tenants.handup.services import hand_up
from tenants.people.errors import ConsentMissing, SameNameKnown, StudentBlocked, StudentKnown
from tenants.people.models import Guardian, GuardianLink, Student

UNKNOWN: Final = "система"  # who recorded, where no person asked


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFacts:
    """What a card says of a learner; an absent text is ''."""

    last_name: str
    first_name: str
    patronymic: str = ""
    birth_date: datetime.date
    sex: str
    snils: str = ""
    citizenship: str = "RUS"
    doc_type: str = ""
    doc_series: str = ""
    doc_number: str = ""
    doc_issued_on: datetime.date | None = None
    doc_issued_by: str = ""
    address: str = ""
    registration_address: str = ""
    phone: str = ""
    email: str = ""
    health_limits: bool = False
    disability: bool = False
    is_address_protected: bool = False
    consent_on: datetime.date | None = None

    @property
    def card(self) -> dict[str, Any]:  # Any: columns of the card
        """Everything but the consent, which is recorded in its register."""
        return {name: value for name, value in asdict(self).items() if name != "consent_on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianFacts:
    """A representative and his relation to the child (classifier guardian_relation).

    ``known_id`` says which known person is meant; without ``consent_on`` everything beyond his name stays sealed.
    ``keeps_phone``: an empty telephone was not shown, so it is not erased.
    """

    last_name: str
    first_name: str = ""
    patronymic: str = ""
    phone: str = ""
    relation: str = ""
    consent_on: datetime.date | None = None
    known_id: uuid.UUID | None = None
    keeps_phone: bool = False

    @property
    def name(self) -> dict[str, str]:
        return {"last_name": self.last_name, "first_name": self.first_name, "patronymic": self.patronymic}

    @property
    def key(self) -> str:
        return sort_key(f"{self.last_name} {self.first_name} {self.patronymic}")


@transaction.atomic
def create_student(
    *, facts: StudentFacts, guardians: Sequence[GuardianFacts] = (), is_namesake: bool = False, recorded_by: str = ""
) -> Student:
    """A card by written consent, which is recorded with it; an equal child is looked for first.

    Source: KK П 5.4. Raises: ConsentMissing, StudentKnown, StudentBlocked, SameNameKnown (unless ``is_namesake``).
    """
    if facts.consent_on is None:
        raise ConsentMissing
    if not is_namesake:
        _refuse_same_name(facts)
    student = Student(**facts.card, consent_on=facts.consent_on)
    _save(student)
    record_learner_consent(
        student=student, paper=SignedPaper(signed_on=facts.consent_on, recorded_by=recorded_by or UNKNOWN)
    )
    record_guardians(student=student, guardians=guardians, recorded_by=recorded_by)
    return student


@transaction.atomic
def edit_student(
    *,
    student: Student,
    facts: StudentFacts,
    guardians: Sequence[GuardianFacts] | None = None,
    recorded_by: str = "",
) -> Student:
    """Correct a card and tell the registry about every place of the learner; None leaves the guardians as they are.

    Raises: ConsentMissing, StudentKnown, StudentBlocked.
    """
    if facts.consent_on is None:
        raise ConsentMissing
    student = Student.objects.known().select_for_update(of=("self",)).get(pk=student.pk)
    for name, value in facts.card.items():
        setattr(student, name, value)
    _save(student)
    correct_day(student=student, signed_on=facts.consent_on)
    if guardians is not None:
        record_guardians(student=student, guardians=guardians, recorded_by=recorded_by)
    hand_up(list(student.enrollments.values_list("pk", flat=True)))
    student.refresh_from_db()
    return student


@transaction.atomic
def record_guardians(*, student: Student, guardians: Iterable[GuardianFacts], recorded_by: str = "") -> None:
    """The child's representatives are exactly these; one person is one record, also for brothers and sisters."""
    held = {link.guardian_id: link.guardian for link in student.guardian_links.select_related("guardian")}
    kept = []
    for facts in guardians:
        guardian = _guardian(facts, held)
        link, _ = GuardianLink.objects.update_or_create(
            student=student, guardian=guardian, defaults={"relation": facts.relation}
        )
        kept.append(link.pk)
        if facts.consent_on is not None:
            _agree(guardian, facts.consent_on, recorded_by or UNKNOWN)
    GuardianLink.objects.filter(student=student).exclude(pk__in=kept).delete()


def _guardian(facts: GuardianFacts, held: Mapping[uuid.UUID, Guardian]) -> Guardian:
    """Whom the facts mean; a telephone that was not shown is not taken for an erased one."""
    meant = held.get(facts.known_id) if facts.known_id else None
    if meant is not None and not facts.phone and (meant.is_sealed or facts.keeps_phone):
        facts = replace(facts, phone=meant.phone)
    known = Guardian.objects.filter(sort_name=facts.key, phone=facts.phone).first()
    if known is not None:
        return known
    if meant is None:
        return Guardian.objects.create(**facts.name, phone=facts.phone)
    for name, value in (facts.name | {"phone": facts.phone}).items():
        setattr(meant, name, value)
    meant.save(update_fields=[*facts.name, "phone"])
    return meant


def _agree(guardian: Guardian, consent_on: datetime.date, recorded_by: str) -> None:
    """His consent of that day: the first one, a new one after a withdrawal, or the day corrected."""
    if guardian.is_sealed:
        record_guardian_consent(guardian=guardian, paper=SignedPaper(signed_on=consent_on, recorded_by=recorded_by))
    else:
        correct_guardian_day(guardian=guardian, signed_on=consent_on)


def _refuse_same_name(facts: StudentFacts) -> None:
    born_then = Student.objects.kept().filter(birth_date=facts.birth_date)
    if facts.snils:
        born_then = born_then.exclude(snils=facts.snils)  # the number itself is refused by the database
    wanted = match_key(f"{facts.last_name} {facts.first_name} {facts.patronymic}".strip())
    for student in born_then:
        if match_key(student.real_name) == wanted:
            if student.is_blocked:
                raise StudentBlocked
            raise SameNameKnown(student=student, birth_date=f"{student.birth_date:%d.%m.%Y}")


def _save(student: Student) -> None:
    same = Student.objects.kept().filter(snils=student.snils).exclude(pk=student.pk) if student.snils else None
    known = same.first() if same is not None else None
    refusal = StudentBlocked() if known and known.is_blocked else StudentKnown(student=known or "другой ученик")
    with constraint_means("student_one_per_snils", refusal):
        student.save()
