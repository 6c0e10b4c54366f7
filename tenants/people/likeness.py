"""Search before create: who of the organization may be meant by what is typed, and why. Source: ORGANIZATION 2.3."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from rapidfuzz.distance import OSA

from shared.access.actors import Actor
from shared.kernel.names import match_key, sort_key
from tenants.people.models import Guardian, Student
from tenants.people.queries import GuardianQuerySet, StudentQuerySet

SHOWN: Final = 10
_NEAR: Final = 2  # letters by which two writings of one name differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is known of a person who is looked for; the rest is empty."""

    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    birth_date: datetime.date | None = None
    snils: str = ""
    doc_number: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.last_name, self.first_name]))


@dataclass(frozen=True, slots=True)
class Alike:
    """A known person and what he has in common with the one who is looked for."""

    person: Student
    why: str
    weight: int


def may_create(actor: Actor) -> bool:
    """Whoever keeps the cards of everybody: a class teacher edits those of his class and makes none."""
    right = actor.right("students.edit")
    return right is not None and right.is_everywhere


def learners_alike(asked: Described, *, among: StudentQuerySet, by_numbers: bool) -> list[Alike]:
    """The most alike first. ``by_numbers``: numbers are compared only for who may see them."""
    candidates = _candidates(asked, by_numbers=by_numbers)
    if not candidates:
        return []
    found = (_compared(one, asked, by_numbers=by_numbers) for one in among.filter(candidates)[: SHOWN * 20])
    return sorted(filter(None, found), key=lambda one: (-one.weight, one.person.sort_name))[:SHOWN]


def guardians_alike(text: str, *, among: GuardianQuerySet) -> list[Guardian]:
    """Known representatives by words of the name: one person is one record for all his children."""
    if len(text.strip()) < 2:
        return []
    return list(among.named_like(text).order_by("sort_name", "id")[:SHOWN])


def _candidates(asked: Described, *, by_numbers: bool) -> Q:
    wanted = Q()
    if asked.birth_date is not None and asked.name:
        wanted |= Q(birth_date__in=_days_meant(asked.birth_date))
    if asked.last_name and asked.first_name:
        wanted |= Q(sort_name__startswith=sort_key(f"{asked.last_name} {asked.first_name}"))
    if by_numbers and asked.snils:
        wanted |= Q(snils=asked.snils)
    if by_numbers and asked.doc_number:
        wanted |= Q(doc_number=asked.doc_number)
    return wanted


def _days_meant(day: datetime.date) -> Iterator[datetime.date]:
    """The day, and the one with day and month exchanged."""
    yield day
    if day.day <= 12:
        yield day.replace(month=day.day, day=day.month)


def _compared(known: Student, asked: Described, *, by_numbers: bool) -> Alike | None:
    same_name = match_key(f"{known.last_name} {known.first_name}") == match_key(asked.name)
    near_name = same_name or _near(known, asked)
    same_day, same_paper = known.birth_date == asked.birth_date, known.doc_number == asked.doc_number
    if by_numbers and asked.snils and known.snils == asked.snils:
        why, weight = "тот же СНИЛС", 100
    elif by_numbers and asked.doc_number and same_paper and same_day:
        why, weight = "тот же документ и дата рождения", 90
    elif same_name and same_day:
        why, weight = "те же имя и дата рождения", 80
    elif near_name and same_day:
        why, weight = "та же дата рождения, похожее имя", 60
    elif near_name and asked.birth_date in list(_days_meant(known.birth_date)):
        why, weight = "похожее имя, день и месяц рождения переставлены", 50
    elif same_name:
        why, weight = f"то же имя, другая дата рождения: {known.birth_date:%d.%m.%Y}", 30
    else:
        return None
    return Alike(known, why, weight)


def _near(known: Student, asked: Described) -> bool:
    """Whether a letter or two differ, or surname and name are exchanged."""
    ours, theirs = match_key(f"{known.last_name} {known.first_name}"), match_key(asked.name)
    turned = match_key(f"{asked.first_name} {asked.last_name}".strip())
    if ours == turned:
        return True
    if not asked.first_name:
        ours = match_key(known.last_name)
    return OSA.distance(ours, theirs, score_cutoff=_NEAR) <= _NEAR
