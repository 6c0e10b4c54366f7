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
from tenants.people.models import Student

STUDENT_KINDS: Final = ("student", "people_student")
_ORDER: Final = "orders_order"


def identity_columns() -> dict[str, frozenset[str]]:
    """Columns of documents, addresses and telephones: a right of their own on the card, so in its history too."""
    found: dict[str, set[str]] = {}
    for field in FIELDS:
        if field.category == Category.PERSONAL and "lists" in field.hidden_in:
            found.setdefault(field.table, set()).update(field.columns)
    return {table: frozenset(columns) for table, columns in found.items()}


IDENTITY_COLUMNS: Final = identity_columns()
FIELD_NAMES: Final = {field.code: field.label for field in FIELDS}


def hides_from(actor: Actor, *, in_file: bool = False) -> Callable[[str, str], bool]:
    """Special facts are never shown here, documents and addresses only on the screen of who may open them.

    Source: ORGANIZATION 2.3 (masked in lists, exports, history and logs), R-031.
    """
    right = actor.right("students.identity")
    may_identify = right is not None and right.is_everywhere and not in_file

    def hides(table: str, column: str) -> bool:
        if column in SPECIAL_COLUMNS.get(table, ()):
            return True
        return not may_identify and column in IDENTITY_COLUMNS.get(table, ())

    return hides


def reader_for(actor: Actor, *, in_file: bool = False) -> Callable[[Collection[Event]], Reader]:
    """Reads the names of the learners of a page in one query."""
    may_list = (right := actor.right("students.list")) is not None and right.is_everywhere

    def reader_of(events: Collection[Event]) -> Reader:
        keys = {event.object_id for event in events if event.object_kind in STUDENT_KINDS} if may_list else set()
        students = Student.objects.filter(pk__in=keys) if keys else Student.objects.none()
        return Reader(
            hides=hides_from(actor, in_file=in_file),
            titles={str(student.pk): str(student) for student in students},
            addresses=_address,
            fields=FIELD_NAMES,
        )

    return reader_of


def _address(kind: str, key: str) -> str:
    if kind in STUDENT_KINDS and _is_key(key):
        return reverse("history:student", args=[key])
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
