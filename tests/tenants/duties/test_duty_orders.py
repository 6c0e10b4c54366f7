"""The yearly order on duties and deadlines: drafted, put in force, read by everybody."""

from __future__ import annotations

import datetime
import uuid

import pytest

from shared.access.roles import Role
from tenants.duties import errors
from tenants.duties.defaults import BY_TYPE, suggested_rows
from tenants.duties.models import DutyOrder
from tenants.duties.queries import duties_of, shifted
from tenants.duties.services import (
    Author,
    Duty,
    acknowledge,
    discard_duties,
    draft_duties,
    edit_duties,
    sign_duties,
)

DRAFTER, HEAD, READER = (Author(uuid.uuid4(), name) for name in ("Шевченко А. В.", "Лебедь О. Т.", "Никитина Е. Б."))
SIGNED_ON = datetime.date(2026, 8, 28)


@pytest.fixture
def work(school):
    with school.work():
        yield school


def drafted(year: int = 2026, *duties: Duty, number: str = "41-од") -> DutyOrder:
    order = draft_duties(academic_year=year, org_type="school", author=DRAFTER)
    rows = duties or (Duty(data_set="journal", deadline="в день урока", periodicity="daily", role=Role.TEACHER),)
    return edit_duties(order=order, number=number, issued_on=SIGNED_ON, duties=rows, author=DRAFTER)


@pytest.mark.proves("R-020")
@pytest.mark.parametrize("org_type", ["school", *BY_TYPE])
def test_a_first_draft_begins_with_the_usual_rows_of_its_type(work, org_type):
    order = draft_duties(academic_year=2026, org_type=org_type, author=DRAFTER)
    rows = list(order.rows.order_by("position"))
    assert [row.data_set for row in rows] == [one.data_set for one in suggested_rows(org_type)]
    assert order.status == DutyOrder.Status.DRAFT


@pytest.mark.proves("R-020", "R-059")
def test_the_head_puts_in_force_what_another_has_drafted(work):
    order = drafted()
    with pytest.raises(errors.OwnDutyDraft):
        sign_duties(order=order, signer=DRAFTER)
    order = sign_duties(order=order, signer=HEAD)
    assert (order.status, order.signed_by) == (DutyOrder.Status.IN_FORCE, "Лебедь О. Т.")
    for change in (sign_duties, discard_duties):
        with pytest.raises(errors.NotADraft):
            change(order=order, **({"signer": HEAD} if change is sign_duties else {}))


def test_an_order_without_a_number_or_rows_is_not_signed(work):
    with pytest.raises(errors.NumberWanted):
        sign_duties(order=drafted(number=""), signer=HEAD)
    empty = drafted()
    edit_duties(order=empty, number="1", issued_on=SIGNED_ON, duties=[], author=DRAFTER)
    with pytest.raises(errors.DutyOrderEmpty):
        sign_duties(order=empty, signer=HEAD)


def test_a_second_order_of_the_year_replaces_the_first_and_another_year_does_not(work):
    first, second, next_year = (sign_duties(order=drafted(year), signer=HEAD) for year in (2026, 2026, 2027))
    for order in (first, second, next_year):
        order.refresh_from_db()
    assert [one.status for one in (first, second, next_year)] == ["replaced", "in_force", "in_force"]
    assert DutyOrder.objects.current(2026).first() == second
    assert DutyOrder.objects.current(2028).first() == next_year


@pytest.mark.proves("R-020")
def test_the_next_year_begins_with_the_rows_of_this_one_a_year_later(work):
    duty = Duty(
        data_set="health",
        deadline="до 1 октября",
        periodicity="once",
        role=Role.NURSE,
        due_on=datetime.date(2026, 10, 1),
    )
    sign_duties(order=drafted(2026, duty), signer=HEAD)
    (row,) = draft_duties(academic_year=2027, org_type="school", author=DRAFTER).rows.all()
    assert (row.data_set, row.role, row.due_on) == ("health", Role.NURSE, datetime.date(2027, 10, 1))


def test_the_last_day_of_february_moves_to_the_last_day_of_february():
    assert shifted(datetime.date(2028, 2, 29), 1) == datetime.date(2029, 2, 28)
    assert shifted(None, 1) is None


@pytest.mark.proves("R-021")
def test_a_person_acknowledges_the_order_in_force_once(work):
    order = drafted()
    with pytest.raises(errors.NotInForce):
        acknowledge(order=order, reader=READER)
    order = sign_duties(order=order, signer=HEAD)
    first = acknowledge(order=order, reader=READER)
    assert acknowledge(order=order, reader=READER) == first
    assert order.acknowledgements.count() == 1


def test_duties_of_a_person_are_those_of_his_roles_and_his_own(work):
    other = uuid.uuid4()
    order = drafted(
        2026,
        Duty(data_set="journal", deadline="в день урока", periodicity="daily", role=Role.TEACHER),
        Duty(data_set="health", deadline="до 1 октября", periodicity="once", role=Role.NURSE),
        Duty(
            data_set="other",
            deadline="всегда",
            periodicity="daily",
            account_id=READER.account_id,
            person_name=READER.name,
        ),
        Duty(data_set="forms", deadline="всегда", periodicity="daily", account_id=other, person_name="Кто-то"),
    )
    found = duties_of(order.rows.all(), READER.account_id, {Role.TEACHER})
    assert [row.data_set for row in found] == ["journal", "other"]
    assert [row.holder for row in found] == ["Учитель", "Никитина Е. Б."]
