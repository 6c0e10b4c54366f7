"""Agreements of the ministry with administrations: recorded, corrected, and which one an organization stands on.

An organization of a municipality without one may be connected, with a word of it: papers come after the work they allow
more often than before. Source: R-001, REGION 1.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from fleet.errors import AgreementExists, MinistryMissing
from shared.kernel.rules import constraint_means
from shared.kernel.text import plural
from shared.organizations.models import AuthorityBody, AuthorityKind, ConnectionAgreement, Municipality, Organization

NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What stands in the paper."""

    municipality: Municipality
    administration: str
    number: str
    signed_on: datetime.date
    valid_from: datetime.date
    valid_until: datetime.date | None = None


@transaction.atomic
def record_agreement(facts: AgreementFacts, *, by: str) -> ConnectionAgreement:
    """A new agreement with the ministry of the municipality's region. Raises: AgreementExists, MinistryMissing."""
    place = facts.municipality
    ministry = AuthorityBody.objects.filter(region_id=place.region_id, kind=AuthorityKind.EDUCATION_MINISTRY).first()
    if ministry is None:
        raise MinistryMissing(municipality=place.name)
    return _write(ConnectionAgreement(authority=ministry, recorded_by=by), facts)


@transaction.atomic
def correct_agreement(agreement_id: uuid.UUID, facts: AgreementFacts) -> ConnectionAgreement:
    """Put a recorded agreement right, or end it by its last day. Raises: AgreementExists, DoesNotExist."""
    agreement = ConnectionAgreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
    return _write(agreement, facts)


def _write(agreement: ConnectionAgreement, facts: AgreementFacts) -> ConnectionAgreement:
    for name in facts.__dataclass_fields__:
        setattr(agreement, name, getattr(facts, name))
    refusal = AgreementExists(number=facts.number, signed_on=facts.signed_on)
    with constraint_means("agreement_once", refusal):
        agreement.save()
    return agreement


def agreement_of(organization: Organization, day: datetime.date) -> ConnectionAgreement | None:
    """The agreement an organization stands on: of its municipality, in force on ``day``, else the last that was.

    Regional organizations are the ministry's own and need none.
    """
    if organization.municipality_id is None:
        return None
    known = ConnectionAgreement.objects.filter(municipality_id=organization.municipality_id, valid_from__lte=day)
    return known.on(day).order_by("-valid_from").first() or known.order_by("-valid_from").first()


def note_of_missing(places: Sequence[str], *, using: str = "default") -> str:
    """A sentence naming the municipalities of ``places`` (ОКТМО, one an organization) without an agreement in force."""
    in_force = ConnectionAgreement.objects.using(using).on(timezone.localdate()).filter(municipality__in=set(places))
    agreed = set(in_force.values_list("municipality_id", flat=True))
    numbers = Counter(oktmo for oktmo in places if oktmo not in agreed)
    if not numbers:
        return ""
    names = Municipality.objects.using(using).filter(pk__in=numbers).values_list("name", "pk")
    named = [f"{name} ({numbers[oktmo]})" for name, oktmo in names[:NAMED]]
    more = len(numbers) - len(named)
    rest = f" и ещё {more} {plural(more, 'муниципалитет,муниципалитета,муниципалитетов')}" if more else ""
    return (
        f"Нет действующего соглашения о сотрудничестве с администрацией: {', '.join(named)}{rest}. "
        "Организации подключатся; запишите соглашение в разделе «Соглашения»."
    )
