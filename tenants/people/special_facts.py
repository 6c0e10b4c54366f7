"""Special facts of a learner as values that are read, compared and written. Source: ORGANIZATION 2.3, 3.7."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialFacts:
    """Codes of classifiers and texts; an absent one is empty."""

    health_group: str = ""
    pe_group: str = ""
    diseases: str = ""
    policy_number: str = ""
    insurer: str = ""
    family_composition: str = ""
    children_count: int | None = None
    social_statuses: tuple[str, ...] = ()
    health_limits_kind: str = ""
    pmpk_number: str = ""
    pmpk_on: datetime.date | None = None
    pmpk_valid_to: datetime.date | None = None
    program_variant: str = ""
    disability_number: str = ""
    disability_on: datetime.date | None = None
    disability_valid_to: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Facts of «yes or no» that stand on the card itself, because two of them are handed up; None stays as it is."""

    health_limits: bool | None = None
    disability: bool | None = None
    is_address_protected: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviantFacts:
    kind: str
    registered_from: datetime.date
    registered_to: datetime.date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionFacts:
    """What a court or an authority has said of a representative's rights."""

    authority_document: str = ""
    rights_restriction: str = ""
    restriction_document: str = ""
    restricted_on: datetime.date | None = None
