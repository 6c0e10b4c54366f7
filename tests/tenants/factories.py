"""The smallest valid people, groups and orders."""

from __future__ import annotations

import datetime
import itertools

from tenants.consents.models import Consent
from tenants.consents.terms import terms_in_force
from tenants.groups.models import Group
from tenants.orders.models import Order
from tenants.orders.services import add_departure_row, add_enrollment_row, draft_order, sign_order
from tenants.people.models import Student

_numbers = itertools.count(1)
FIRST = datetime.date(2026, 9, 1)


def student(**facts: object) -> Student:
    number = next(_numbers)
    defaults = {
        "last_name": f"Соколов-{number}",
        "first_name": "Иван",
        "patronymic": "Петрович",
        "birth_date": datetime.date(2015, 5, 5),
        "sex": "M",
        "consent_on": datetime.date(2026, 8, 20),
        "doc_type": "birth_certificate",
        "doc_series": "IV-АГ",
        "doc_number": f"{number:06d}",
    }
    made = Student.objects.create(**{**defaults, **facts})
    paper(made)
    return made


def paper(student: Student) -> Consent:
    """The learner's written consent as his card says it."""
    return Consent.objects.create(
        subject_kind="learner",
        student=student,
        kind="student",
        terms=terms_in_force("student"),
        signed_on=student.consent_on,
        number=f"С-{next(_numbers)}",
        withdrawn_on=student.consent_withdrawn_on,
        recorded_by="секретарь",
    )


def group(name: str = "5А", *, year: int = 2026, **facts: object) -> Group:
    defaults: dict[str, object] = {"kind": "class", "grade": int(name[:-1]), "letter": name[-1]} if not facts else {}
    found, _ = Group.objects.get_or_create(
        name=name, academic_year=year, kind=facts.pop("kind", "class"), program="", defaults=defaults | facts
    )
    return found


def draft(*students: Student, into: Group, day: datetime.date = FIRST, number: str = "") -> Order:
    order = draft_order(
        kind="enrollment", number=number or f"{next(_numbers)}-у", issued_on=day, drafted_by="секретарь"
    )
    for one in students:
        add_enrollment_row(order=order, student=one, group=into, movement_type="enroll_other", effective_on=day)
    return order


def enroll(*students: Student, into: Group, day: datetime.date = FIRST, number: str = "") -> Order:
    return sign_order(order=draft(*students, into=into, day=day, number=number), signed_by="директор", signed_on=day)


def withdraw(*students: Student, day: datetime.date, number: str = "") -> Order:
    order = draft_order(kind="departure", number=number or f"{next(_numbers)}-в", issued_on=day, drafted_by="секретарь")
    for one in students:
        place = one.enrollments.get(left_on=None, is_annulled=False)
        add_departure_row(order=order, enrollment=place, movement_type="leave_move", effective_on=day)
    return sign_order(order=order, signed_by="директор", signed_on=day)
