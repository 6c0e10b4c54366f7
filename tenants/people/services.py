"""Cards of learners and of those who represent them. Source: ORGANIZATION 2.3, 2.4, 3."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass

from django.db import transaction

from shared.kernel.names import match_key, sort_key
from shared.kernel.rules import constraint_means
from tenants.handup.services import hand_up
from tenants.people.errors import ConsentMissing, ConsentPeriodBroken, SameNameKnown, StudentKnown
from tenants.people.models import Guardian, GuardianLink, Student


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
    consent_on: datetime.date | None = None
    consent_withdrawn_on: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianFacts:
    """A representative and his relation to the child (classifier guardian_relation)."""

    last_name: str
    first_name: str = ""
    patronymic: str = ""
    phone: str = ""
    relation: str = ""


@transaction.atomic
def create_student(
    *, facts: StudentFacts, guardians: Sequence[GuardianFacts] = (), is_namesake: bool = False
) -> Student:
    """A card by written consent; an equal child is looked for first.

    Source: KK П 5.4. Raises: ConsentMissing, StudentKnown, SameNameKnown (unless ``is_namesake``), ConsentPeriodBroken.
    """
    if facts.consent_on is None:
        raise ConsentMissing
    if not is_namesake:
        _refuse_same_name(facts)
    student = Student(**asdict(facts))
    _save(student)
    record_guardians(student=student, guardians=guardians)
    return student


@transaction.atomic
def edit_student(*, student: Student, facts: StudentFacts, guardians: Sequence[GuardianFacts] | None = None) -> Student:
    """Correct a card and tell the registry about every place of the learner; None leaves the guardians as they are.

    Raises: ConsentMissing, StudentKnown, ConsentPeriodBroken.
    """
    if facts.consent_on is None:
        raise ConsentMissing
    student = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    for name, value in asdict(facts).items():
        setattr(student, name, value)
    _save(student)
    if guardians is not None:
        record_guardians(student=student, guardians=guardians)
    hand_up(list(student.enrollments.values_list("pk", flat=True)))
    return student


@transaction.atomic
def record_guardians(*, student: Student, guardians: Iterable[GuardianFacts]) -> None:
    """The child's representatives are exactly these; one person is one record, also for brothers and sisters."""
    kept = []
    for facts in guardians:
        guardian = _guardian(facts)
        link, _ = GuardianLink.objects.update_or_create(
            student=student, guardian=guardian, defaults={"relation": facts.relation}
        )
        kept.append(link.pk)
    GuardianLink.objects.filter(student=student).exclude(pk__in=kept).delete()


def _guardian(facts: GuardianFacts) -> Guardian:
    key = sort_key(f"{facts.last_name} {facts.first_name} {facts.patronymic}")
    known = Guardian.objects.filter(sort_name=key, phone=facts.phone).first()
    return known or Guardian.objects.create(
        last_name=facts.last_name, first_name=facts.first_name, patronymic=facts.patronymic, phone=facts.phone
    )


def _refuse_same_name(facts: StudentFacts) -> None:
    born_then = Student.objects.known().filter(birth_date=facts.birth_date)
    if facts.snils:
        born_then = born_then.exclude(snils=facts.snils)  # the number itself is refused by the database
    wanted = match_key(f"{facts.last_name} {facts.first_name} {facts.patronymic}".strip())
    for student in born_then:
        if match_key(student.full_name) == wanted:
            raise SameNameKnown(student=student, birth_date=f"{student.birth_date:%d.%m.%Y}")


def _save(student: Student) -> None:
    known = (
        Student.objects.known().filter(snils=student.snils).exclude(pk=student.pk).first() if student.snils else None
    )
    with ExitStack() as rules:
        rules.enter_context(constraint_means("student_consent_period", ConsentPeriodBroken()))
        rules.enter_context(constraint_means("student_one_per_snils", StudentKnown(student=known or "другой ученик")))
        student.save()
