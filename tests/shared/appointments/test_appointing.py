"""A role is given and taken by an order, from a day, for a time."""

from __future__ import annotations

import datetime
import uuid

import pytest

from shared.access.models import RoleGrant
from shared.access.roles import Role
from shared.appointments import errors
from shared.appointments.logins import suggest_login
from shared.appointments.queries import AppointmentLine
from shared.appointments.services import appoint, end_appointment, enter_person
from tests.shared.appointments.conftest import account, decider, terms

pytestmark = pytest.mark.usefixtures("accounts")
DAY = datetime.timedelta(days=1)


@pytest.mark.proves("R-060", "R-102", "R-253")
def test_an_appointment_keeps_its_order_days_and_who_gave_it(place, today):
    grant = appoint(
        account=account("teacher"),
        place=place,
        terms=terms(Role.NURSE, today, valid_to=today + 7 * DAY, is_acting=True),
        by=decider("org_admin"),
    )
    line = AppointmentLine(grant, today)
    assert (line.title, line.order) == ("Медицинский работник (и. о.)", f"приказ № 41 от {today:%d.%m.%Y}")
    assert line.period == f"с {today:%d.%m.%Y} по {today + 6 * DAY:%d.%m.%Y} включительно"
    assert grant.given_by == "Шевченко А. В."


@pytest.mark.proves("R-060")
@pytest.mark.parametrize("missing", ["order_number", "order_date"])
def test_without_an_order_nobody_is_appointed(place, today, missing):
    with pytest.raises(errors.OrderWanted):
        appoint(
            account=account("teacher"),
            place=place,
            terms=terms(Role.NURSE, today, **{missing: None}),
            by=decider("org_admin"),
        )


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MUN_ADMIN, Role.REGION_ADMIN, Role.GUARDIAN, "nothing"])
def test_a_role_of_another_level_is_not_given_here(place, today, role):
    with pytest.raises(errors.RoleNotGivenHere):
        appoint(account=account("teacher"), place=place, terms=terms(role, today), by=decider("org_admin"))


@pytest.mark.proves("R-015", "R-329")
def test_the_head_appoints_the_administrator_and_nobody_else(place, today):
    head = decider("anna", may_manage=False, may_decide=True)
    appoint(account=account("teacher"), place=place, terms=terms(Role.ORG_ADMIN, today), by=head)
    with pytest.raises(errors.RoleNotGivenHere):
        appoint(account=account("teacher"), place=place, terms=terms(Role.SECRETARY, today), by=head)


def test_nobody_makes_himself_an_administrator(place, today):
    with pytest.raises(errors.OwnAdministration):
        appoint(
            account=account("coordinator"),
            place=place,
            terms=terms(Role.ORG_ADMIN, today),
            by=decider("coordinator"),
        )


def test_the_same_role_is_not_given_twice_for_the_same_days(place, today):
    by = decider("org_admin")
    with pytest.raises(errors.RoleAlreadyHeld, match=r"с 01\.01\.2020 бессрочно"):
        appoint(account=account("teacher"), place=place, terms=terms(Role.TEACHER, today), by=by)


def test_a_teacher_may_stand_in_for_another_in_another_class(place, today):
    first, second = uuid.uuid4(), uuid.uuid4()
    by, teacher = decider("org_admin"), account("secretary")
    week = {"valid_to": today + 7 * DAY}
    appoint(account=teacher, place=place, terms=terms(Role.TEACHER, today, groups={first: "5А"}, **week), by=by)
    appoint(account=teacher, place=place, terms=terms(Role.TEACHER, today, groups={second: "6Б"}, **week), by=by)
    with pytest.raises(errors.RoleAlreadyHeld):
        appoint(account=teacher, place=place, terms=terms(Role.TEACHER, today, groups={first: "5А"}, **week), by=by)


def test_other_classes_from_a_day_on_are_a_new_appointment_instead_of_the_old(place, today):
    old = RoleGrant.objects.get(account__login="teacher")
    key = uuid.uuid4()
    new = appoint(
        account=old.account,
        place=place,
        terms=terms(Role.TEACHER, today, groups={key: "5А"}),
        by=decider("org_admin"),
        instead_of=old,
    )
    old.refresh_from_db()
    assert (old.valid_to, old.end_order_number) == (today, "41")
    assert (new.group_ids, new.group_names) == ([key], ["5А"])


@pytest.mark.proves("R-060")
def test_an_appointment_ends_after_its_last_day_by_an_order(place, today):
    grant = RoleGrant.objects.get(account__login="secretary")
    order = {"order_number": "57", "order_date": today}
    end_appointment(grant=grant, place=place, last_day=today, by=decider("org_admin"), **order)
    assert grant in RoleGrant.objects.on(today)
    assert grant not in RoleGrant.objects.on(today + DAY)
    line = AppointmentLine(RoleGrant.objects.get(pk=grant.pk), today)
    assert line.end_order == f"приказ № 57 от {today:%d.%m.%Y}"
    with pytest.raises(errors.EndsEarlier):
        end_appointment(grant=grant, place=place, last_day=today + DAY, by=decider("org_admin"), **order)


def test_days_that_have_passed_are_not_taken_back(place, today):
    grant = RoleGrant.objects.get(account__login="secretary")
    with pytest.raises(errors.EndedInThePast):
        end_appointment(
            grant=grant,
            place=place,
            last_day=today - 3 * DAY,
            order_number="57",
            order_date=today,
            by=decider("org_admin"),
        )


def test_the_last_administrator_stays(place, today):
    grant = RoleGrant.objects.get(account__login="org_admin")
    end = {"grant": grant, "place": place, "last_day": today, "order_number": "57", "order_date": today}
    with pytest.raises(errors.LastAdministrator):
        end_appointment(**end, by=decider("coordinator"))
    appoint(account=account("teacher"), place=place, terms=terms(Role.ORG_ADMIN, today), by=decider("coordinator"))
    with pytest.raises(errors.OwnAdministration):
        end_appointment(**end, by=decider("org_admin"))
    end_appointment(**end, by=decider("coordinator"))
    assert not RoleGrant.objects.on(today + DAY).filter(pk=grant.pk).exists()


def test_an_acting_administrator_of_a_week_does_not_replace_the_last_one(place, today):
    by = decider("coordinator")
    appoint(
        account=account("teacher"), place=place, terms=terms(Role.ORG_ADMIN, today, valid_to=today + 7 * DAY), by=by
    )
    grant = RoleGrant.objects.get(account__login="org_admin")
    with pytest.raises(errors.LastAdministrator):
        end_appointment(grant=grant, place=place, last_day=today, order_number="57", order_date=today, by=by)


@pytest.mark.proves("R-018")
def test_a_login_is_made_of_the_name_and_is_free(place, today):
    names = {"last_name": "Щёлкина", "first_name": "Анна", "patronymic": "Юрьевна"}
    first = enter_person(**names, place=place, terms=terms(Role.EMPLOYEE, today), by=decider("org_admin"))
    second = enter_person(**names, place=place, terms=terms(Role.EMPLOYEE, today), by=decider("org_admin"))
    assert (first.login, second.login) == ("shchelkina-ai", "shchelkina-ai2")
    assert first.must_change_password
    assert suggest_login(last_name="Ким", first_name="Ян") == "kim-i"


def test_a_taken_login_is_refused_in_words(place, today):
    with pytest.raises(errors.LoginTaken, match="«teacher» занят"):
        enter_person(
            last_name="Ким",
            first_name="Ян",
            patronymic="",
            login="Teacher",
            place=place,
            terms=terms(Role.EMPLOYEE, today),
            by=decider("org_admin"),
        )


@pytest.mark.proves("R-014", "R-016")
@pytest.mark.parametrize(
    "role", [Role.DIRECTOR, Role.DEPUTY_UVR, Role.DEPUTY_OTHER, Role.SUPPL_TEACHER, Role.METHODIST]
)
def test_every_role_of_the_staff_may_be_given(place, today, role):
    found = enter_person(
        last_name="Ким",
        first_name="Ян",
        patronymic="",
        place=place,
        terms=terms(role, today),
        by=decider("org_admin"),
    )
    assert [grant.role for grant in found.grants.all()] == [role]
