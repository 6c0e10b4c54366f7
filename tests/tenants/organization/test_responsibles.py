"""Who answers for what: by order, one head at a time, former ones kept."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.organizations.models import Organization
from tenants.consents.models import OperatorDetails
from tenants.organization.errors import AlreadyEnded, DirectorThen, PeriodWrong
from tenants.organization.models import ResponsiblePerson
from tenants.organization.responsibles import Charge, end_charge, put_in_charge
from tenants.organization.services import own_card
from tests.support import client_of
from tests.tenants.staff.making import member

DAY = datetime.date
FIRST, SECOND = DAY(2020, 9, 1), DAY(2026, 9, 1)


def put(role: str, name: str, since: datetime.date = FIRST, **other: object) -> ResponsiblePerson:
    return put_in_charge(charge=Charge(role=role, name=name, held_from=since, **other), recorded_by="Анна")


def head(school) -> str:
    return Organization.objects.get(pk=school.organization.pk).head_name


@pytest.mark.proves("R-196", "R-040")
def test_a_new_director_ends_the_days_of_the_former_one(school):
    with school.work():
        former = put("director", "Иванова Анна")
        put("director", "Петров Пётр", SECOND, position="директор")
        former.refresh_from_db()
        assert (former.held_to, former.last_day) == (SECOND, DAY(2026, 8, 31))
        assert head(school) == "Петров Пётр"
        assert ResponsiblePerson.objects.on(DAY(2026, 8, 31)).get(role="director").name == "Иванова Анна"


def test_two_directors_of_one_day_are_refused_by_the_database(school):
    with school.work():
        put("director", "Иванова Анна")
        with pytest.raises(IntegrityError, match="responsibleperson_one_director"), transaction.atomic():
            ResponsiblePerson.objects.create(role="director", name="Петров Пётр", held_from=SECOND, recorded_by="А")
        with pytest.raises(DirectorThen, match="Иванова Анна"):
            put("director", "Петров Пётр", FIRST)


def test_a_director_of_days_that_are_taken_is_refused_in_words(school):
    with school.work():
        end_charge(person=put("director", "Иванова Анна"), held_to=SECOND, recorded_by="Анна")
        assert head(school) == ""
        with pytest.raises(DirectorThen, match="руководитель уже записан"):
            put("director", "Петров Пётр", DAY(2026, 8, 31))


@pytest.mark.proves("R-196")
def test_there_may_be_several_deputies_and_the_card_names_them(school):
    with school.work():
        put("deputy_uvr", "Соколова Мария")
        put("deputy_uvr", "Громов Игорь")
        put("deputy_facilities", "Козлов Олег")
        card = own_card()
        assert (card.deputy_uvr, card.deputy_facilities) == ("Громов Игорь, Соколова Мария", "Козлов Олег")
        end_charge(person=ResponsiblePerson.objects.get(name="Громов Игорь"), held_to=SECOND, recorded_by="Анна")
        assert own_card().deputy_uvr == "Соколова Мария"


def test_an_ended_charge_is_not_ended_again_and_not_before_it_began(school):
    with school.work():
        person = put("coordinator", "Гордеев Павел")
        with pytest.raises(PeriodWrong):
            end_charge(person=person, held_to=DAY(2019, 1, 1), recorded_by="Анна")
        end_charge(person=person, held_to=SECOND, recorded_by="Анна")
        with pytest.raises(AlreadyEnded, match=r"01\.09\.2026"):
            end_charge(person=person, held_to=SECOND, recorded_by="Анна")


@pytest.mark.proves("R-228")
def test_who_checks_records_against_facts_is_appointed_by_order(school):
    with school.work(), pytest.raises(IntegrityError, match="supervisor_by_order"), transaction.atomic():
        put("supervisor", "Соколова Мария")
    client = client_of(school.host, "anna")
    typed = {"role": "supervisor", "name": "Соколова Мария", "held_from": "01.09.2026"}
    refused = client.post("/organization/people/new/", typed)
    assert refused.status_code == 422
    assert "назначают приказом" in refused.content.decode()
    typed |= {"order_number": "15-о", "order_date": "31.08.2026"}
    assert client.post("/organization/people/new/", typed).status_code == 302
    page = client_of(school.host, "teacher").get("/organization/people/").content.decode().replace("\u00a0", " ")
    assert "Контроль соответствия записей фактам" in page
    assert "№ 15-о от 31.08.2026" in page


@pytest.mark.proves("R-196")
def test_the_administrator_appoints_and_ends_on_the_page(school):
    client = client_of(school.host, "org_admin")
    typed = {"role": "director", "name": "иванова  анна", "position": "директор", "held_from": "01.09.2020"}
    assert client.post("/organization/people/new/", typed).status_code == 302
    with school.work():
        person = ResponsiblePerson.objects.get()
    late = client.post(f"/organization/people/{person.pk}/end/", {"day": "01.01.2099"})
    assert late.status_code == 422
    assert client.post(f"/organization/people/{person.pk}/end/", {"day": "01.09.2026"}).status_code == 302
    page = client.get("/organization/people/").content.decode()
    assert "Прежние" in page
    assert "31.08.2026" in page
    assert client.get("/organization/people.xlsx").status_code == 200
    assert client.get("/organization/people.pdf").status_code == 200


def test_who_answers_for_personal_data_stands_in_the_requisites_of_the_operator_alone(school):
    with school.work():
        OperatorDetails.objects.create(responsible_name="Крылова Нина", updated_by="С")
    page = client_of(school.host, "org_admin").get("/organization/people/").content.decode()
    assert "Крылова Нина" in page
    assert "pd_officer" not in client_of(school.host, "org_admin").get("/organization/people/new/").content.decode()


def test_a_post_that_does_not_exist_is_explained_from_the_page(school):
    client = client_of(school.host, "org_admin")
    assert "Такой должности нет" in client.get("/organization/people/").content.decode()
    client.post("/organization/absence/deputy_it/", {"reason": "absent"})
    assert "отмечено: отсутствует" in client.get("/organization/people/").content.decode()
    client.post("/organization/absence/deputy_it/")
    assert "отмечено: отсутствует" not in client.get("/organization/people/").content.decode()


def test_a_person_of_another_organization_does_not_exist(school, other_school):
    with other_school.work():
        person = put("director", "Чужая Вера")
    client = client_of(school.host, "anna")
    assert client.get(f"/organization/people/{person.pk}/end/").status_code == 404
    assert "Чужая Вера" not in client.get("/organization/people/").content.decode()


def test_the_page_asks_a_fixed_number_of_queries(school):
    client = client_of(school.host, "org_admin")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/organization/people/").status_code == 200
        return len(captured)

    with school.work():
        put("deputy_uvr", "Первая")
    queries()
    few = queries()
    with school.work():
        for number in range(6):
            put("deputy_uvr", f"Завуч {number}", timezone.localdate())
    assert queries() == few


def test_an_employee_is_chosen_from_the_cards(school):
    with school.work():
        chosen = member(last_name="Соколова", first_name="Мария", sex="F", patronymic="")
    client = client_of(school.host, "anna")
    typed = {"role": "journal_keeper", "staff": str(chosen.pk), "held_from": "01.09.2026"}
    assert client.post("/organization/people/new/", typed).status_code == 302
    with school.work():
        person = ResponsiblePerson.objects.get()
        assert (person.name, person.staff_id, person.position) == ("Соколова Мария", chosen.pk, "Учитель")
    nobody = client.post("/organization/people/new/", typed | {"staff": ""})
    assert nobody.status_code == 422
    assert "Никто не указан" in nobody.content.decode()
