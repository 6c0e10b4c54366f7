"""Cards of many people at once: what a file of cards brings, and what its undo takes back.

The caller has looked for equal people and asked for the written consents. A learner is brought without a place: the
order that enrolls him comes later. Source: ORGANIZATION 2.3, 2.4, KK П 5.4.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from shared.kernel.names import sort_key
from tenants.consents.models import Consent, SubjectKind
from tenants.consents.terms import terms_in_force
from tenants.orders.models import Enrollment, Order, OrderRow
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.models import Guardian, GuardianLink, Student

Values = Mapping[str, Any]  # code of a field, or what stands beside the card → its value
PORTION: Final = 2000
_NAME: Final = ("last_name", "first_name", "patronymic")


@transaction.atomic
def bring_students(rows: Sequence[Values], *, by: str) -> list[uuid.UUID]:
    """Cards of learners with the consents of their days (``consent_on``), in the order of the rows."""
    made = [Student(**_facts(row, STUDENT_LAYOUT.fields), consent_on=row["consent_on"]) for row in rows]
    Student.objects.bulk_create(made, batch_size=PORTION)
    terms = terms_in_force("student").pk
    _record(
        [
            Consent(subject_kind=SubjectKind.LEARNER, student=one, kind="student", **_paper(one, terms, by))
            for one in made
        ]
    )
    return [one.pk for one in made]


@transaction.atomic
def withdraw_students(keys: Collection[uuid.UUID]) -> int:
    """Hide brought learners who have no place and stand in no order; a later file may bring them again."""
    placed = Enrollment.objects.filter(is_annulled=False).values("student_id")
    waiting = OrderRow.objects.filter(order__status=Order.Status.DRAFT, is_annulled=False).values("student_id")
    unused = Student.objects.known().filter(pk__in=keys).exclude(pk__in=placed).exclude(pk__in=waiting)
    hidden = list(unused.values_list("pk", flat=True))
    Consent.objects.current().filter(student__in=hidden, withdrawn_on=None).update(is_current=False)
    return Student.objects.filter(pk__in=hidden).update(is_annulled=True)


@transaction.atomic
def bring_guardians(rows: Sequence[Values], *, by: str) -> list[uuid.UUID]:
    """Representatives of the children ``child_key``; of two rows of one name and telephone the person is one.

    Without ``consent_on`` he is sealed: the caller gives his name only.
    """
    people: dict[tuple[str, str], Guardian] = {}
    for row in rows:
        one = people.setdefault(_mark(row), Guardian(**_facts(row, GUARDIAN_LAYOUT.fields)))
        one.consent_on = one.consent_on or row.get("consent_on")
    Guardian.objects.bulk_create(people.values(), batch_size=PORTION)
    GuardianLink.objects.bulk_create(
        [
            GuardianLink(student_id=row["child_key"], guardian=people[_mark(row)], relation=row.get("relation") or "")
            for row in rows
        ],
        batch_size=PORTION,
    )
    agreed = [one for one in people.values() if one.consent_on]
    terms = terms_in_force("guardian").pk
    _record(
        [
            Consent(subject_kind=SubjectKind.GUARDIAN, guardian=one, kind="guardian", **_paper(one, terms, by))
            for one in agreed
        ]
    )
    return [people[_mark(row)].pk for row in rows]


@transaction.atomic
def withdraw_guardians(keys: Collection[uuid.UUID]) -> int:
    """Take away brought representatives on whom nothing stands: no account, no papers of theirs, no child's consent.

    What a court has said of one stands on his link, so he stays too.
    """
    unused = (
        Guardian.objects.filter(pk__in=keys, account_id=None, former_documents=None, former_addresses=None)
        .exclude(consents__subject_kind=SubjectKind.LEARNER)
        .exclude(pk__in=GuardianLink.objects.exclude(rights_restriction="").values("guardian"))
    )
    taken = list(unused.values_list("pk", flat=True))
    GuardianLink.objects.filter(guardian__in=taken).delete()
    Consent.objects.filter(guardian__in=taken).delete()
    return Guardian.objects.filter(pk__in=taken).delete()[0]


def _facts(row: Values, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the card's own table; what is absent is left to the table."""
    return {fields[code].path: value for code, value in row.items() if code in fields and value is not None}


def _mark(row: Values) -> tuple[str, str]:
    return sort_key(" ".join(row.get(part) or "" for part in _NAME)), row.get("phone") or ""


def _paper(person: Student | Guardian, terms: uuid.UUID, by: str) -> dict[str, Any]:
    return {"terms_id": terms, "signed_on": person.consent_on, "is_current": True, "recorded_by": by}


def _record(papers: Sequence[Consent]) -> None:
    Consent.objects.bulk_create(papers, batch_size=PORTION)
