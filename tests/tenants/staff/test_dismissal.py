"""A dismissed employee is in charge of nothing: shown, ended with the employment, held again when it is canceled."""

from __future__ import annotations

import datetime

import pytest

from shared.organizations.models import Organization
from tenants.consents.models import OperatorDetails
from tenants.duties.models import DutyOrder, DutyRow
from tenants.history.models import HistoryEvent
from tenants.organization.errors import LeavesThen
from tenants.organization.models import ResponsiblePerson
from tenants.organization.responsibles import Charge, end_charge, put_in_charge
from tenants.organization.services import own_card
from tenants.staff.errors import SuccessorWanted
from tenants.staff.models import StaffMember
from tenants.staff.services import dismiss, reinstate
from tests.support import client_of
from tests.tenants.staff.making import member
from tests.tenants.staff.test_staff_pages import own

D = datetime.date
SINCE, LAST, OFF = D(2021, 9, 1), D(2026, 6, 30), D(2026, 7, 1)


def put(role: str, who: StaffMember | str, since: datetime.date = SINCE) -> ResponsiblePerson:
    facts = {"name": who} if isinstance(who, str) else {"name": who.full_name, "staff_id": who.pk}
    return put_in_charge(charge=Charge(role=role, held_from=since, **facts), recorded_by="Анна")


def leave(who: StaffMember, last: datetime.date = LAST) -> StaffMember:
    return dismiss(member=who, dismissed_on=last, order_no="7-к", order_date=D(2026, 6, 20), by="Анна")


def come_back(who: StaffMember, **facts: object) -> list[str]:
    return reinstate(member=who, order_no="9-к", order_date=D(2026, 8, 20), by="Анна", **facts)[1]


@pytest.mark.proves("R-196", "R-249")
def test_what_he_was_in_charge_of_ends_with_the_employment_by_its_order(school):
    with school.work():
        one, stays = member(last_name="Козлов"), member(last_name="Громов")
        held, typed = put("deputy_uvr", one), put("coordinator", one.full_name)
        over = end_charge(person=put("journal_keeper", one), held_to=D(2024, 9, 1), recorded_by="Анна")
        other = put("deputy_uvr", stays)
        leave(one)
        days = {row.pk: row.held_to for row in ResponsiblePerson.objects.all()}
        assert days == {held.pk: OFF, typed.pk: OFF, over.pk: D(2024, 9, 1), other.pk: None}
        assert own_card().deputy_uvr == stays.full_name
        reasons = HistoryEvent.objects.filter(object_id=str(held.pk), action="changed").values_list("reason", flat=True)
        assert list(reasons) == ["Приказ № 7-к от 20.06.2026"]


def test_a_charge_that_was_to_begin_later_never_begins(school):
    with school.work():
        one = member()
        later = put("deputy_it", one, D(2026, 9, 1))
        leave(one)
        later.refresh_from_db()
        assert later.held_to == later.held_from
        assert come_back(one)
        later.refresh_from_db()
        assert later.held_to is None


@pytest.mark.proves("R-249")
def test_a_canceled_dismissal_gives_back_what_it_has_ended_and_nothing_else(school):
    with school.work():
        one = member()
        held, over = put("deputy_uvr", one), put("journal_keeper", one)
        end_charge(person=over, held_to=OFF, recorded_by="Анна")
        planned = put("coordinator", one)
        end_charge(person=planned, held_to=D(2026, 12, 31), recorded_by="Анна")
        leave(one)
        again = come_back(one)
        assert sorted(text.partition(",")[0] for text in again) == [
            "Заместитель по учебно-воспитательной работе",
            "Координатор системы",
        ]
        days = {row.pk: row.held_to for row in ResponsiblePerson.objects.all()}
        assert days == {held.pk: None, over.pk: OFF, planned.pk: D(2026, 12, 31)}
        assert own_card().deputy_uvr == one.full_name
        assert not ResponsiblePerson.objects.filter(is_ended_by_dismissal=True).exists()


def test_who_is_hired_again_is_in_charge_of_nothing(school):
    with school.work():
        one = member()
        put("deputy_uvr", one)
        leave(one)
        assert come_back(one, hire_date=D(2026, 9, 1)) == []
        assert ResponsiblePerson.objects.get().held_to == OFF
        leave(one, D(2026, 10, 1))
        assert come_back(one) == []


@pytest.mark.proves("R-196")
def test_the_head_leaves_only_after_a_successor_is_recorded(school):
    with school.work():
        head, heir = member(last_name="Иванова", main_position="director"), member(last_name="Петров")
        put("director", head)
        with pytest.raises(SuccessorWanted, match=r"Руководитель, с 01\.09\.2021"):
            leave(head)
        assert StaffMember.objects.get(pk=head.pk).dismissed_on is None
        assert ResponsiblePerson.objects.get().held_to is None
        put("director", heir, OFF)
        leave(head)
        assert Organization.objects.get(pk=school.organization.pk).head_name == heir.full_name


def test_who_answers_for_personal_data_leaves_only_after_the_requisites_name_another(school):
    with school.work():
        one = member()
        OperatorDetails.objects.create(responsible_name=one.full_name, updated_by="С")
        with pytest.raises(SuccessorWanted, match="персональных данных"):
            leave(one)
        OperatorDetails.objects.update(responsible_name="Крылова Нина")
        leave(one)


def test_a_name_that_two_employees_have_tells_nobody(school):
    with school.work():
        one = member(last_name="Козлов", birth_date=D(1985, 3, 4))
        member(last_name="Козлов", birth_date=D(1990, 1, 1))
        typed = put("coordinator", one.full_name)
        leave(one)
        typed.refresh_from_db()
        assert typed.held_to is None


def test_who_leaves_is_put_in_charge_no_more(school):
    with school.work():
        one = member()
        leave(one, D(2026, 12, 31))
        with pytest.raises(LeavesThen, match=r"31\.12\.2026"):
            put("coordinator", one)


@pytest.mark.proves("R-196", "R-249")
def test_the_page_shows_what_ends_what_stays_and_what_wants_a_successor(school):
    with school.work():
        one = member(last_name="Козлов")
        put("coordinator", one)
        director = put("director", one)
    own(school, "teacher", one)
    with school.work():
        one.refresh_from_db()
        order = DutyOrder.objects.create(
            academic_year=2026,
            number="3-о",
            issued_on=D(2026, 9, 1),
            status="in_force",
            drafted_by="А",
            signed_by="А",
            signed_on=D(2026, 9, 1),
        )
        person = {"account_id": one.account_id, "person_name": one.full_name}
        DutyRow.objects.create(order=order, position=1, data_set="journal", deadline="сразу", **person)
    client = client_of(school.host, "secretary")
    address = f"/staff/{one.pk}/dismiss/"
    page = text(client.get(address))
    for words in ("Координатор системы, с 01.09.2021", "Нужен преемник", "Журнал: темы", "№ 3-о от 01.09.2026"):
        assert words in page
    assert "Учитель" in page.partition("За что отвечает")[2].partition("<form")[0]  # his role in the system
    typed = {"dismissed_on": "30.06.2026", "order_no": "7-к", "order_date": "20.06.2026"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "Запишите нового руководителя" in text(refused)
    with school.work():
        end_charge(person=director, held_to=OFF, recorded_by="Анна")
    done = client.post(address, typed, follow=True)
    assert "Больше не отвечает: Координатор системы" in text(done)
    back = client.post(f"/staff/{one.pk}/reinstate/", {"order_no": "9-к", "order_date": "20.08.2026"}, follow=True)
    assert "Снова отвечает: Координатор системы" in text(back)


def text(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")
