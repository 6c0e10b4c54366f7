"""Reads of consents and requests of subjects, named in domain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from shared.access.actors import Actor
from tenants.people.models import GuardianLink, Student

if TYPE_CHECKING:
    from tenants.consents.models import Consent, SubjectRequest  # noqa: F401

EXPIRES_SOON = datetime.timedelta(days=30)


class ConsentQuerySet(QuerySet["Consent"]):
    def current(self) -> ConsentQuerySet:
        """The last one of its kind, withdrawn or not; the earlier ones are history."""
        return self.filter(is_current=True)

    def processing_of_learners(self) -> ConsentQuerySet:
        return self.filter(subject_kind="learner", kind="student")

    def processing_of_guardians(self) -> ConsentQuerySet:
        return self.filter(subject_kind="guardian", kind="guardian")

    def in_state(self, state: str, day: datetime.date) -> ConsentQuerySet:
        """Действует, истекает, истекло, отозвано: the states of the register."""
        if state == "withdrawn":
            return self.exclude(withdrawn_on=None)
        held = self.filter(withdrawn_on=None)
        if state == "expired":
            return held.filter(valid_until__lt=day)
        if state == "expiring":
            return held.filter(valid_until__range=(day, day + EXPIRES_SOON))
        return held.filter(Q(valid_until=None) | Q(valid_until__gte=day))

    def seen_by(self, actor: Actor, capability: str) -> ConsentQuerySet:
        """Consents of learners the right reaches and of their guardians; of employees only for who reaches everybody.

        Those of blocked learners are seen by whoever answers for blocked data.
        """
        right = actor.right(capability)
        if right is None:
            return self.none()
        shown = Student.objects.kept() if actor.may("consent.blocked") else Student.objects.known()
        students = shown.seen_by(actor, capability)
        links = GuardianLink.objects.filter(student__in=students)
        reached = Q(student__in=students) | Q(student=None, guardian__in=links.values("guardian_id"))
        return self.filter(reached | Q(subject_kind="employee")) if right.is_everywhere else self.filter(reached)


class SubjectRequestQuerySet(QuerySet["SubjectRequest"]):
    def waiting(self) -> SubjectRequestQuerySet:
        return self.filter(status="new")
