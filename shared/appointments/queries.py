"""Reads of people and appointments of one workplace; nothing of another place is ever in them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Func, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower
from django.http import Http404

from shared.access.models import RoleGrant
from shared.access.roles import STAFF_ROLES, Role, role_facts
from shared.accounts.models import Account
from shared.appointments.days import order_text, period_text
from shared.appointments.workplaces import Workplace
from shared.kernel.names import sort_key

_NAME = Concat(F("last_name"), Value(" "), F("first_name"), Value(" "), F("patronymic"), output_field=TextField())
SORT_NAME = Func(Lower(_NAME), Value("ё"), Value("е"), function="translate", output_field=TextField())


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """An appointment as a page or a file shows it on a day."""

    grant: RoleGrant
    day: datetime.date

    @property
    def is_current(self) -> bool:
        return self.grant.valid_from <= self.day and (self.grant.valid_to is None or self.grant.valid_to > self.day)

    @property
    def is_future(self) -> bool:
        return self.grant.valid_from > self.day and self.grant.valid_to != self.grant.valid_from

    @property
    def is_ended(self) -> bool:
        return not self.is_current and not self.is_future

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of the status mark."""
        if self.is_current:
            return "ok", "Действует"
        return ("info", "Начнётся позже") if self.is_future else ("idle", "Завершено")

    @property
    def period(self) -> str:
        return period_text(self.grant.valid_from, self.grant.valid_to)

    @property
    def order(self) -> str:
        return order_text(self.grant.order_number, self.grant.order_date)

    @property
    def end_order(self) -> str:
        return order_text(self.grant.end_order_number, self.grant.end_order_date)

    @property
    def groups(self) -> str:
        return ", ".join(self.grant.group_names)

    @property
    def reaches_nobody(self) -> bool:
        """A role by groups without a group: it sees no learner."""
        return role_facts()[self.grant.role].is_by_group and not self.grant.group_ids

    @property
    def title(self) -> str:
        return f"{self.grant.role_name} (и. о.)" if self.grant.is_acting else self.grant.role_name


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the list with his appointments of this place, those in force first."""

    account: Account
    appointments: list[AppointmentLine]

    @property
    def current(self) -> list[AppointmentLine]:
        return [one for one in self.appointments if not one.is_ended]


def people_of(place: Workplace) -> QuerySet[Account]:
    """Everybody who is or was appointed here, with ``appointments`` of this place, in two queries."""
    here = place.grants().order_by("-valid_from", "-id")
    return (
        Account.objects.filter(pk__in=place.grants().values("account"))
        .annotate(sort_name=SORT_NAME)
        .prefetch_related(Prefetch("grants", here, to_attr="appointments"))
        .order_by("sort_name", "login")
    )


def person_line(account: Account, day: datetime.date) -> PersonLine:
    lines = [AppointmentLine(grant, day) for grant in account.appointments]  # type: ignore[attr-defined]
    return PersonLine(account, sorted(lines, key=lambda line: (line.is_ended, line.is_future)))


def person_of(place: Workplace, account_id: uuid.UUID) -> Account:
    """A person of this place; anybody else does not exist."""
    account = people_of(place).filter(pk=account_id).first()
    if account is None:
        raise Http404
    return account


def grant_of(place: Workplace, account_id: uuid.UUID, grant_id: uuid.UUID) -> RoleGrant:
    """An appointment of this place; any other does not exist."""
    grant = place.grants().filter(pk=grant_id, account_id=account_id).select_related("account").first()
    if grant is None:
        raise Http404
    return grant


def matching(people: QuerySet[Account], text: str) -> QuerySet[Account]:
    """Those whose name or login has every word of ``text``; ё and е are equal."""
    for word in sort_key(text).split():
        people = people.filter(Q(sort_name__contains=word) | Q(login__contains=word))
    return people


def namesakes(place: Workplace, name: Account) -> list[Account]:
    """People of this place with exactly this name: asked before a second account is made."""
    wanted = sort_key(f"{name.last_name} {name.first_name} {name.patronymic}")
    return list(people_of(place).filter(Q(sort_name=wanted)))


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody of the staff on a day, with all his roles here together."""

    account_id: uuid.UUID
    full_name: str
    roles: tuple[str, ...]

    @property
    def role_names(self) -> str:
        return ", ".join(str(Role(role).label) for role in self.roles)


def staff_of(organization_id: uuid.UUID, day: datetime.date) -> list[StaffMember]:
    """The staff of an organization on a day by name, in one query."""
    found: dict[uuid.UUID, tuple[str, list[str]]] = {}
    for grant in staff_grants(organization_id, day):
        _, roles = found.setdefault(grant.account_id, (str(grant.account), []))
        if grant.role not in roles:
            roles.append(grant.role)
    people = [StaffMember(key, name, tuple(roles)) for key, (name, roles) in found.items()]
    return sorted(people, key=lambda one: (sort_key(one.full_name), one.account_id))


def staff_grants(organization_id: uuid.UUID, day: datetime.date) -> Iterable[RoleGrant]:
    """Appointments of the staff in force on a day, of accounts that may sign in."""
    held = RoleGrant.objects.on(day).filter(organization_id=organization_id, role__in=STAFF_ROLES)
    return held.filter(account__is_active=True).select_related("account").order_by("role", "id")
