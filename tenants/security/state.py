"""The state of measures of this organization as it is now, and handing it up. Source: R-148, R-162, R-356."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from shared.organizations.models import Organization
from shared.security.models import is_review_due
from shared.security.services import state_to_fill
from shared.tenancy.connection import tenant_connection
from tenants.consents.models import Consent, OperatorDetails
from tenants.intake.models import SealedDraft
from tenants.people.models import Student
from tenants.security.models import Incident, ProtectionRegulation, RightsReview


@dataclass(frozen=True, slots=True)
class Measures:
    """What an organization has done to protect personal data, counted by its own tables."""

    now: datetime.datetime
    operator: OperatorDetails | None
    regulation: ProtectionRegulation | None
    last_review: RightsReview | None
    learners: int
    consented: int
    open_incidents: list[Incident]

    @property
    def consent_share(self) -> float | None:
        """Part of the learners whose consent is in force, 0…1; nothing where nobody learns."""
        return self.consented / self.learners if self.learners else None

    @property
    def is_review_due(self) -> bool:
        reviewed_on = self.last_review.reviewed_on if self.last_review else None
        return is_review_due(reviewed_on, timezone.localdate(self.now))

    @property
    def waiting_terms(self) -> list[datetime.datetime]:
        return sorted(term for incident in self.open_incidents for term in incident.waiting_terms)

    @property
    def overdue(self) -> int:
        return sum(term < self.now for term in self.waiting_terms)


def measures_now() -> Measures:
    """Seven queries. A learner without consent is a sealed row of an import, or one who has withdrawn it."""
    now = timezone.now()
    day = timezone.localdate(now)
    learners = Student.objects.kept().enrolled_on(day)
    in_force = Consent.objects.current().processing_of_learners().in_state("active", day)
    sealed = SealedDraft.objects.sealed().order_by().values("learner_key").distinct()
    return Measures(
        now=now,
        operator=OperatorDetails.objects.first(),
        regulation=ProtectionRegulation.objects.filter(is_current=True).select_related("file").first(),
        last_review=RightsReview.objects.first(),
        learners=learners.count() + sealed.count(),
        consented=in_force.filter(student__in=learners.values("pk")).count(),
        open_incidents=list(Incident.objects.open()),
    )


def hand_up_state() -> None:
    """Tell the levels above, in the transaction of the change; they see numbers and days, nothing of a person.

    Of a copy nobody is told.
    """
    schema = tenant_connection().scope.schema
    organization_id = Organization.objects.filter(schema_name=schema).values_list("pk", flat=True).first()
    if organization_id is None:
        return
    state = state_to_fill(organization_id)
    found = measures_now()
    state.has_responsible = found.operator is not None
    state.has_regulation = found.regulation is not None
    state.learners, state.consented = found.learners, found.consented
    state.open_incidents = len(found.open_incidents)
    state.notices_due_at = found.waiting_terms
    state.last_review_on = found.last_review.reviewed_on if found.last_review else None
    state.as_of = found.now
    state.save(force_update=True)
