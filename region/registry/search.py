"""Finding people of the registry by name: exact beginnings first, then what sounds alike.

A beginning is a range of the index of names. Otherwise every word has to be similar to a part of the name: the trigram
index finds candidates, and only so many are weighed. Row security leaves each authority its own territory.
Source: JOURNEYS (first result for «хворостянов задунайски», ≤ 150 ms).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from region.registry.wanted import TWO_PLACES, Wanted
from shared.contingent.counts import COUNTED

PAGE = 50
LAST_PAGE = 200
CANDIDATES = 5000
LIKENESS = (0.6, 0.4)
"""How alike words must be, tried in turn: 0.6 forgives an ending, 0.4 a wrong letter in the middle of a short name."""

SHORTEST_WORD = 3
_LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """Keys of one page in their order; ``likeness`` tells how alike they are when no name begins as asked."""

    people: list[uuid.UUID]
    page: int
    has_next: bool
    likeness: float | None = None


def find_people(asked: Wanted, *, page: int = 1) -> Found:
    """One page of the people asked for, in the order of names, or of likeness where nothing begins so."""
    page = max(1, min(page, LAST_PAGE))
    found = _fetch(_by_name(asked), page)
    if found.people or not asked.name or (page > 1 and _fetch(_by_name(asked), 1).people):
        return found
    for likeness in LIKENESS:
        found = _fetch(_by_likeness(asked), page, likeness=likeness)
        if found.people:
            break
    return found


def people_condition(asked: Wanted, *, leaving_out: str = "") -> tuple[str, dict[str, Any]]:
    """Which people belong to the answer, as SQL over ``contingent_person p`` without the name.

    ``leaving_out`` drops the filter of one dimension.
    """
    condition, parameters = asked.place_condition(leaving_out=leaving_out)
    held = f"exists (select 1 from {asked.places} where e.person_id = p.id and {condition})"  # noqa: S608
    conditions = [held]
    if asked.state == "left":
        conditions.append(
            f"not exists (select 1 from contingent_registryenrollment e where e.person_id = p.id and {COUNTED})"  # noqa: S608
        )
    if asked.mark == TWO_PLACES:
        conditions.append(
            "p.id in (select e.person_id from contingent_registryenrollment e "  # noqa: S608
            f"where {COUNTED} and e.is_basic group by e.person_id having count(*) > 1)"
        )
    if asked.born_on:
        conditions.append("p.birth_date = %(born_on)s")
        parameters["born_on"] = asked.born_on
    return " and ".join(conditions), parameters


def name_condition(asked: Wanted, *, is_similar: bool) -> tuple[str, dict[str, Any]]:
    """The name as SQL over ``p.sort_name``; empty text allows every name."""
    if not asked.name:
        return "true", {}
    if not is_similar:
        return "p.sort_name >= %(first)s and p.sort_name < %(last)s", {
            "first": asked.name,
            "last": asked.name + _LAST_LETTER,
        }
    words = [word for word in asked.name.replace("-", " ").split() if len(word) >= SHORTEST_WORD] or [asked.name]
    alike = " and ".join(f"p.sort_name %%> %(word{number})s" for number in range(len(words)))
    return alike, {f"word{number}": word for number, word in enumerate(words)}


def _by_name(asked: Wanted) -> tuple[str, dict[str, Any]]:
    people, parameters = people_condition(asked)
    name, words = name_condition(asked, is_similar=False)
    return f"select p.id from contingent_person p where {name} and {people} order by p.sort_name, p.id", {  # noqa: S608
        **parameters,
        **words,
    }


def _by_likeness(asked: Wanted) -> tuple[str, dict[str, Any]]:
    people, parameters = people_condition(asked)
    name, words = name_condition(asked, is_similar=True)
    score = " + ".join(f"word_similarity(%({word})s, c.sort_name)" for word in words)
    statement = (
        f"select c.id from (select p.id, p.sort_name from contingent_person p where {name} and {people} "  # noqa: S608
        f"limit {CANDIDATES}) c order by {score} desc, c.sort_name, c.id"
    )
    return statement, {**parameters, **words}


def demand_likeness(cursor: Any, likeness: float | None) -> None:
    """Set for this transaction how alike ``%>`` asks words to be."""
    if likeness is not None:
        cursor.execute(f"set local pg_trgm.word_similarity_threshold = {likeness:.1f}")


def _fetch(query: tuple[str, dict[str, Any]], page: int, *, likeness: float | None = None) -> Found:
    statement, parameters = query
    with connection.cursor() as cursor:
        demand_likeness(cursor, likeness)
        cursor.execute(
            f"{statement} limit %(limit)s offset %(offset)s",
            {**parameters, "limit": PAGE + 1, "offset": (page - 1) * PAGE},
        )
        keys = [row[0] for row in cursor.fetchall()]
    return Found(keys[:PAGE], page, has_next=len(keys) > PAGE and page < LAST_PAGE, likeness=likeness)
