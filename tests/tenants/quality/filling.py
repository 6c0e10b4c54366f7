"""Cards for the tests of quality."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from shared.cards.filling import wanted
from shared.cards.kinds import CardKind
from tenants.people.models import Guardian, GuardianLink, Student
from tests.tenants import factories

D = datetime.date
LONG_AGO = datetime.timedelta(days=400)


def whole(kind: CardKind) -> dict[str, str]:
    """Reasons for everything that a card does not hold: a card that counts as full."""
    return {one.code: "not_given" for one in wanted(kind)}


def parent(child: Student, last_name: str = "Котова", **facts: Any) -> Guardian:
    """A representative with a consent."""
    facts = {"first_name": "Анна", "phone": "+79000000001", "consent_on": D(2026, 8, 20)} | facts
    made = Guardian.objects.create(last_name=last_name, **facts)
    GuardianLink.objects.create(student=child, guardian=made, relation="mother")
    return made


def learner(group: str = "5А", **facts: Any) -> Student:
    """Somebody who learns in a class today."""
    made = factories.student(**facts)
    factories.enroll(made, into=factories.group(group))
    return made


def age(card: Any) -> None:
    """As if nobody had touched the card for more than a year."""
    type(card).objects.filter(pk=card.pk).update(updated_at=timezone.now() - LONG_AGO, confirmed_on=None)
