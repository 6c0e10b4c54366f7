"""Cards of learners: a new one by written consent. Source: ORGANIZATION 2.3, 3."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import connection, transaction

from shared.kernel.names import match_key
from tenants.consents.services import SignedPaper, record_learner_consent
from tenants.people.errors import ConsentMissing, PersonalFileTaken, SameNameKnown, StudentBlocked
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import Student
from tenants.people.numbering import proposed_file_no
from tenants.people.writing import save_student

_TRIES: Final = 20  # clerks who take the next number of one letter at the same moment


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
    birth_place: str = ""
    doc_type: str = ""
    doc_series: str = ""
    doc_number: str = ""
    doc_issued_on: datetime.date | None = None
    doc_issued_by: str = ""
    doc_act_number: str = ""
    doc_department_code: str = ""
    address: str = ""
    registration_address: str = ""
    phone: str = ""
    email: str = ""
    home_pc: bool | None = None
    personal_file_no: str = ""
    native_language: str = ""
    instruction_language: str = ""
    health_limits: bool = False
    disability: bool = False
    is_address_protected: bool = False
    consent_on: datetime.date | None = None

    @property
    def card(self) -> dict[str, Any]:  # Any: columns of the card
        """Everything but the consent, which is recorded in its register."""
        return {name: value for name, value in asdict(self).items() if name != "consent_on"}


@transaction.atomic
def create_student(
    *,
    facts: StudentFacts,
    guardians: Sequence[GuardianFacts] = (),
    is_namesake: bool = False,
    gives_file_no: bool = False,
    recorded_by: str,
) -> Student:
    """A card by written consent, which is recorded with it; an equal child is looked for first.

    ``gives_file_no``: without a number of the personal file he gets the next one of his letter.
    Source: KK П 5.4. Raises: ConsentMissing, StudentKnown, StudentBlocked, PersonalFileTaken, SameNameKnown (unless
    ``is_namesake``).
    """
    if facts.consent_on is None:
        raise ConsentMissing
    if not is_namesake:
        _take_turn(facts.birth_date)
        _refuse_same_name(facts)
    student = Student(**facts.card, consent_on=facts.consent_on)
    if gives_file_no and not student.personal_file_no:
        _save_with_next_number(student)
    else:
        save_student(student)
    record_learner_consent(student=student, paper=SignedPaper(signed_on=facts.consent_on, recorded_by=recorded_by))
    for guardian in guardians:
        add_guardian(student=student, facts=guardian, recorded_by=recorded_by)
    return student


def _save_with_next_number(student: Student) -> None:
    """Whoever is quicker gets the number that was next; the other one the number after it."""
    for _ in range(_TRIES - 1):
        student.personal_file_no = proposed_file_no(student.last_name)
        with suppress(PersonalFileTaken):
            save_student(student)
            return
    student.personal_file_no = proposed_file_no(student.last_name)
    save_student(student)


def _take_turn(birth_date: datetime.date) -> None:
    """Wait until nobody else of this organization makes a card of a child of this day: the same one may be meant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('tenants.people.new ' || current_schema()), %s)",
            [birth_date.toordinal()],
        )


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
