"""Who represents a child: one person is one record for all his children here. Source: ORGANIZATION 2.4."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from shared.kernel.names import sort_key
from shared.kernel.rules import constraint_means
from tenants.consents.services import SignedPaper, record_guardian_consent
from tenants.people.errors import GuardianKnown, GuardianLinked, RestrictionStands
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.people.writing import write_guardian


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianFacts:
    """A representative and his relation to the child (classifier guardian_relation).

    Without ``consent_on`` everything beyond his name stays sealed. ``more``: other fields of his card by their codes,
    written once his consent is.
    """

    last_name: str
    first_name: str = ""
    patronymic: str = ""
    phone: str = ""
    relation: str = ""
    consent_on: datetime.date | None = None
    more: Mapping[str, Any] = field(default_factory=dict)  # Any: values of the fields' kinds

    @property
    def name(self) -> dict[str, str]:
        return {"last_name": self.last_name, "first_name": self.first_name, "patronymic": self.patronymic}

    @property
    def key(self) -> str:
        return sort_key(f"{self.last_name} {self.first_name} {self.patronymic}")


@transaction.atomic
def add_guardian(*, student: Student, facts: GuardianFacts, recorded_by: str) -> GuardianLink:
    """One more representative; of an equal name and telephone it is the known one, also for brothers and sisters.

    Raises: GuardianLinked, and the refusals of his card.
    """
    guardian = _guardian(facts)
    link = link_guardian(student=student, guardian=guardian, relation=facts.relation)
    if facts.consent_on is not None and guardian.is_sealed:
        paper = SignedPaper(signed_on=facts.consent_on, recorded_by=recorded_by)
        record_guardian_consent(guardian=guardian, paper=paper)
        guardian.refresh_from_db()
    more = {code: value for code, value in facts.more.items() if value not in ("", None)}
    if more:
        write_guardian(guardian, more, by=recorded_by)
    return link


@transaction.atomic
def link_guardian(*, student: Student, guardian: Guardian, relation: str) -> GuardianLink:
    """A known person represents this child too. Raises: GuardianLinked."""
    with constraint_means("guardianlink_once", GuardianLinked(guardian=guardian)):
        return GuardianLink.objects.create(student=student, guardian=guardian, relation=relation)


@transaction.atomic
def change_relation(*, link: GuardianLink, relation: str) -> None:
    """How they are related; rights that a court has restricted stay restricted."""
    link.relation = relation
    link.save(update_fields=["relation"])


@transaction.atomic
def unlink_guardian(*, link: GuardianLink) -> None:
    """He does not represent this child: the link ends, his card stays for his other children.

    Raises: RestrictionStands.
    """
    if link.rights_restriction:
        raise RestrictionStands
    link.delete()


def _guardian(facts: GuardianFacts) -> Guardian:
    """The one known by this name and telephone, or a new one."""
    known = Guardian.objects.filter(sort_name=facts.key, phone=facts.phone).first()
    if known is not None:
        return known
    with constraint_means("guardian_once", GuardianKnown()):
        return Guardian.objects.create(**facts.name, phone=facts.phone)
