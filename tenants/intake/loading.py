"""Reads what the organization has into ``Known``: a constant number of queries, whatever the size of the file."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.db.models import Max, Q

from shared.kernel.ids import new_id
from tenants.consents.models import Consent
from tenants.groups.models import Group
from tenants.intake.fields import PlaceRow
from tenants.intake.identity import identity_of
from tenants.intake.known import (
    GROUP_ATTRIBUTES,
    PERSONAL,
    Departure,
    Draft,
    GroupName,
    GroupState,
    Known,
    Learner,
    Learners,
    OrderState,
    Place,
    Span,
    Tie,
    row_identity,
)
from tenants.intake.models import SealedDraft
from tenants.intake.packing import unpack
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial

FEW_ROWS: Final = 200  # up to this many rows only the people they may be about are read, above it everyone
_PLACE_COLUMNS: Final = (
    *("id", "student_id", "level", "is_basic", "form_of_study", "form_of_education", "enrolled_on", "left_on"),
    *("departure_reason", "order_id", "departure_order_id"),
)


def load_known(rows: Sequence[PlaceRow]) -> Known:
    """What these rows may meet in the organization of the transaction."""
    people = Student.objects.all() if len(rows) > FEW_ROWS else Student.objects.filter(_like(rows))
    facts = list(people.order_by("is_annulled", "id").values("id", "is_annulled", "consent_withdrawn_on", *PERSONAL))
    learners = {fact["id"]: _learner(fact) for fact in facts}
    groups, groups_by_id = _groups()
    orders_by_id: dict[uuid.UUID, OrderState] = {}
    orders = _orders(orders_by_id)
    keys = [key for key, learner in learners.items() if not learner.is_hidden]
    _load_places(learners, keys, groups_by_id, orders_by_id)
    guardians, agreed = _load_guardians(learners)
    _load_consents(learners)
    _load_papers(learners)
    book = Learners()
    for learner in learners.values():
        book.add(learner)
    _load_drafts(book)
    return Known(book, groups, orders, guardians, agreed)


def _like(rows: Iterable[PlaceRow]) -> Q:
    rows = list(rows)
    return (
        Q(birth_date__in={row.birth_date for row in rows})
        | Q(snils__in={row.snils for row in rows if row.snils})
        | Q(doc_number__in={row.doc_number for row in rows if row.doc_number})
    )


def _learner(fact: dict[str, Any]) -> Learner:
    key, is_hidden = fact.pop("id"), fact.pop("is_annulled")
    withdrawn = fact.pop("consent_withdrawn_on") is not None
    identity = identity_of(
        surname=fact["last_name"],
        name=fact["first_name"],
        patronymic=fact["patronymic"],
        birth_date=fact["birth_date"],
        sex=fact["sex"],
        snils=fact["snils"],
        document=(fact["doc_type"], fact["doc_series"], fact["doc_number"]),
    )
    return Learner(key, identity, facts=fact, is_hidden=is_hidden, consent_withdrawn=withdrawn)


def _groups() -> tuple[dict[tuple[GroupName, int], GroupState], dict[uuid.UUID, GroupState]]:
    kinds = {str(kind): program_kind for kind, program_kind in Group.PROGRAM_KIND_OF.items()}
    by_name: dict[tuple[GroupName, int], GroupState] = {}
    by_id: dict[uuid.UUID, GroupState] = {}
    columns = ("id", "kind", "name", "program", "academic_year", "is_annulled")
    for fact in Group.objects.values(*columns, *GROUP_ATTRIBUTES):
        name = (kinds[fact["kind"]], fact["name"], fact["program"])
        attributes = {attribute: fact[attribute] for attribute in GROUP_ATTRIBUTES}
        state = GroupState(fact["id"], name, fact["academic_year"], attributes, is_hidden=fact["is_annulled"])
        by_name[name, state.academic_year] = state
        by_id[state.id] = state
    return by_name, by_id


def _orders(by_id: dict[uuid.UUID, OrderState]) -> dict[tuple[str, str, Any], OrderState]:
    """Orders by number and day; those annulled are known by key alone, their number is free again."""
    found = {}
    rows = Order.objects.annotate(last=Max("rows__position")).values_list(
        "id", "kind", "number", "issued_on", "status", "is_on_paper", "last"
    )
    for key, kind, number, issued_on, status, is_on_paper, last in rows:
        is_open = status == Order.Status.SIGNED and is_on_paper
        by_id[key] = OrderState(key, number, issued_on, is_open, last or 0)
        if status != Order.Status.ANNULLED:
            found[kind, number, issued_on] = by_id[key]
    return found


def _load_places(
    learners: dict[uuid.UUID, Learner],
    keys: Collection[uuid.UUID],
    groups: dict[uuid.UUID, GroupState],
    orders: dict[uuid.UUID, OrderState],
) -> None:
    places: dict[uuid.UUID, Place] = {}
    found = Enrollment.objects.filter(is_annulled=False, student_id__in=keys).order_by("enrolled_on", "id")
    for fact in found.values(*_PLACE_COLUMNS):
        places[fact["id"]] = place = _place(fact, orders)
        learners[fact["student_id"]].places.append(place)
    spans = Placement.objects.filter(enrollment__in=places).order_by("placed_from")
    columns = ("id", "enrollment_id", "group_id", "shift", "placed_from", "placed_to")
    for key, place_id, group_id, shift, placed_from, placed_to in spans.values_list(*columns):
        places[place_id].spans.append(Span(key, groups[group_id], shift, placed_from, placed_to))
    rows = OrderRow.objects.filter(enrollment__in=places, is_annulled=False, order__status=Order.Status.SIGNED)
    for key, place_id, order_id in rows.values_list("id", "enrollment_id", "order_id"):
        place = places[place_id]
        if order_id == place.order.id:
            place.order_row_id = key
        elif place.departure and order_id == place.departure.order.id:
            place.departure.row_id = key


def _place(fact: dict[str, Any], orders: dict[uuid.UUID, OrderState]) -> Place:
    closed_by = fact["departure_order_id"]
    return Place(
        id=fact["id"],
        level=fact["level"],
        is_basic=fact["is_basic"],
        form_of_study=fact["form_of_study"],
        form_of_education=fact["form_of_education"],
        enrolled_on=fact["enrolled_on"],
        left_on=fact["left_on"],
        order=orders[fact["order_id"]],
        order_row_id=None,
        departure=Departure(orders[closed_by], fact["departure_reason"]) if closed_by else None,
        spans=[],
    )


def _load_consents(learners: dict[uuid.UUID, Learner]) -> None:
    found = Consent.objects.current().processing_of_learners().filter(student_id__in=learners)
    for key, student_id in found.order_by().values_list("id", "student_id"):
        learners[student_id].consent_id = key


def _load_papers(learners: dict[uuid.UUID, Learner]) -> None:
    """A file that says «нет» takes no document off a card."""
    for special in StudentSpecial.objects.filter(student_id__in=learners):
        told = {"health_limits": special.tells_health_limits, "disability": special.tells_disability}
        learners[special.student_id].papers = frozenset(name for name, is_told in told.items() if is_told)


def _load_guardians(
    learners: dict[uuid.UUID, Learner],
) -> tuple[dict[tuple[str, str], uuid.UUID], set[uuid.UUID]]:
    guardians: dict[tuple[str, str], uuid.UUID] = {}
    marks: dict[uuid.UUID, tuple[str, str]] = {}
    agreed: set[uuid.UUID] = set()
    for key, sort_name, phone, consent_on in Guardian.objects.values_list("id", "sort_name", "phone", "consent_on"):
        guardians[sort_name, phone] = key
        marks[key] = sort_name, phone
        if consent_on is not None:
            agreed.add(key)
    links = GuardianLink.objects.filter(student_id__in=learners)
    for key, student_id, guardian_id, relation in links.values_list("id", "student_id", "guardian_id", "relation"):
        learners[student_id].ties.append(Tie(key, *marks[guardian_id], relation))
    return guardians, agreed


def _load_drafts(book: Learners) -> None:
    """Sealed rows belong to a learner like any other; most of them to one who is nowhere else."""
    for key, values in SealedDraft.objects.sealed().order_by("id").values_list("id", "values"):
        row = unpack(values)
        identity = row_identity(row)
        learner = book.find(identity)
        if learner is None:
            learner = Learner(new_id(), identity)
            book.add(learner)
        learner.drafts.append(Draft(key, row))
