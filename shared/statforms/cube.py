"""The facts behind a form: places counted by dimensions, and the classes and groups with their attributes.

Everything is computed in memory from what a :class:`FactSource` returns, so a form costs a few queries for any scope.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

PERSON_DIMENSIONS = frozenset(("sex", "age"))
"""Dimensions in which one person has one value on a date, so distinct people may be added up over them."""

REGISTRY_DIMENSIONS = PERSON_DIMENSIONS | frozenset(
    [
        "municipality",
        "organization",
        "organization_type",
        "program_kind",
        "grade",
        "form_of_study",
        "form_of_education",
        "shift",
        "citizenship",
        "health_limits",
        "disability",
        "direction",
    ]
)
"""The vocabulary of ``registry count`` (INTERFACES 6)."""

GROUP_ATTRIBUTES = frozenset(
    [
        "class_type",
        "group_orientation",
        "age_band",
        "stay_regime",
        "financing",
        "urban_rural",
        "supplementary_kind",
        "program_years",
        "first_grade_year",
    ]
)
"""Attributes of the class or group; a source that does not hold one returns it empty."""

LEARNER_DIMENSIONS = REGISTRY_DIMENSIONS | GROUP_ATTRIBUTES

UNIT_DIMENSIONS = frozenset(("in_class_set", "unit_grade", "is_small"))
"""What a class inherits from the unit it is taught in: itself, or its class-set (класс-комплект)."""

GROUP_DIMENSIONS = (
    GROUP_ATTRIBUTES | UNIT_DIMENSIONS | frozenset(("program_kind", "grade", "form_of_study", "direction"))
)

SMALL_UNIT_BELOW = {"urban": 25, "rural": 14}
"""Learners below which a class or class-set is small. Source: forms/README.md item 7 (ОО-1, указания 2019, 2.4 r05)."""


LearnerRow = tuple[Mapping[str, str], int, int]
"""One row of the learner cube: key, places, distinct people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFact:
    """One class or group on the day of the form. An attribute nobody has filled in is empty, never a default.

    ``learners`` is the number of places on the class list that day. ``class_set`` is empty for a class of its own and
    otherwise names the set inside the organization. ``program_years`` and ``first_grade_year`` (``single``, ``first``,
    ``second``) describe programs for intellectual disability, ``supplementary_kind`` a supplementary program.
    """

    organization_id: str
    group_id: str
    name: str
    academic_year: str
    program_kind: str
    learners: int
    grade: str = ""
    form_of_study: str = ""
    class_type: str = ""
    class_set: str = ""
    orientation: str = ""
    age_band: str = ""
    stay_regime: str = ""
    direction: str = ""
    financing: str = ""
    urban_rural: str = ""
    supplementary_kind: str = ""
    program_years: str = ""
    first_grade_year: str = ""
    organization_name: str = ""


class FactSource(Protocol):
    """Facts of one scope on one day; the scope (region, municipality, organization) is the source's own affair."""

    def learners(
        self,
        dims: frozenset[str],
        *,
        age_on: datetime.date,
        with_people: bool = False,
        program_kinds: frozenset[str] | None = None,
    ) -> Iterable[LearnerRow]:
        """Places and distinct people grouped by ``dims`` (one GROUP BY); every key has every dimension, as text.

        ``age`` is in full years on ``age_on``. A value that is not known is an empty string. Without ``with_people``
        the number of people may be zero; rows of other kinds of programs than ``program_kinds`` may be left out.
        """

    def groups(self) -> Iterable[GroupFact]:
        """Classes and groups of the academic year in force that day."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A class or group as it is counted: with its key for the filters and the unit it is taught in."""

    fact: GroupFact
    key: Mapping[str, str]
    unit_id: tuple[str, str, str]


class UnitIndex:
    """Units of a scope grouped by what a cell asks: thousands of classes have few different keys."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = tuple(units)
        self._grouped: dict[frozenset[str], list[tuple[Mapping[str, str], list[Unit]]]] = {}

    def by(self, dims: frozenset[str]) -> list[tuple[Mapping[str, str], list[Unit]]]:
        """Pairs of a key in ``dims`` and the units that have it."""
        if dims not in self._grouped:
            names = tuple(dims)
            alike: defaultdict[tuple[str, ...], list[Unit]] = defaultdict(list)
            for unit in self._units:
                alike[tuple(unit.key[name] for name in names)].append(unit)
            self._grouped[dims] = [(dict(zip(names, key, strict=True)), units) for key, units in alike.items()]
        return self._grouped[dims]


def age_reference(rule: str, as_of: datetime.date) -> datetime.date:
    """The day on which full years are counted. Source: forms/README.md item 10."""
    return datetime.date(as_of.year + 1, 1, 1) if rule == "next_january_first" else as_of


def collapse(rows: Iterable[LearnerRow], dims: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Places by fewer dimensions than they were fetched with."""
    counted: Counter[tuple[str, ...]] = Counter()
    for key, enrollments, _persons in rows:
        counted[tuple(str(key[dim]) for dim in dims)] += enrollments
    return counted


def as_units(facts: Iterable[GroupFact]) -> tuple[Unit, ...]:
    """Give every class what follows from its unit: whether it is in a set, the unit's grade and whether it is small.

    A set is one unit at the lowest grade of its classes (assumption: no source says where a set of grades 4 and 5
    belongs), small by all its learners together.
    """
    members: defaultdict[tuple[str, str, str], list[GroupFact]] = defaultdict(list)
    for fact in facts:
        own = "" if fact.class_set else fact.group_id
        members[(fact.organization_id, fact.class_set, own)].append(fact)
    return tuple(Unit(fact, _key(fact, unit), unit_id) for unit_id, unit in members.items() for fact in unit)


def _key(fact: GroupFact, unit: Sequence[GroupFact]) -> dict[str, str]:
    grades = [member.grade for member in unit]
    return {
        "program_kind": fact.program_kind,
        "grade": fact.grade,
        "form_of_study": fact.form_of_study,
        "direction": fact.direction,
        "class_type": fact.class_type,
        "group_orientation": fact.orientation,
        "age_band": fact.age_band,
        "stay_regime": fact.stay_regime,
        "financing": fact.financing,
        "urban_rural": fact.urban_rural,
        "supplementary_kind": fact.supplementary_kind,
        "program_years": fact.program_years,
        "first_grade_year": fact.first_grade_year,
        "in_class_set": "yes" if fact.class_set else "no",
        "unit_grade": min(grades, key=int) if all(grades) else "",
        "is_small": _small(sum(member.learners for member in unit), fact.urban_rural),
    }


def _small(learners: int, urban_rural: str) -> str:
    """Empty where the answer depends on the locality and the locality is not known."""
    below = [SMALL_UNIT_BELOW[urban_rural]] if urban_rural in SMALL_UNIT_BELOW else list(SMALL_UNIT_BELOW.values())
    if all(learners < threshold for threshold in below):
        return "yes"
    return "" if any(learners < threshold for threshold in below) else "no"
