"""Appointments by orders, a substitute for a week, the yearly order on duties, as the staff of the school made them."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from config.demo.people import ADMINISTRATOR, DIRECTOR, SECRETARY, SUBSTITUTE, TEACHER, DemoPerson
from shared.access.models import RoleGrant
from shared.access.roles import Role
from shared.accounts.models import Account
from shared.appointments.services import Terms, appoint
from shared.appointments.workplaces import Decider, Workplace, workplace_of_organization
from shared.kernel.days import academic_year_of
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.duties.models import DutyOrder
from tenants.duties.services import Author, acknowledge, as_duty, draft_duties, edit_duties, sign_duties
from tenants.groups.models import Group

ORDER = "41-од"


def create_appointments(slug: str) -> None:
    """Once: a school where somebody was already appointed to a class is left alone."""
    school = Organization.objects.get(slug=slug)
    today = timezone.localdate()
    year = academic_year_of(today)
    with scopes.enter(scopes.of_organization(school.schema_name)):
        classes = {group.pk: group.name for group in Group.objects.of_year(year).filter(grade=5).order_by("name")}
    with scopes.enter(scopes.of_accounts().by(_name(ADMINISTRATOR))):
        _appoint_all(workplace_of_organization(school), classes, year, today)
        authors = {person: _author(person) for person in (ADMINISTRATOR, DIRECTOR, SECRETARY)}
    with scopes.enter(scopes.of_organization(school.schema_name).by(_name(ADMINISTRATOR))):
        _duties(school, year, authors)


def _appoint_all(place: Workplace, classes: dict[uuid.UUID, str], year: int, today: datetime.date) -> None:
    if place.grants().exclude(group_ids=[]).exists():
        return
    signed_on = datetime.date(year, 8, 28)
    # The installation gives the first roles before there is an order; the order follows.
    since = datetime.date(year, 9, 1)
    place.grants().filter(order_number="").update(order_number=ORDER, order_date=signed_on, valid_from=since)
    administrator = _author(ADMINISTRATOR)
    by = Decider(administrator.account_id, administrator.name, may_manage=True, may_decide=False)
    teacher, substitute = _account(TEACHER), _account(SUBSTITUTE)
    own = dict(list(classes.items())[:1])
    order = {"order_number": ORDER, "order_date": signed_on}
    appoint(
        account=teacher,
        place=place,
        terms=Terms(role=Role.TEACHER, valid_from=today, groups=classes, **order),  # type: ignore[arg-type]
        by=by,
        instead_of=RoleGrant.objects.get(account=teacher, role=Role.TEACHER, organization=place.organization_id),
    )
    appoint(
        account=teacher,
        place=place,
        terms=Terms(role=Role.CLASS_TEACHER, valid_from=since, groups=own, **order),  # type: ignore[arg-type]
        by=by,
    )
    appoint(
        account=substitute,
        place=place,
        terms=Terms(
            role=Role.TEACHER,
            valid_from=today,
            valid_to=today + datetime.timedelta(days=7),
            order_number="112-к",
            order_date=today,
            groups=own,
            is_acting=True,
        ),
        by=by,
    )


def _duties(school: Organization, year: int, authors: dict[DemoPerson, Author]) -> None:
    if DutyOrder.objects.exists():
        return
    author = authors[ADMINISTRATOR]
    order = draft_duties(academic_year=year, org_type=school.org_type, author=author)
    rows = [as_duty(row) for row in order.rows.order_by("position")]
    edit_duties(order=order, number="40-од", issued_on=datetime.date(year, 8, 28), duties=rows, author=author)
    order = sign_duties(order=order, signer=authors[DIRECTOR])
    for person in (DIRECTOR, SECRETARY):
        acknowledge(order=order, reader=authors[person])


def _account(person: DemoPerson) -> Account:
    return Account.objects.get(login=person.login)


def _author(person: DemoPerson) -> Author:
    return Author(_account(person).pk, _name(person))


def _name(person: DemoPerson) -> str:
    return " ".join(person.name)
