"""Whose sign-in must have a second factor in this organization, and who has none yet. Source: R-030, R-356."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import organization_of
from shared.access.roles import SECOND_FACTOR_ROLES
from shared.appointments.queries import staff_grants


@dataclass(frozen=True, slots=True)
class FactorCount:
    """Accounts that the rule obliges: how many have a second factor, and the names of those who have not."""

    protected: int
    unprotected: list[str]


def factors_here(request: HttpRequest, **kwargs: object) -> FactorCount:
    """Read before the view: an organization's own tables do not know accounts."""
    obliged: dict[uuid.UUID, tuple[str, bool]] = {
        grant.account_id: (grant.account.full_name, grant.account.second_factor_since is not None)
        for grant in staff_grants(organization_of(request).id, timezone.localdate())
        if grant.role in SECOND_FACTOR_ROLES
    }
    unprotected = sorted(name for name, is_protected in obliged.values() if not is_protected)
    return FactorCount(len(obliged) - len(unprotected), unprotected)


def factors_of(request: HttpRequest) -> FactorCount:
    return cast(FactorCount, request.groundwork)  # type: ignore[attr-defined]
