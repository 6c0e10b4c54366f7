"""What a reader of the organization's log sees: which values stay behind masks, how objects are called."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse

from shared.access.actors import Actor
from shared.access.fields import Category
from shared.audit.models import Event
from shared.logbook.lines import Reader
from tenants.people.fields import FIELDS, SPECIAL_COLUMNS
from tenants.people.layouts import CALLED
from tenants.people.models import Student
from tenants.staff.fields import FIELDS as STAFF_FIELDS
from tenants.staff.models import StaffMember

STUDENT_KINDS: Final = ("student", "people_student")
_ORDER: Final = "orders_order"
_STAFF: Final = "staff_staffmember"


def identity_columns() -> dict[str, frozenset[str]]:
    """Columns of documents, addresses and telephones: a right of their own on the card, so in its history too."""
    found: dict[str, set[str]] = {}
    for field in (*FIELDS, *STAFF_FIELDS):
        if field.category == Category.PERSONAL and "lists" in field.hidden_in:
            found.setdefault(field.table, set()).update(field.columns)
    return {table: frozenset(columns) for table, columns in found.items()}


IDENTITY_COLUMNS: Final = identity_columns()
FIELD_NAMES: Final = {field.code: field.label for field in STAFF_FIELDS} | dict(CALLED)
_STAFF_TABLES: Final = frozenset(field.table for field in STAFF_FIELDS)


def hides_from(actor: Actor, *, in_file: bool = False) -> Callable[[str, str], bool]:
    """Special facts are never shown here, documents and addresses only on the screen of who may open them.

    Source: ORGANIZATION 2.3 (masked in lists, exports, history and logs), R-031.
    """
    may_identify, of_staff = (
        _is_everywhere(actor, right) and not in_file for right in ("students.identity", "staff.identity")
    )

    def hides(table: str, column: str) -> bool:
        if column in SPECIAL_COLUMNS.get(table, ()):
            return True
        is_open = of_staff if table in _STAFF_TABLES else may_identify
        return not is_open and column in IDENTITY_COLUMNS.get(table, ())

    return hides


def reader_for(actor: Actor, *, in_file: bool = False) -> Callable[[Collection[Event]], Reader]:
    """Reads the names of the learners of a page in one query, those of employees in another."""
    may_list, may_staff = _is_everywhere(actor, "students.list"), _is_everywhere(actor, "staff.read")

    def reader_of(events: Collection[Event]) -> Reader:
        keys = {event.object_id for event in events if event.object_kind in STUDENT_KINDS} if may_list else set()
        students = Student.objects.filter(pk__in=keys) if keys else Student.objects.none()
        hired = {event.object_id for event in events if event.object_kind == _STAFF} if may_staff else set()
        members = StaffMember.objects.filter(pk__in=hired) if hired else StaffMember.objects.none()
        return Reader(
            hides=hides_from(actor, in_file=in_file),
            titles={str(one.pk): str(one) for one in (*students, *members)},
            addresses=_address,
            fields=FIELD_NAMES,
        )

    return reader_of


def _is_everywhere(actor: Actor, capability: str) -> bool:
    right = actor.right(capability)
    return right is not None and right.is_everywhere


def _address(kind: str, key: str) -> str:
    if kind in STUDENT_KINDS and _is_key(key):
        return reverse("history:student", args=[key])
    if kind == _STAFF and _is_key(key):
        return reverse("staff:card", args=[key])
    return reverse("orders:detail", args=[key]) if kind == _ORDER and _is_key(key) else ""


def _is_key(key: str) -> bool:
    try:
        uuid.UUID(key)
    except ValueError:
        return False
    return True


def keys_of(student: Student) -> list[str]:
    """The learner and every row that belongs to him, in one query: places, order rows, representatives, the rest."""
    related: list[QuerySet[Any]] = [  # Any: tables of several apps
        relation.related_model._default_manager.order_by().filter(**{relation.field.name: student}).values_list("pk")
        for relation in Student._meta.related_objects
        if not isinstance(relation.related_model, str)
    ]
    first, *others = related
    return [str(student.pk), *(str(key) for (key,) in first.union(*others, all=True))]
