"""Some fields of a card at once: what sections, files and group edits of cards call. Source: ORGANIZATION 2.3, 2.4."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from typing import Any, Final

from shared.cards.layout import Layout
from shared.cards.models import CardModel
from shared.kernel.rules import RuleViolation, constraint_means
from tenants.handup.services import hand_up
from tenants.orders.models import Enrollment
from tenants.people.errors import (
    GuardianKnown,
    GuardianSealed,
    GuardianSnilsKnown,
    PersonalFileTaken,
    StudentBlocked,
    StudentKnown,
)
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.models import Guardian, Student
from tenants.people.numbering import proposed_file_no

Values = Mapping[str, Any]  # code of a field → its value in Python
NAMES: Final = frozenset({"last_name", "first_name", "patronymic"})
# What the registry is told of a learner; the rest of the card stays at home.
HANDED_UP: Final = NAMES | {
    *("birth_date", "sex", "citizenship", "snils", "doc_type", "doc_series", "doc_number"),
}


def write_student(student: Student, values: Values, *, by: str) -> None:
    """Set these fields of a learner's card; the registry hears of what concerns it.

    Raises: StudentBlocked, StudentKnown, PersonalFileTaken.
    """
    if student.is_blocked:
        raise StudentBlocked
    _set(student, STUDENT_LAYOUT, values)
    save_student(student, columns=[*values, "updated_at"])
    if HANDED_UP & values.keys():
        hand_up(list(student.enrollments.values_list("pk", flat=True)))


def save_student(student: Student, *, columns: Collection[str] | None = None) -> None:
    """Save a card, with a word about the other learner who has the same number."""
    others = Student.objects.kept().exclude(pk=student.pk)
    same = others.filter(snils=student.snils).first() if student.snils else None
    known = StudentBlocked() if same and same.is_blocked else StudentKnown(student=same or "другой ученик")
    holder = others.filter(personal_file_no=student.personal_file_no).first() if student.personal_file_no else None
    taken = PersonalFileTaken(
        number=student.personal_file_no,
        student=holder or "другой ученик",
        free=proposed_file_no(student.last_name),
    )
    with (
        constraint_means("student_one_per_snils", known),
        constraint_means("student_one_per_personal_file", taken),
    ):
        student.save(update_fields=columns)


def after_students(keys: Collection[uuid.UUID]) -> None:
    """What follows a change of many cards: the registry reads their places again."""
    hand_up(list(Enrollment.objects.filter(student__in=keys).values_list("pk", flat=True)))


def write_guardian(guardian: Guardian, values: Values, *, by: str) -> None:
    """Set these fields of a representative's card; without his consent nothing but his name is written.

    Source: KK П 5.4. Raises: GuardianSealed, GuardianKnown, GuardianSnilsKnown.
    """
    if guardian.is_sealed and not values.keys() <= NAMES:
        raise GuardianSealed(guardian=guardian)
    _set(guardian, GUARDIAN_LAYOUT, values)
    with refusals_of(GUARDIAN_REFUSALS):
        guardian.save(update_fields=[*values, "updated_at"])


def refusals_of(refusals: Mapping[str, Callable[[], RuleViolation]]) -> ExitStack:
    """Broken constraints said in words, one inside another."""
    stack = ExitStack()
    for name, refusal in refusals.items():
        stack.enter_context(constraint_means(name, refusal()))
    return stack


STUDENT_REFUSALS: Final[Mapping[str, Callable[[], RuleViolation]]] = {
    "student_one_per_snils": lambda: StudentKnown(student="другой ученик"),
    "student_one_per_personal_file": lambda: PersonalFileTaken(number="", student="другой ученик", free=""),
}
GUARDIAN_REFUSALS: Final[Mapping[str, Callable[[], RuleViolation]]] = {
    "guardian_once": GuardianKnown,
    "guardian_one_per_snils": GuardianSnilsKnown,
}


def _set(card: CardModel, layout: Layout, values: Values) -> None:
    """Only fields that people type into the common sections: a special one has a writer of its own."""
    for code, value in values.items():
        field = layout.fields[code]
        if field.is_special or field.is_derived:
            raise ValueError(f"{layout.code}: {code} is not written with the card")
        setattr(card, field.path, value)
