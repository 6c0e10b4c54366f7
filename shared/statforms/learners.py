"""Who the places of an organization belong to: said by the organization itself, the registry gives it no people."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner as his own organization lists him; ``url`` leads to his card."""

    full_name: str
    sort_name: str
    url: str = ""


LearnerNames = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, Learner]]
