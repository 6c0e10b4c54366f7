"""The one writer of measures; each change is handed up in its own transaction."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import transaction

from shared.kernel.rules import constraint_means
from tenants.files.models import StoredFile
from tenants.security.errors import (
    FindingsBeforeIncident,
    IncidentClosed,
    IncidentNotReported,
    IncidentWithoutMeasures,
    NoticeBeforeIncident,
)
from tenants.security.models import Incident, ProtectionRegulation, RightsReview
from tenants.security.state import hand_up_state


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFacts:
    """Everything the register says of an incident before it is closed."""

    found_at: datetime.datetime
    description: str
    data_categories: str
    people_count: int
    measures: str = ""
    is_notifiable: bool = True
    notified_at: datetime.datetime | None = None
    findings_sent_at: datetime.datetime | None = None


@transaction.atomic
def record_review(
    *,
    reviewed_on: datetime.date,
    recorded_by: str,
    order_number: str = "",
    order_date: datetime.date | None = None,
    note: str = "",
) -> RightsReview:
    """Rights of access were looked through."""
    review = RightsReview.objects.create(
        reviewed_on=reviewed_on,
        order_number=order_number,
        order_date=order_date,
        note=note,
        recorded_by=recorded_by,
    )
    hand_up_state()
    return review


@transaction.atomic
def put_regulation(*, number: str, approved_on: datetime.date, file: StoredFile, added_by: str) -> ProtectionRegulation:
    """A new edition is in force; the former ones stay readable."""
    in_force = ProtectionRegulation.objects.select_for_update().filter(is_current=True)
    for former in in_force:
        former.is_current = False
        former.save(update_fields=["is_current"])
    edition = ProtectionRegulation.objects.create(number=number, approved_on=approved_on, file=file, added_by=added_by)
    hand_up_state()
    return edition


@transaction.atomic
def record_incident(*, facts: IncidentFacts, recorded_by: str) -> Incident:
    """Open an incident; terms count from the moment it was found.

    Raises: NoticeBeforeIncident, FindingsBeforeIncident.
    """
    incident = Incident(**asdict(facts), recorded_by=recorded_by)
    with _times_are_in_order():
        incident.save(force_insert=True)
    hand_up_state()
    return incident


@transaction.atomic
def edit_incident(*, incident: Incident, facts: IncidentFacts) -> Incident:
    """Write down what became known. Raises: IncidentClosed, NoticeBeforeIncident, FindingsBeforeIncident."""
    incident = _open(incident)
    for name, value in asdict(facts).items():
        setattr(incident, name, value)
    with _times_are_in_order():
        incident.save(force_update=True)
    hand_up_state()
    return incident


@transaction.atomic
def close_incident(*, incident: Incident, closed_on: datetime.date, closed_by: str) -> Incident:
    """Raises: IncidentClosed, IncidentWithoutMeasures, IncidentNotReported."""
    incident = _open(incident)
    incident.closed_on, incident.closed_by = closed_on, closed_by
    unmeasured = constraint_means("incident_closed_with_measures", IncidentWithoutMeasures())
    with constraint_means("incident_closed_after_notices", IncidentNotReported()), unmeasured:
        incident.save(update_fields=["closed_on", "closed_by"])
    hand_up_state()
    return incident


def _open(incident: Incident) -> Incident:
    """The incident as it is now, locked. Raises: IncidentClosed."""
    found = Incident.objects.select_for_update().get(pk=incident.pk)
    if found.closed_on is not None:
        raise IncidentClosed(day=f"{found.closed_on:%d.%m.%Y}")
    return found


@contextmanager
def _times_are_in_order() -> Iterator[None]:
    """Raises: NoticeBeforeIncident, FindingsBeforeIncident."""
    late = constraint_means("incident_findings_after_found", FindingsBeforeIncident())
    with constraint_means("incident_notified_after_found", NoticeBeforeIncident()), late:
        yield
