"""Leaders and persons in charge: appointed by order, ended, succeeded; rows of the past stay. Source: R-196, R-228."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import asdict, dataclass

from django.db import transaction

from shared.kernel.rules import constraint_means
from tenants.organization.errors import AlreadyEnded, DirectorThen, LeavesThen, PeriodWrong
from tenants.organization.models import ResponsiblePerson, ResponsibleRole
from tenants.organization.services import refresh_card
from tenants.staff.models import StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Who answers for what since when, and by which order."""

    role: str
    name: str
    held_from: datetime.date
    position: str = ""
    order_number: str = ""
    order_date: datetime.date | None = None
    staff_id: uuid.UUID | None = None


@transaction.atomic
def put_in_charge(*, charge: Charge, recorded_by: str) -> ResponsiblePerson:
    """Record a person in charge; a new director ends the days of the former one.

    Raises: LeavesThen, DirectorThen.
    """
    chosen = [charge.staff_id] if charge.staff_id else []
    leaving = StaffMember.objects.known().filter(pk__in=chosen, dismissed_on__isnull=False).first()
    if leaving is not None:
        raise LeavesThen(name=leaving.full_name, day=f"{leaving.dismissed_on:%d.%m.%Y}")
    person = ResponsiblePerson(**asdict(charge), recorded_by=recorded_by)
    if charge.role == ResponsibleRole.DIRECTOR:
        former = ResponsiblePerson.objects.select_for_update().filter(role=charge.role, held_to=None).first()
        if former is not None:
            if former.held_from >= charge.held_from:
                raise DirectorThen(name=former.name, since=f"{former.held_from:%d.%m.%Y}")
            former.held_to = charge.held_from
            former.save(update_fields=["held_to"])
    taken = DirectorThen(name="другой человек", since=f"{charge.held_from:%d.%m.%Y}")
    with constraint_means("responsibleperson_one_director", taken):
        person.save(force_insert=True)
    refresh_card(by=recorded_by)
    return person


@transaction.atomic
def end_charge(*, person: ResponsiblePerson, held_to: datetime.date, recorded_by: str) -> ResponsiblePerson:
    """The first day on which the person is in charge no more. Raises: AlreadyEnded, PeriodWrong."""
    person = ResponsiblePerson.objects.select_for_update().get(pk=person.pk)
    if person.held_to is not None:
        raise AlreadyEnded(day=f"{person.held_to:%d.%m.%Y}")
    person.held_to = held_to
    with constraint_means("responsibleperson_period", PeriodWrong()):
        person.save(update_fields=["held_to"])
    refresh_card(by=recorded_by)
    return person
