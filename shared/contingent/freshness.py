"""The «данные на» of a page: when the registry last heard from the organizations shown."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import Max

from shared.contingent.counts import Territory
from shared.contingent.models import ProjectionState
from shared.organizations.models import Organization


def data_time(territory: Territory) -> datetime.datetime | None:
    """The latest projection among the organizations of a territory; None before the first one."""
    conditions = {
        "region": territory.region,
        "municipality": territory.municipality,
        "pk": territory.organization,
        "founder": territory.founder,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    own = Organization.objects.filter(**given).values("pk")
    found: datetime.datetime | None = ProjectionState.objects.filter(organization_id__in=own).aggregate(
        at=Max("projected_at")
    )["at"]
    return found


def data_times(organizations: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime.datetime]:
    """The same for every organization apart."""
    known = ProjectionState.objects.filter(organization_id__in=list(organizations))
    return dict(known.values_list("organization_id", "projected_at"))
