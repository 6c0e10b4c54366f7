"""A few orders made in the product itself, as the secretary and the director make them."""

from __future__ import annotations

import datetime

from django.utils import timezone

from config.demo.people import DIRECTOR, SECRETARY, DemoPerson
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.handup.projector import settle
from tenants.orders.models import Enrollment, Order, Placement
from tenants.orders.services import (
    add_departure_row,
    add_enrollment_row,
    draft_order,
    send_for_signature,
    sign_order,
    suggested_number,
)


def create_orders(slug: str) -> None:
    """One signed and one draft order of departure and of enrollment; a school that has its own orders is left alone."""
    school = Organization.objects.get(slug=slug)
    today = timezone.localdate()
    with scopes.enter(scopes.of_organization(school.schema_name).by(_name(SECRETARY))):
        if Order.objects.filter(is_on_paper=False).exists():
            return
        leaving = list(_leaving(today))
        returning = list(_returned(today))
        departure = _departure(leaving[:2], today)
        enrollment = _enrollment(returning[:1], today)
        for waiting in (_departure(leaving[2:3], today), _enrollment(returning[1:2], today)):
            if waiting is not None:
                send_for_signature(order=waiting)
    with scopes.enter(scopes.of_organization(school.schema_name).by(_name(DIRECTOR))):
        for order in filter(None, (departure, enrollment)):
            sign_order(order=order, signed_by=_name(DIRECTOR))
    settle(school)


def _name(person: DemoPerson) -> str:
    return " ".join(person.name)


def _leaving(today: datetime.date) -> list[Enrollment]:
    """Learners of the eighth grade."""
    found = Placement.objects.on(today).filter(group__grade=8, enrollment__enrolled_on__lt=today)
    places = found.select_related("enrollment__student").order_by("enrollment_id")
    return [placement.enrollment for placement in places[:3]]


def _returned(today: datetime.date) -> list[Placement]:
    """Learners who left this year and come back into the class they left."""
    left = Placement.objects.filter(
        enrollment__left_on__lte=today, enrollment__is_annulled=False, group__kind="class", placed_to__isnull=False
    ).exclude(enrollment__student__enrollments__left_on=None)
    return list(left.select_related("enrollment__student", "group").order_by("-enrollment__left_on", "pk")[:2])


def _departure(places: list[Enrollment], today: datetime.date) -> Order | None:
    if not places:
        return None
    order = _draft(Order.Kind.DEPARTURE, today, "Заявление родителей, справка о приёме в другую школу")
    for place in places:
        add_departure_row(order=order, enrollment=place, movement_type="leave_transfer", effective_on=today)
    return order


def _enrollment(places: list[Placement], today: datetime.date) -> Order | None:
    if not places:
        return None
    order = _draft(Order.Kind.ENROLLMENT, today, "Заявление родителей, личное дело")
    for placement in places:
        add_enrollment_row(
            order=order,
            student=placement.enrollment.student,
            group=placement.group,
            movement_type="enroll_transfer",
            effective_on=today,
            form_of_study=placement.enrollment.form_of_study,
        )
    return order


def _draft(kind: Order.Kind, today: datetime.date, basis: str) -> Order:
    number = suggested_number(kind, today)
    return draft_order(kind=kind, number=number, issued_on=today, drafted_by=_name(SECRETARY), basis=basis)
