"""Cards that may be of one person: found over the whole organization, the most alike first. Source: ORGANIZATION 2.3.

Everything is compared in memory within small buckets (equal birth dates, one child's representatives), so fifty
thousand cards cost one query and a second.
"""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from rapidfuzz.distance import OSA

from shared.access.actors import Actor
from shared.cards.kinds import CardKind
from shared.kernel.names import match_key
from tenants.cards.sections import reaching
from tenants.people.models import GuardianLink

MOST: Final = 200
Keys = tuple[uuid.UUID, uuid.UUID]
_NEAR_SURNAME: Final = 0.75
_NEAR_NAME: Final = 0.8  # Анна and Инна, who may be twins, are apart


class Known(NamedTuple):
    """What is compared of a card; numbers and days of one without consent are empty."""

    key: uuid.UUID
    last: str
    first: str
    patronymic: str
    born: datetime.date | None
    document: tuple[str, str, str] | None

    @property
    def name(self) -> tuple[str, str, str]:
        return self.last, self.first, self.patronymic


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cards and what they have in common; the heavier, the surer."""

    first: uuid.UUID
    second: uuid.UUID
    why: str
    weight: int

    @property
    def keys(self) -> Keys:
        """Both cards, whichever is named first."""
        return min(self.first, self.second), max(self.first, self.second)


def pairs_of(kind: CardKind, actor: Actor, *, told: Mapping[Keys, int] | None = None) -> list[Pair]:
    """The pairs that a person may merge; documents are compared only for who may see them.

    ``told``: pairs of which somebody has said that they are two people, and how heavy they were then; they are left
    out until something heavier speaks for them.
    """
    told = told or {}
    cards = kind.reached(actor, kind.edits)
    found = (pair for pair in _pairs(kind, actor, cards) if pair.weight > told.get(pair.keys, 0))
    return sorted(found, key=lambda one: (-one.weight, one.first, one.second))[:MOST]


def likeness_of(kind: CardKind, actor: Actor, keys: Keys) -> Pair | None:
    """What these two cards have in common; None when nothing makes them a pair."""
    return next(iter(_pairs(kind, actor, kind.reached(actor, kind.edits).filter(pk__in=keys))), None)


def _pairs(kind: CardKind, actor: Actor, cards: QuerySet[Any]) -> Iterable[Pair]:
    """Each pair once, with the heaviest of what it has in common."""
    known = list(_known(cards, reaching(kind, actor, kind.identity)))
    found: dict[Keys, Pair] = {}
    for pair in _compared(known, children=_children(known) if kind.code == "guardian" else {}):
        if pair.keys not in found or found[pair.keys].weight < pair.weight:
            found[pair.keys] = pair
    return found.values()


def _known(cards: QuerySet[Any], may_identify: Callable[[uuid.UUID], bool]) -> Iterator[Known]:
    columns = ("pk", "last_name", "first_name", "patronymic", "birth_date", "doc_type", "doc_series", "doc_number")
    for key, last, first, patronymic, born, *document, agreed, withdrawn in cards.order_by().values_list(
        *columns, "consent_on", "consent_withdrawn_on"
    ):
        is_open = agreed is not None and withdrawn is None
        yield Known(
            key,
            match_key(last),
            match_key(first),
            match_key(patronymic),
            born if is_open else None,
            tuple(document) if is_open and document[-1] and may_identify(key) else None,
        )


def _compared(known: list[Known], *, children: dict[uuid.UUID, list[Known]]) -> Iterator[Pair]:
    for one, other in _together(known, lambda card: card.document):
        yield Pair(one.key, other.key, "тот же документ", 90)
    for one, other in _together(known, lambda card: card.born):
        if said := _of_one_day(one, other):
            yield Pair(one.key, other.key, *said)
    for one, other in _together(known, lambda card: card.name):
        if one.born is None or other.born is None:
            yield Pair(one.key, other.key, "то же имя, у одной карточки нет даты рождения", 50)
        elif one.born != other.born and _is_turned(one.born, other.born):
            yield Pair(one.key, other.key, "то же имя, день и месяц рождения переставлены", 70)
    for siblings in children.values():
        for one, other in combinations(siblings, 2):
            if _is_near(one, other) and (one.born is None or other.born is None or one.born == other.born):
                yield Pair(one.key, other.key, "представители одного ребёнка, похожие имена", 60)


def _of_one_day(one: Known, other: Known) -> tuple[str, int] | None:
    if one.name == other.name:
        return "те же имя и дата рождения", 80
    if _is_near(one, other):
        return "та же дата рождения, похожее имя", 60
    if one.patronymic and (one.first, one.patronymic) == (other.first, other.patronymic):
        return "та же дата рождения, имя и отчество, другая фамилия", 40
    return None


def _is_near(one: Known, other: Known) -> bool:
    """Whether a letter or two differ, or surname and name are exchanged."""
    if (one.last, one.first) == (other.first, other.last):
        return True
    if one.patronymic and other.patronymic and _likeness(one.patronymic, other.patronymic) < _NEAR_SURNAME:
        return False
    return _likeness(one.last, other.last) >= _NEAR_SURNAME and _likeness(one.first, other.first) >= _NEAR_NAME


def _likeness(one: str, other: str) -> float:
    return float(OSA.normalized_similarity(one, other))


def _is_turned(one: datetime.date, other: datetime.date) -> bool:
    return (one.year, one.month, one.day) == (other.year, other.day, other.month)


def _together(known: Iterable[Known], of: Callable[[Known], Hashable]) -> Iterator[tuple[Known, Known]]:
    """Pairs that have the same, where they have it."""
    buckets: dict[Hashable, list[Known]] = defaultdict(list)
    for card in known:
        if (key := of(card)) is not None:
            buckets[key].append(card)
    for bucket in buckets.values():
        yield from combinations(bucket, 2)


def _children(known: Iterable[Known]) -> dict[uuid.UUID, list[Known]]:
    cards = {card.key: card for card in known}
    found: dict[uuid.UUID, list[Known]] = defaultdict(list)
    for student, guardian in GuardianLink.objects.order_by().values_list("student_id", "guardian_id"):
        if guardian in cards:
            found[student].append(cards[guardian])
    return found
