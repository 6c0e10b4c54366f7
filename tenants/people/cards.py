"""The card of a learner: what stands under masks, what is still missing, what happened to him."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from shared.cards.masks import DOT, mask
from shared.classifiers.catalog import load_catalog
from shared.kernel.identifiers import format_snils
from tenants.people.layouts import GUARDIAN_LAYOUT, STUDENT_LAYOUT
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.people.places import PlaceOn

_FIELDS: Final = STUDENT_LAYOUT.fields
_PROTECTED: Final = DOT * 6


@dataclass(frozen=True, slots=True)
class Hidden:
    """A sensitive value: how it looks under the mask and what the reveal answers. Source: UI 5 «masked»."""

    label: str
    mask: Callable[[Student], str]
    value: Callable[[Student], str]


def _document(student: Student) -> str:
    number = " ".join(part for part in (student.doc_series, "№", student.doc_number) if part)
    issued = f", выдан {student.doc_issued_on:%d.%m.%Y}" if student.doc_issued_on else ""
    return f"{number}{issued}" + (f", {student.doc_issued_by}" if student.doc_issued_by else "")


def _document_mask(number: str) -> str:
    return f"№ {mask(_FIELDS['doc_number'], number)}"


def _masked(name: str) -> Callable[[Student], str]:
    return lambda student: mask(_FIELDS[name], getattr(student, name))


HIDDEN: dict[str, Hidden] = {
    "snils": Hidden("СНИЛС", _masked("snils"), lambda s: format_snils(s.snils)),
    "document": Hidden("документ", lambda s: f"{DOT * 4} {_document_mask(s.doc_number)}", _document),
    "registration_address": Hidden(
        "адрес регистрации", _masked("registration_address"), lambda s: s.registration_address
    ),
    "address": Hidden("адрес места жительства", _masked("address"), lambda s: s.address),
    "phone": Hidden("телефон", _masked("phone"), lambda s: s.phone),
    "email": Hidden("электронную почту", _masked("email"), lambda s: s.email),
}
ADDRESSES = frozenset({"registration_address", "address"})
# Which stored field is empty when the value is.
_FIELD = {"document": "doc_number"}


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the identity section; an empty value is offered to be filled in."""

    title: str
    field: str
    text: str = ""
    mask: str = ""
    what: str = ""
    code: str = ""
    is_protected: bool = False


def identity_lines(student: Student) -> list[CardLine]:
    """Sensitive lines in the order of the paper card."""
    catalog = load_catalog()
    document = catalog.label("document_type", student.doc_type) if student.doc_type else ""
    same = "Совпадает с адресом регистрации" if student.registration_address and not student.address else ""
    return [
        _line(student, "СНИЛС", "snils"),
        _line(student, "Документ", "document", text=document),
        _line(student, "Адрес регистрации", "registration_address"),
        _line(student, "Адрес места жительства", "address", otherwise=same),
        _line(student, "Телефон", "phone"),
        _line(student, "Электронная почта", "email"),
    ]


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """A representative; without his consent only the name and the relation."""

    guardian: Guardian
    relation: str
    phone_mask: str
    link_id: object
    is_sealed: bool


def guardian_lines(links: list[GuardianLink]) -> list[GuardianLine]:
    catalog = load_catalog()
    return [
        GuardianLine(
            guardian=link.guardian,
            relation=catalog.label("guardian_relation", link.relation).lower()
            if link.relation
            else "родство не указано",
            phone_mask=mask(GUARDIAN_LAYOUT.fields["phone"], link.guardian.open_phone),
            link_id=link.pk,
            is_sealed=link.guardian.is_sealed,
        )
        for link in links
    ]


@dataclass(frozen=True, slots=True)
class FormerLine:
    """A former document or address under its mask."""

    key: object
    title: str
    mask: str
    until: datetime.date
    is_protected: bool = False


def former_lines(person: Student | Guardian) -> list[FormerLine]:
    """What the card showed before, the latest first; an address under protection opens with the special facts."""
    catalog = load_catalog()
    is_protected = isinstance(person, Student) and person.is_address_protected
    lines = [
        FormerLine(
            one.pk, catalog.label("document_type", one.doc_type), _document_mask(one.doc_number), one.replaced_on
        )
        for one in person.former_documents.all()
    ]
    lines += [
        FormerLine(
            one.pk,
            one.get_kind_display(),
            _PROTECTED if is_protected else mask(_FIELDS["address"], one.address),
            one.left_on,
            is_protected,
        )
        for one in person.former_addresses.all()
    ]
    return sorted(lines, key=lambda line: line.until, reverse=True)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history of places, the newest first."""

    day: datetime.date
    text: str
    color: str
    order_id: object | None = None
    order: str = ""


def history(places: list[PlaceOn]) -> list[Event]:
    catalog = load_catalog()
    events = []
    for place in places:
        one = place.enrollment
        kind = catalog.label("program_kind", one.program_kind).lower()
        events.append(Event(one.enrolled_on, f"Зачислен: {kind}", "ok", one.order_id, str(one.order)))
        events += [
            Event(step.placed_from, f"В классе (группе) {step.group.name}", "accent") for step in one.placements.all()
        ]
        if one.left_on is not None:
            reason = catalog.label("movement_type", one.departure_reason) if one.departure_reason else "Выбыл"
            events.append(Event(one.left_on, reason, "line-2", one.departure_order_id, str(one.departure_order)))
    return sorted(events, key=lambda event: event.day, reverse=True)


def _line(student: Student, title: str, name: str, text: str = "", otherwise: str = "") -> CardLine:
    field = _FIELD.get(name, name)
    if not getattr(student, field):
        return CardLine(title, field, text=otherwise, code=name)
    if is_protected(student, name):
        return CardLine(title, name, mask=_PROTECTED, code=name, is_protected=True)
    hidden = HIDDEN[name]
    return CardLine(title, name, text=text, mask=hidden.mask(student), what=hidden.label, code=name)


def is_protected(student: Student, name: str) -> bool:
    """An address under protection is a special fact: it opens with a reason only. Source: ORGANIZATION 2.3."""
    return student.is_address_protected and name in ADDRESSES
