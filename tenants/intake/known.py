"""What the organization has already, as far as a file touches it; places of the file join it while it is decided."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from tenants.intake import fields as f
from tenants.intake.fields import PlaceRow
from tenants.intake.identity import Book, Identity, identity_of

GroupName = tuple[str, str, str]  # program kind, name, program: a group without its year
PlaceKey = tuple[GroupName, datetime.date]

# Column of the learner → attribute of the row and header of the file.
PERSONAL: Final[dict[str, tuple[str, str]]] = {
    "last_name": ("surname", f.SURNAME),
    "first_name": ("name", f.NAME),
    "patronymic": ("patronymic", f.PATRONYMIC),
    "birth_date": ("birth_date", f.BIRTH_DATE),
    "sex": ("sex", f.SEX),
    "snils": ("snils", f.SNILS),
    "citizenship": ("citizenship", f.CITIZENSHIP),
    "doc_type": ("doc_type", f.DOC_TYPE),
    "doc_series": ("doc_series", f.DOC_SERIES),
    "doc_number": ("doc_number", f.DOC_NUMBER),
    "doc_issued_on": ("doc_issued_on", f.DOC_ISSUED_ON),
    "doc_issued_by": ("doc_issued_by", f.DOC_ISSUED_BY),
    "address": ("home_address", f.HOME_ADDRESS),
    "registration_address": ("registration_address", f.REGISTRATION_ADDRESS),
    "phone": ("phone", f.PHONE),
    "email": ("email", f.EMAIL),
    "health_limits": ("health_limits", f.HEALTH_LIMITS),
    "disability": ("disability", f.DISABILITY),
    "consent_on": ("consent_on", f.CONSENT_ON),
}
# Attribute of the group, the same in the row → header of the file.
GROUP_ATTRIBUTES: Final[dict[str, str]] = {
    "direction": f.DIRECTION,
    "class_type": f.CLASS_TYPE,
    "age_band": f.AGE_BAND,
    "stay_regime": f.STAY_REGIME,
    "financing": f.FINANCING,
    "class_set": f.CLASS_SET,
}


def group_name_of(row: PlaceRow) -> GroupName:
    return row.program_kind, row.group_name, row.program


def place_key_of(row: PlaceRow) -> PlaceKey:
    """Place = learner + program kind + group + enrollment date. Source: INTERFACES 5 «Again»."""
    return group_name_of(row), row.enrolled_on


def place_hash(row: PlaceRow) -> str:
    return hashlib.sha256(repr(place_key_of(row)).encode()).hexdigest()


def row_identity(row: PlaceRow) -> Identity:
    return identity_of(
        surname=row.surname,
        name=row.name,
        patronymic=row.patronymic,
        birth_date=row.birth_date,
        sex=row.sex,
        snils=row.snils,
        document=(row.doc_type, row.doc_series, row.doc_number),
    )


@dataclass(slots=True, eq=False)
class OrderState:
    """An order in force or a draft; ``is_open`` to rows of files when it was issued on paper and is in force."""

    id: uuid.UUID
    number: str
    issued_on: datetime.date
    is_open: bool
    last_position: int = 0


@dataclass(slots=True, eq=False)
class GroupState:
    """A class or group of one academic year."""

    id: uuid.UUID
    name: GroupName
    academic_year: int
    attributes: dict[str, str]
    is_hidden: bool = False


@dataclass(slots=True, eq=False)
class Span:
    """A place's days in one group."""

    id: uuid.UUID
    group: GroupState
    shift: int | None
    placed_from: datetime.date
    placed_to: datetime.date | None


@dataclass(slots=True, eq=False)
class Departure:
    """The order that closed a place."""

    order: OrderState
    reason: str
    row_id: uuid.UUID | None = None


@dataclass(slots=True, eq=False)
class Place:
    """A place in the organization. ``number`` is the row of this file that made it; None when it was there before."""

    id: uuid.UUID
    level: str
    is_basic: bool
    form_of_study: str
    form_of_education: str
    enrolled_on: datetime.date
    left_on: datetime.date | None
    order: OrderState
    order_row_id: uuid.UUID | None
    departure: Departure | None
    spans: list[Span]
    number: int | None = None

    @property
    def is_open_basic(self) -> bool:
        return self.is_basic and self.left_on is None

    @property
    def keys(self) -> set[PlaceKey]:
        return {(span.group.name, self.enrolled_on) for span in self.spans}

    @property
    def title(self) -> str:
        return self.spans[-1].group.name[1] if self.spans else ""


@dataclass(slots=True, eq=False)
class Draft:
    """A sealed row; ``number`` is the row of this file that made it."""

    id: uuid.UUID
    row: PlaceRow
    number: int | None = None
    is_opened: bool = False

    @property
    def key(self) -> PlaceKey:
        return place_key_of(self.row)


@dataclass(slots=True, eq=False)
class Tie:
    """A guardian of a learner: sort name and phone make the guardian."""

    id: uuid.UUID
    sort_name: str
    phone: str
    relation: str


@dataclass(slots=True, eq=False)
class Learner:
    """A person of the organization: known (``facts``), hidden by an undo, only sealed, or new in this file.

    ``consent_id`` is his current consent to processing in the register; ``papers`` are the flags that documents on
    his card stand behind.
    """

    id: uuid.UUID
    identity: Identity
    facts: dict[str, Any] | None = None
    is_hidden: bool = False
    consent_withdrawn: bool = False
    consent_id: uuid.UUID | None = None
    papers: frozenset[str] = frozenset()
    places: list[Place] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        return self.facts is not None and not self.is_hidden

    def place(self, key: PlaceKey) -> Place | None:
        return next((place for place in self.places if key in place.keys), None)

    def draft(self, key: PlaceKey) -> Draft | None:
        return next((draft for draft in self.drafts if draft.key == key and not draft.is_opened), None)

    def open_basic(self, level: str) -> Place | None:
        return next((place for place in self.places if place.is_open_basic and place.level == level), None)


class Learners:
    """Everyone who may be met in a file; those hidden by an undo are looked at last."""

    def __init__(self) -> None:
        self._live: Book[Learner] = Book()
        self._hidden: Book[Learner] = Book()

    def add(self, learner: Learner) -> None:
        (self._hidden if learner.is_hidden else self._live).add(learner, learner.identity)

    def find(self, identity: Identity) -> Learner | None:
        return self._live.find(identity) or self._hidden.find(identity)

    def has_namesake(self, identity: Identity) -> bool:
        return self._live.has_namesake(identity)

    def learn(self, learner: Learner, identity: Identity) -> None:
        """A row has told more marks of a learner: let the next rows find him by them."""
        if identity == learner.identity:
            return
        learner.identity = learner.identity.with_marks_of(identity)
        (self._hidden if learner.is_hidden else self._live).add(learner, identity)


@dataclass(slots=True)
class Known:
    """All of it."""

    learners: Learners
    groups: dict[tuple[GroupName, int], GroupState]
    orders: dict[tuple[str, str, datetime.date], OrderState]
    guardians: dict[tuple[str, str], uuid.UUID]
    agreed: set[uuid.UUID] = field(default_factory=set)  # guardians who have given a consent, withdrawn or not
