"""What an import is going to write: rows to create, rows to bring back, values to change."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from tenants.intake.fields import PlaceRow, Problem
from tenants.intake.models import Verdict

Record = dict[str, Any]  # column → value


@dataclass(slots=True, eq=False)
class Read:
    """A row of the file on its way to a verdict; the first verdict that says more than «nothing new» stays."""

    number: int
    cells: Sequence[str]
    row: PlaceRow | None
    problems: list[Problem]
    warnings: list[Problem]
    verdict: Verdict = Verdict.REFUSED

    def refuse(self, field_name: str, reason: str) -> None:
        self.problems.append(Problem(field_name, reason))
        self.verdict = Verdict.REFUSED

    def warn(self, field_name: str, reason: str) -> None:
        self.warnings.append(Problem(field_name, reason))

    def differs(self, field_name: str, reason: str) -> None:
        """Known already, but not the same in everything."""
        self.warn(field_name, reason)
        if self.verdict == Verdict.ALREADY:
            self.verdict = Verdict.DIFFERENT


@dataclass(slots=True)
class Change:
    """Values of a known row before and after."""

    old: Record = field(default_factory=dict)
    new: Record = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """Everything one import writes, by model. A row of the plan is a record of columns."""

    created: dict[type[Model], dict[uuid.UUID, Record]] = field(default_factory=lambda: defaultdict(dict))
    restored: dict[type[Model], dict[uuid.UUID, Record]] = field(default_factory=lambda: defaultdict(dict))
    changed: dict[type[Model], dict[uuid.UUID, Change]] = field(default_factory=lambda: defaultdict(dict))

    def create(self, model: type[Model], key: uuid.UUID, **values: Any) -> None:
        self.created[model][key] = {"id": key, **values}

    def restore(self, model: type[Model], key: uuid.UUID, **values: Any) -> None:
        """Show a row that an undo has hidden."""
        self.restored[model][key] = {"id": key, "is_annulled": False, **values}

    def set(self, model: type[Model], key: uuid.UUID, **values: tuple[Any, Any]) -> None:
        """Give columns new values, each written as (old, new); a row of this plan is changed before it is written."""
        if not values:
            return
        new = {column: after for column, (_, after) in values.items()}
        for own in (self.created, self.restored):
            if key in own[model]:
                own[model][key].update(new)
                return
        change = self.changed[model].setdefault(key, Change())
        for column, (before, _) in values.items():
            change.old.setdefault(column, before)
        change.new.update(new)

    @property
    def is_empty(self) -> bool:
        return not any(rows for kind in (self.created, self.restored, self.changed) for rows in kind.values())
