"""The cards of this room as the rest of the product uses them (``shared.cards.kinds``)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.urls import reverse

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from tenants.people.bringing import bring_guardians, bring_students, withdraw_guardians, withdraw_students
from tenants.people.cards import ADDRESSES
from tenants.people.guardian_listing import GuardianListing
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.listing import StudentListing
from tenants.people.models import Guardian, Student
from tenants.people.places import with_places
from tenants.people.queries import GuardianQuerySet, StudentQuerySet
from tenants.people.writing import (
    GUARDIAN_REFUSALS,
    STUDENT_REFUSALS,
    after_students,
    write_guardian,
    write_student,
)


def _students(actor: Actor, capability: str) -> StudentQuerySet:
    return Student.objects.known().seen_by(actor, capability)


def _guardians(actor: Actor, capability: str) -> GuardianQuerySet:
    return Guardian.objects.seen_by(actor, capability)


def _protected(student: Student) -> Collection[str]:
    """Addresses under protection open among the special facts only. Source: ORGANIZATION 2.3."""
    return ADDRESSES if student.is_address_protected else ()


STUDENT_CARD: Final = CardKind(
    layout=STUDENT_LAYOUT,
    model=Student,
    one="обучающийся",
    many="Обучающиеся",
    reads="students.read",
    edits="students.edit",
    identity="students.identity",
    special="students.special.read",
    reached=_students,
    write=write_student,
    create_many=bring_students,
    withdraw=withdraw_students,
    after_write=after_students,
    refusals=STUDENT_REFUSALS,
    hides=_protected,
    whole=with_places,
    found=lambda request: StudentListing(request).found,
    url=lambda student: reverse("people:card", args=[student.pk]),
)
GUARDIAN_CARD: Final = CardKind(
    layout=GUARDIAN_LAYOUT,
    model=Guardian,
    one="родитель",
    many="Родители",
    reads="guardians.read",
    edits="guardians.edit",
    identity="students.identity",
    reached=_guardians,
    write=write_guardian,
    create_many=bring_guardians,
    withdraw=withdraw_guardians,
    is_sealed=lambda guardian: guardian.is_sealed,
    refusals=GUARDIAN_REFUSALS,
    is_written_singly=True,  # what a missing consent keeps closed is decided card by card
    found=lambda request: GuardianListing(request).found,
    url=lambda guardian: reverse("parents:card", args=[guardian.pk]),
)
