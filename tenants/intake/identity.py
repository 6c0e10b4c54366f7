"""Who a row is about: СНИЛС, else document, else name with birth date and sex. Source: INTERFACES 5 «Again».

A weaker mark never joins two records that a stronger one tells apart.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shared.kernel.names import sort_key

Document = tuple[str, str, str]
NameKey = tuple[str, datetime.date, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """The marks by which a learner is recognized; an absent one is empty."""

    snils: str
    document: Document | None
    name: NameKey

    @property
    def key(self) -> str:
        """One text for the strongest mark there is; it tells nothing to whoever reads it."""
        mark = self.snils or self.document or self.name
        return hashlib.sha256(repr(mark).encode()).hexdigest()

    def with_marks_of(self, other: Identity) -> Identity:
        """The same person, after another record of him has told more."""
        return Identity(self.snils or other.snils, self.document or other.document, self.name)


class Identified(Protocol):
    """A record that can be recognized."""

    identity: Identity


R = TypeVar("R", bound=Identified)


def identity_of(
    *, surname: str, name: str, patronymic: str, birth_date: datetime.date, sex: str, snils: str, document: Document
) -> Identity:
    """Names are compared without case, with ё as е and hyphens as spaces; a missing patronymic is a value."""
    full = sort_key(f"{surname}|{name}|{patronymic}").replace("-", " ")
    return Identity(snils, document if document[2] else None, (full, birth_date, sex))


def contradict(one: Identity, other: Identity, *, by_document: bool) -> bool:
    """Whether the two have different СНИЛС, or different documents of one type: then they are different people.

    A child has a birth certificate first and a passport later, so documents of different types say nothing.
    """
    if one.snils and other.snils and one.snils != other.snils:
        return True
    if not by_document or one.document is None or other.document is None:
        return False
    return one.document[0] == other.document[0] and one.document != other.document


class Book(Generic[R]):
    """Records by each of their marks."""

    def __init__(self) -> None:
        self._by_snils: dict[str, R] = {}
        self._by_document: dict[Document, list[R]] = defaultdict(list)
        self._by_name: dict[NameKey, list[R]] = defaultdict(list)

    def add(self, record: R, identity: Identity) -> None:
        """Let ``record`` be found by these marks too."""
        if identity.snils:
            self._by_snils.setdefault(identity.snils, record)
        if identity.document:
            self._by_document[identity.document].append(record)
        self._by_name[identity.name].append(record)

    def find(self, sought: Identity) -> R | None:
        """The record of this person; the first added of several."""
        if sought.snils and sought.snils in self._by_snils:
            return self._by_snils[sought.snils]
        if sought.document:
            for record in self._by_document.get(sought.document, ()):
                if not contradict(record.identity, sought, by_document=False):
                    return record
        for record in self._by_name.get(sought.name, ()):
            if not contradict(record.identity, sought, by_document=True):
                return record
        return None

    def has_namesake(self, sought: Identity) -> bool:
        """Whether someone else has the same document, or the same name, birth date and sex."""
        return bool((sought.document and self._by_document.get(sought.document)) or self._by_name.get(sought.name))
