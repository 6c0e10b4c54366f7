"""Whose representative a row speaks of: a child by key, else by name and birth date. Source: ORGANIZATION 2.4."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.kernel.names import clean_name
from tenants.cards.files.kinds import CHILD_BORN, CHILD_KEY, CHILD_NAME, file_kinds
from tenants.cards.files.matching import Asked, Book, Match, load_book, name_key
from tenants.cards.files.reading import Cell
from tenants.people.models import GuardianLink

NOT_A_KEY: Final = "Это не похоже на ключ ребёнка. Возьмите его из файла обучающихся или впишите имя и дату рождения."
NOT_FOUND: Final = (
    "Такого ребёнка в организации нет. Проверьте имя и дату рождения или возьмите ключ из файла обучающихся."
)
NOT_WHOLE: Final = "Ребёнка называют именем и датой рождения вместе. Допишите недостающее или впишите его ключ."


@dataclass(frozen=True, slots=True)
class Link:
    """A known representative of a child; ``relation``: who he is to the child."""

    key: uuid.UUID
    relation: str


class Children:
    """The children whom some rows name, and whose representatives are known."""

    def __init__(self, book: Book, links: Mapping[tuple[uuid.UUID, uuid.UUID], Link]) -> None:
        self._book = book
        self._links = links

    def find(self, read: Mapping[str, Cell]) -> Match:
        """The child of a row; no card and no refusal when the row names none."""
        asked = asked_child(read)
        if asked is None:
            named = read.keys() & {CHILD_NAME, CHILD_BORN}
            column = CHILD_KEY if CHILD_KEY in read else min(named, default="")
            sentence = NOT_A_KEY if CHILD_KEY in read else NOT_WHOLE if named else ""
            return Match(refusal=sentence, column=column)
        found = self._book.find(asked)
        column = CHILD_KEY if asked.key else CHILD_NAME
        if found.card is None:
            return Match(refusal=NOT_FOUND if asked.key or not found.refusal else found.refusal, column=column)
        return found

    def link(self, child: uuid.UUID, guardian: uuid.UUID) -> Link | None:
        """How they are tied; None when he does not represent the child yet."""
        return self._links.get((child, guardian))

    def guardian_named(self, child: uuid.UUID, name: str, guardians: Book) -> Match:
        """The child's representative of this name."""
        found = [one for one in guardians.named(name) if self.link(child, one.pk)] if name else []
        if len(found) > 1:
            return Match(refusal="У ребёнка несколько представителей с таким именем. Впишите ключ того, о ком строка.")
        return Match(found[0] if found else None)


def asked_child(read: Mapping[str, Cell]) -> Asked | None:
    """What a row says of the child; None when it says nothing, or not enough."""
    if CHILD_KEY in read:
        try:
            return Asked(key=uuid.UUID(read[CHILD_KEY].value))
        except (ValueError, TypeError):
            return None
    name, born = read.get(CHILD_NAME), read.get(CHILD_BORN)
    if name is None or born is None or name.error or born.error:
        return None
    child = name_key(clean_name(name.value).value.split())
    # A name of two words has no patronymic, whose space stays in the stored key.
    return Asked(name=child, stored_name=child if child.count(" ") > 1 else f"{child} ", birth_date=born.value)


def load_children(rows: Sequence[Mapping[str, Cell]]) -> Children:
    """Two queries, whatever the number of rows."""
    asked = [one for one in map(asked_child, rows) if one is not None]
    book = load_book(file_kinds()["student"].cards(), asked)
    found = GuardianLink.objects.filter(student_id__in=book.by_key)
    known = found.values_list("student_id", "guardian_id", "pk", "relation")
    return Children(book, {(child, guardian): Link(key, relation) for child, guardian, key, relation in known})
