"""A new document or address in place of the former one, which stays on the card. Source: ORGANIZATION 3.9."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from shared.kernel.rules import constraint_means
from tenants.people.errors import NothingToReplace, ReplacedTooEarly
from tenants.people.models import FormerAddress, FormerDocument, Guardian, Student
from tenants.people.writing import write_guardian, write_student

Person = Student | Guardian
DOCUMENT: Final = (
    *("doc_type", "doc_series", "doc_number", "doc_issued_on", "doc_issued_by", "doc_act_number"),
    "doc_department_code",
)
_EMPTY: Final = {"doc_issued_on": None}


def document_columns(person: Person) -> tuple[str, ...]:
    """Columns of the document that this card has: a guardian's has no act of birth."""
    return tuple(name for name in DOCUMENT if hasattr(person, name))


@transaction.atomic
def replace_document(
    *, person: Person, document: Mapping[str, Any], replaced_on: datetime.date, recorded_by: str
) -> FormerDocument:
    """The present document becomes a former one, ``document`` (codes of the card) takes its place.

    Raises: NothingToReplace, ReplacedTooEarly, and the refusals of the card.
    """
    person = _locked(person)
    held = {name: getattr(person, name) for name in document_columns(person)}
    if not held["doc_number"]:
        raise NothingToReplace
    with constraint_means("formerdocument_period", ReplacedTooEarly()):
        former = FormerDocument.objects.create(
            **held, **_owner(person), replaced_on=replaced_on, recorded_by=recorded_by
        )
    _write(person, {name: document.get(name) or _EMPTY.get(name, "") for name in held}, recorded_by)
    return former


@transaction.atomic
def replace_address(
    *, person: Person, kind: str, address: str, left_on: datetime.date, recorded_by: str
) -> FormerAddress:
    """The person has moved: the former address keeps its last day. Raises: NothingToReplace."""
    person = _locked(person)
    held: str = getattr(person, kind)
    if not held:
        raise NothingToReplace
    former = FormerAddress.objects.create(
        kind=kind, address=held, left_on=left_on, recorded_by=recorded_by, **_owner(person)
    )
    _write(person, {kind: address}, recorded_by)
    return former


@transaction.atomic
def take_addresses_of(*, guardian: Guardian, student: Student, today: datetime.date, recorded_by: str) -> None:
    """«Как у ребёнка»: a differing address that stood on the card becomes a former one. Raises: GuardianSealed."""
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk)
    fresh = {kind: getattr(student, kind) for kind in FormerAddress.Kind.values}
    changed = {kind: address for kind, address in fresh.items() if address and address != getattr(guardian, kind)}
    for kind in changed:
        if getattr(guardian, kind):
            FormerAddress.objects.create(
                kind=kind, address=getattr(guardian, kind), left_on=today, recorded_by=recorded_by, guardian=guardian
            )
    if changed:
        write_guardian(guardian, changed, by=recorded_by)


def _locked(person: Person) -> Person:
    if isinstance(person, Student):
        return Student.objects.known().select_for_update(of=("self",)).get(pk=person.pk)
    return Guardian.objects.select_for_update(of=("self",)).get(pk=person.pk)


def _owner(person: Person) -> dict[str, Person]:
    return {"student" if isinstance(person, Student) else "guardian": person}


def _write(person: Person, values: Mapping[str, Any], by: str) -> None:
    if isinstance(person, Student):
        write_student(person, values, by=by)
    else:
        write_guardian(person, values, by=by)
