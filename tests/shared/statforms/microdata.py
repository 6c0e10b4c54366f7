"""A small region in memory: places of children in classes and groups, and a fact source that groups them naively."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from shared.statforms.cube import GroupFact, LearnerRow

ORGANIZATIONS = {"school-1": ("03608000", "urban"), "school-2": ("03608000", "rural"), "school-3": ("", "urban")}
"""Organization → municipality and locality; an empty municipality means regional subordination."""


@dataclass(frozen=True)
class Place:
    """One place of one child; the group's attributes are read from the group."""

    person: str
    sex: str
    born_on: datetime.date
    group: GroupFact | None
    organization: str
    program_kind: str
    grade: str = ""
    direction: str = ""
    form_of_study: str = "full_time"
    form_of_education: str = "in_organization"
    shift: str = "1"
    citizenship: str = "RUS"
    health_limits: str = "no"
    disability: str = "no"

    def value(self, dimension: str, age_on: datetime.date) -> str:
        if dimension == "age":
            had_birthday = (age_on.month, age_on.day) >= (self.born_on.month, self.born_on.day)
            return str(age_on.year - self.born_on.year - (not had_birthday))
        if hasattr(self, dimension):
            return str(getattr(self, dimension))
        if dimension == "group_orientation":
            return self.group.orientation if self.group else ""
        return str(getattr(self.group, dimension)) if self.group else ""


@dataclass(repr=False)
class MemorySource:
    """A :class:`FactSource` over micro-data that remembers what it was asked."""

    places: Sequence[Place]
    facts: Sequence[GroupFact]
    queries: list[tuple[frozenset[str], datetime.date]] = field(default_factory=list)
    group_queries: int = 0

    def __repr__(self) -> str:
        return (
            f"{len(self.places)} places in {[(f.program_kind, f.grade, f.class_type, f.class_set) for f in self.facts]}"
        )

    def learners(
        self,
        dims: frozenset[str],
        *,
        age_on: datetime.date,
        with_people: bool = False,
        program_kinds: frozenset[str] | None = None,
    ) -> Iterable[LearnerRow]:
        self.queries.append((dims, age_on))
        grouped: defaultdict[tuple[tuple[str, str], ...], list[str]] = defaultdict(list)
        for place in self.places:
            grouped[tuple((dim, place.value(dim, age_on)) for dim in sorted(dims))].append(place.person)
        return [(dict(key), len(people), len(set(people))) for key, people in grouped.items()]

    def groups(self) -> Iterable[GroupFact]:
        self.group_queries += 1
        return self.facts

    def of(self, *organizations: str) -> MemorySource:
        """The same facts seen from a smaller scope."""
        return MemorySource(
            [place for place in self.places if place.organization in organizations],
            [fact for fact in self.facts if fact.organization_id in organizations],
        )


def region(*, is_complete: bool) -> st.SearchStrategy[MemorySource]:
    """Random regions; in a complete one every attribute of every group is filled in."""
    return st.lists(_groups(is_complete=is_complete), max_size=7).flatmap(_with_places)


@st.composite
def _groups(draw: st.DrawFn, *, is_complete: bool) -> dict[str, str]:
    def one_of(*codes: str) -> str:
        return draw(st.sampled_from(codes if is_complete else (*codes, "")))

    kind = draw(st.sampled_from(("general", "general", "preschool", "supplementary")))
    organization = draw(st.sampled_from(sorted(ORGANIZATIONS)))
    common = {
        "program_kind": kind,
        "organization_id": organization,
        "urban_rural": one_of(ORGANIZATIONS[organization][1]),
    }
    if kind == "general":
        kinds = ("ordinary", "in_depth", "gymnasium", "lyceum", "compensating", "adapted", "intellectual")
        return common | {
            "grade": one_of("1", "2", "4", "5", "9", "10", "11", "12"),
            "class_type": one_of(*kinds),
            "class_set": draw(st.sampled_from(("", "", "К1", "К2"))),
            "form_of_study": draw(st.sampled_from(("full_time", "full_time", "part_time", "correspondence"))),
            "program_years": one_of("9", "10", "11", "12"),
            "first_grade_year": one_of("single", "first", "second"),
        }
    if kind == "preschool":
        return common | {
            "orientation": one_of("general", "compensating", "combined", "health", "early_care"),
            "age_band": one_of("0-1", "1-2", "2-3", "3-4", "4-5", "5-6", "6-7", "mixed"),
            "stay_regime": one_of("short", "reduced", "full", "extended", "round"),
        }
    return common | {
        "direction": one_of("technical", "science", "sport", "art", "tourism", "social"),
        "financing": one_of("budget", "certificate", "paid"),
        "supplementary_kind": one_of("developing", "preprofessional", "sport_training"),
    }


@st.composite
def _with_places(draw: st.DrawFn, drawn: list[dict[str, str]]) -> MemorySource:
    children = [draw(_children()) for _ in range(6)]
    facts: list[GroupFact] = []
    places: list[Place] = []
    for number, attributes in enumerate(drawn):
        size = draw(st.sampled_from((0, 1, 2, 3, 13, 14, 24, 25)))
        fact = GroupFact(
            group_id=f"g{number}", name=f"Группа {number}", academic_year="2026", learners=size, **attributes
        )
        facts.append(fact)
        for index in range(size):
            # The first three are the six known children, who meet again elsewhere; the rest are their doubles.
            known = (number + index) % 6
            places.append(
                Place(
                    **children[known],
                    person=f"child {known}" if index < 3 else f"double {number}-{index}",
                    group=fact,
                    organization=fact.organization_id,
                    program_kind=fact.program_kind,
                    grade=fact.grade,
                    direction=fact.direction,
                    form_of_study=fact.form_of_study or "full_time",
                )
            )
    return MemorySource(places, facts)


def _children() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "sex": st.sampled_from(("M", "F")),
            "born_on": st.dates(datetime.date(2005, 1, 1), datetime.date(2026, 9, 1)),
            "form_of_education": st.sampled_from(("in_organization", "in_organization", "family")),
            "citizenship": st.sampled_from(("RUS", "RUS", "BLR", "XXA")),
            "health_limits": st.sampled_from(("yes", "no")),
            "disability": st.sampled_from(("yes", "no")),
        }
    )
