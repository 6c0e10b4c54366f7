"""What a page of the registry is asked for: codes from the address, the name from the session."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from shared.contingent.counts import COUNTED, DIMENSIONS, LEFT, filters_of
from shared.kernel.names import sort_key

STATES = {"active": "Обучается", "left": "Выбыл"}
TWO_PLACES = "two_places"
ASKED_DIMENSIONS = (*DIMENSIONS, "urban_rural", "class_type", "age_band", "stay_regime", "financing")
"""What a count and a search are narrowed by: the published dimensions and what a class or its organization is."""

FILTERS = (*ASKED_DIMENSIONS, "state", "mark", "as_of", "age_on")
_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b")
_GROUP_ALONE = "group"


@dataclass(frozen=True)
class Wanted:
    """Filters of the registry: ``where`` are dimensions of counts, ``state`` and ``mark`` are about the person."""

    day: datetime.date
    age_on: datetime.date
    where: dict[str, list[str]] = field(default_factory=dict)
    state: str = "active"
    mark: str = ""
    name: str = ""
    born_on: datetime.date | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.where or self.name or self.born_on or self.mark or self.state != "active")

    @property
    def everything(self) -> list[tuple[str, str]]:
        """The filters as pairs of a form, for a page that does not draw them."""
        told = [("state", self.state), ("as_of", self.day.isoformat()), ("age_on", self.age_on.isoformat())]
        told += [("mark", self.mark)] if self.mark else []
        return told + self.not_in(())

    def not_in(self, drawn: Collection[str]) -> list[tuple[str, str]]:
        """Chosen values of dimensions that a page draws no boxes for."""
        return [(name, value) for name, values in self.where.items() if name not in drawn for value in values]

    def place_condition(self, *, leaving_out: str = "") -> tuple[str, dict[str, Any]]:
        """SQL over ``contingent_registryenrollment e`` (and ``o``, see :attr:`needs_organization`)."""
        where = {name: values for name, values in self.where.items() if name != leaving_out}
        held = LEFT if self.state == "left" else COUNTED
        return filters_of(as_of=self.day, where=where, age_on=self.age_on, territory=None, held=held)

    @property
    def places(self) -> str:
        """The tables of :meth:`place_condition`."""
        joined = (
            " join organizations_organization o on o.id = e.organization_id" if "organization" in self.where else ""
        )
        return f"contingent_registryenrollment e{joined}"


def wanted(query: QueryDict, text: str = "") -> Wanted:
    """Read the address; what is not understood does not narrow."""
    where = {name: [value[:80] for value in query.getlist(name)] for name in ASKED_DIMENSIONS if name in query}
    if _GROUP_ALONE in where and "organization" not in where:
        del where[_GROUP_ALONE]
    day = read_day(query.get("as_of", "")) or timezone.localdate()
    born = _DAY.search(text)
    state = query.get("state", "active")
    return Wanted(
        day=day,
        age_on=read_day(query.get("age_on", "")) or day,
        where=where,
        state=state if state in STATES else "active",
        mark=TWO_PLACES if query.get("mark") == TWO_PLACES else "",
        name=sort_key(" ".join(_DAY.sub(" ", text).split())),
        born_on=read_day(born.group()) if born else None,
    )


def read_day(text: str) -> datetime.date | None:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
