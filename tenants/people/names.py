"""Who the places of the registry belong to, said by the organization itself: for lists opened from federal forms."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.urls import reverse

from shared.statforms.learners import Learner
from tenants.people.models import Student

LAST = "\uffff"
NAMELESS = Learner("Согласие на обработку данных отозвано", LAST)


def learner_names(students: Collection[uuid.UUID]) -> dict[uuid.UUID, Learner]:
    """Learners by their keys, in one query; a place whose consent ended since then is counted without a name."""
    found = Student.objects.filter(pk__in=students).only(
        "last_name", "first_name", "patronymic", "sort_name", "consent_withdrawn_on"
    )
    return {one.pk: NAMELESS if one.consent_withdrawn_on else _learner(one) for one in found}


def _learner(one: Student) -> Learner:
    return Learner(full_name=one.full_name, sort_name=one.sort_name, url=reverse("people:card", args=[one.pk]))
