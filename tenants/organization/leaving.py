"""Charges of an employee who leaves: ended with his employment, held again when the dismissal is canceled.

The head and the one who answers for personal data are never missing, so their successor is recorded first.
Source: ORGANIZATION 2.1 (director: hard), R-040, R-196; 152-ФЗ, ст. 22.1 (general knowledge).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from django.db.models import F, Q

from shared.kernel.rules import constraint_means
from tenants.consents.models import OperatorDetails
from tenants.duties.models import DutyOrder, DutyRow
from tenants.organization.errors import DirectorThen
from tenants.organization.models import ResponsiblePerson, ResponsibleRole
from tenants.organization.queries import ResponsibleQuerySet
from tenants.organization.services import refresh_card
from tenants.staff.charges import Charge, ChargeKeeper
from tenants.staff.models import StaffMember

NEW_HEAD: Final = "Запишите нового руководителя или исполняющего обязанности: «Карточка организации», «Ответственные»."
NEW_OFFICER: Final = "Назначьте другого: «Согласия», «Реквизиты оператора»."
NEW_ORDER: Final = "Обязанность снимает другой приказ: «Обязанности и сроки»."


def held(member: StaffMember, day: datetime.date) -> list[Charge]:
    """What he is in charge of from ``day`` on: by appointment, by the requisites, by the order on duties."""
    return list(_held(member, day))


def _held(member: StaffMember, day: datetime.date) -> Iterator[Charge]:
    for person in _charges(member, day):
        needs = person.role == ResponsibleRole.DIRECTOR and not _has_successor(person, day)
        yield Charge(_words(person), advice=NEW_HEAD if needs else "", wants_successor=needs)
    if _is_only_one_of_his_name(member) and OperatorDetails.objects.filter(responsible_name=member.full_name).exists():
        yield Charge("Ответственный за обработку персональных данных", advice=NEW_OFFICER, wants_successor=True)
    if member.account_id is not None:
        in_force = DutyRow.objects.filter(order__status=DutyOrder.Status.IN_FORCE, account_id=member.account_id)
        for row in in_force.select_related("order"):
            what = f"{row.get_data_set_display()}: {row.details}" if row.details else row.get_data_set_display()
            yield Charge(f"{what}, приказ об обязанностях {row.order}", advice=NEW_ORDER)


def end(member: StaffMember, day: datetime.date, *, by: str) -> None:
    """From ``day`` on he answers for nothing; each row keeps what its end was to be."""
    ending = list(_charges(member, day).select_for_update(of=("self",)))
    for person in ending:
        person.held_to_before, person.held_to = person.held_to, max(day, person.held_from)
        person.is_ended_by_dismissal = True
        person.save(update_fields=["held_to", "held_to_before", "is_ended_by_dismissal"])
    if ending:
        refresh_card(by=by)


def resume(member: StaffMember, day: datetime.date, *, by: str) -> list[str]:
    """The dismissal after which ``day`` was the first day off is canceled. Raises: DirectorThen."""
    ended = ResponsiblePerson.objects.filter(_his(member), is_ended_by_dismissal=True)
    ended = ended.filter(Q(held_to=day) | Q(held_to__gt=day, held_to=F("held_from")))
    again = list(ended.select_for_update(of=("self",)))
    for person in again:
        person.held_to, person.held_to_before, person.is_ended_by_dismissal = person.held_to_before, None, False
        taken = DirectorThen(name="другой человек", since=f"{day:%d.%m.%Y}")
        with constraint_means("responsibleperson_one_director", taken):
            person.save(update_fields=["held_to", "held_to_before", "is_ended_by_dismissal"])
    if again:
        refresh_card(by=by)
    return [_words(person) for person in again]


CHARGES: Final = ChargeKeeper(held=held, end=end, resume=resume)


def _charges(member: StaffMember, day: datetime.date) -> ResponsibleQuerySet:
    """His charges that hold on ``day`` or begin later."""
    return ResponsiblePerson.objects.filter(_his(member)).filter(Q(held_to=None) | Q(held_to__gt=day))


def _his(member: StaffMember) -> Q:
    """Rows of his card; one with a typed name is his while nobody else here has that name."""
    his = Q(staff_id=member.pk)
    return his | Q(staff_id=None, name=member.full_name) if _is_only_one_of_his_name(member) else his


def _is_only_one_of_his_name(member: StaffMember) -> bool:
    return not StaffMember.objects.known().filter(sort_name=member.sort_name).exclude(pk=member.pk).exists()


def _has_successor(person: ResponsiblePerson, day: datetime.date) -> bool:
    others = ResponsiblePerson.objects.filter(role=person.role).exclude(pk=person.pk)
    return others.filter(Q(held_to=None) | Q(held_to__gt=day)).exists()


def _words(person: ResponsiblePerson) -> str:
    order = f", приказ {person.order}" if person.order else ""
    return f"{person.get_role_display()}, с {person.held_from:%d.%m.%Y}{order}"
