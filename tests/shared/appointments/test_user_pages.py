"""Users of a workplace as their administrator sees them: the list, one person, appointments and their end."""

from __future__ import annotations

import datetime
import io
import uuid

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.roles import Role
from shared.accounts.models import Account
from shared.appointments.services import appoint, enter_person
from shared.appointments.workplaces import workplace_of_organization
from shared.tenancy import scopes
from tests.shared.appointments.conftest import account, decider, terms
from tests.support import client_of
from tests.tenants import factories

DAY = datetime.timedelta(days=1)


@pytest.fixture
def administrator(school):
    return client_of(school.host, "org_admin")


def page_of(login: str) -> str:
    return f"/users/{account(login).pk}/"


def filled(role: str, today: datetime.date, **facts: object) -> dict[str, object]:
    """What a person types into the form of an appointment."""
    order = {"order_number": "41", "order_date": f"{today:%d.%m.%Y}", "valid_from": f"{today:%d.%m.%Y}"}
    return {"role": role, **order, **facts}


@pytest.mark.proves("R-163", "R-208")
def test_the_list_shows_the_people_of_this_place_with_roles_and_orders(administrator, other_school):
    page = administrator.get("/users/").content.decode()
    for name in ("Anna Тест", "Secretary Тест", "Координатор", "Учитель"):
        assert name in page
    assert "Vera" not in page
    assert "Boris" not in page


def test_search_finds_by_name_and_login_and_keeps_the_name_out_of_the_address(administrator):
    found = administrator.post("/users/", {"q": "secre"}, follow=True)
    assert "Secretary" in found.content.decode()
    assert "Anna" not in found.content.decode()
    assert "secre" not in found.redirect_chain[0][0]


def test_filters_narrow_and_nothing_found_is_said(administrator):
    page = administrator.get("/users/?role=coordinator").content.decode()
    assert "Coordinator Тест" in page
    assert "Secretary Тест" not in page
    assert "Никого не нашли" in administrator.get("/users/?role=nurse").content.decode()
    assert "Никого не нашли" in administrator.get("/users/?state=ended").content.decode()


def test_the_list_costs_the_same_for_many_people(administrator, place, today):
    administrator.get("/users/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        administrator.get("/users/")
    with scopes.enter(scopes.of_accounts()):
        for number in range(12):
            enter_person(
                last_name=f"Ким{number}",
                first_name="Ян",
                patronymic="",
                place=place,
                terms=terms(Role.EMPLOYEE, today),
                by=decider(),
            )
    with CaptureQueriesContext(connection) as many:
        administrator.get("/users/")
    assert len(many) == len(few)


@pytest.mark.proves("R-163")
def test_the_list_goes_to_a_spreadsheet_and_to_paper_with_the_imprint(administrator):
    book = openpyxl.load_workbook(io.BytesIO(administrator.get("/users/export.xlsx").content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert "Пользователи и назначения" in cells
    assert any(text.startswith("Сформировано") for text in cells)
    assert "Secretary Тест" in cells
    paper = pypdf.PdfReader(io.BytesIO(administrator.get("/users/export.pdf").content))
    assert "Secretary Тест" in paper.pages[0].extract_text()


@pytest.mark.proves("R-060", "R-102", "R-163", "R-238")
def test_a_substitute_has_the_rights_of_one_class_until_friday_and_not_a_day_longer(
    monkeypatch, school, administrator, fifth, today
):
    """JOURNEYS: a substitute teacher, one class, until Friday, order № 41."""
    with school.work():
        factories.enroll(factories.student(last_name="Пятов"), into=fifth, day=today)
        stranger = factories.enroll(
            factories.student(last_name="Шестов"), into=factories.group("6Б", year=fifth.academic_year), day=today
        )
        assert stranger.rows.count() == 1
    friday = today + 4 * DAY
    answer = administrator.post(
        f"{page_of('teacher')}appoint/",
        filled(Role.CLASS_TEACHER, today, groups=[str(fifth.pk)], last_day=f"{friday:%d.%m.%Y}", is_acting="on"),
    )
    assert answer.status_code == 302, answer.content.decode()
    grant = RoleGrant.objects.get(account__login="teacher", role=Role.CLASS_TEACHER)
    assert (grant.valid_to, grant.group_names, grant.order_number) == (friday + DAY, ["5А"], "41")
    page = administrator.get(page_of("teacher")).content.decode()
    assert f"по {friday:%d.%m.%Y} включительно" in page
    substitute = client_of(school.host, "teacher")
    for day, is_there in ((today, True), (friday, True), (friday + DAY, False)):
        monkeypatch.setattr(timezone, "localdate", lambda *args, day=day: day)
        listed = substitute.get("/students/").content.decode()
        assert ("Пятов" in listed) is is_there, day
        assert "Шестов" not in listed, day


@pytest.mark.proves("R-018", "R-208", "R-238")
def test_the_administrator_enters_a_new_person_with_a_login_and_a_role(administrator, today):
    names = {"last_name": "Щёлкина", "first_name": "Анна", "patronymic": "Юрьевна"}
    answer = administrator.post("/users/new/", {**names, **filled(Role.NURSE, today)})
    made = Account.objects.get(last_name="Щёлкина")
    assert answer.headers["Location"] == f"/credentials/{made.pk}/"
    assert (made.login, made.must_change_password) == ("shchelkina-ai", True)
    again = administrator.post("/users/new/", {**names, **filled(Role.NURSE, today)})
    assert again.status_code == 422
    assert f"/users/{made.pk}/" in again.content.decode()
    another = administrator.post("/users/new/", {**names, **filled(Role.NURSE, today), "is_another": "on"})
    assert another.status_code == 302
    assert Account.objects.filter(last_name="Щёлкина").count() == 2


def test_a_person_known_elsewhere_gets_an_appointment_and_no_second_account(administrator, other_school, today):
    wrong = administrator.post("/users/known/", {"login": "vera", "last_name": "Иванова", **filled(Role.NURSE, today)})
    nobody = administrator.post("/users/known/", {"login": "nobody", "last_name": "Vera", **filled(Role.NURSE, today)})
    refusal = "Учётной записи с таким логином и фамилией нет"
    assert [answer.status_code for answer in (wrong, nobody)] == [422, 422]
    assert refusal in wrong.content.decode()
    assert refusal in nobody.content.decode()
    before = Account.objects.count()
    answer = administrator.post("/users/known/", {"login": "vera", "last_name": "Vera", **filled(Role.NURSE, today)})
    assert answer.status_code == 302
    assert Account.objects.count() == before
    assert "СОШ № 2" not in administrator.get(page_of("vera")).content.decode()


@pytest.mark.proves("R-015", "R-329")
def test_the_director_appoints_the_administrator(school, today):
    director = client_of(school.host, "anna")
    answer = director.post(f"{page_of('teacher')}appoint/", filled(Role.ORG_ADMIN, today))
    assert answer.status_code == 302
    assert RoleGrant.objects.filter(account__login="teacher", role=Role.ORG_ADMIN, order_number="41").exists()
    refused = director.post(f"{page_of('teacher')}appoint/", filled(Role.SECRETARY, today))
    assert refused.status_code == 422


def test_an_appointment_is_ended_by_an_order(administrator, today):
    grant = RoleGrant.objects.get(account__login="secretary")
    page = f"{page_of('secretary')}{grant.pk}/end/"
    assert administrator.post(page, {"last_day": f"{today:%d.%m.%Y}"}).status_code == 422
    order = {"order_number": "57", "order_date": f"{today:%d.%m.%Y}"}
    assert administrator.post(page, {"last_day": f"{today:%d.%m.%Y}", **order}).status_code == 302
    assert "прекращено: приказ №" in administrator.get(page_of("secretary")).content.decode()


def test_people_and_appointments_of_another_place_do_not_exist(administrator, other_school, today):
    vera = RoleGrant.objects.get(account__login="vera")
    own = RoleGrant.objects.get(account__login="secretary")
    for path in (
        page_of("vera"),
        f"{page_of('vera')}appoint/",
        f"{page_of('vera')}{vera.pk}/end/",
        f"{page_of('secretary')}{vera.pk}/end/",
        f"{page_of('teacher')}{own.pk}/end/",
        f"/users/{uuid.uuid4()}/",
        f"{page_of('secretary')}appoint/?instead={vera.pk}",
    ):
        assert administrator.get(path).status_code == 404, path
        assert administrator.post(path, filled(Role.NURSE, today)).status_code in (404, 405), path


def test_a_class_of_another_school_cannot_be_named(administrator, other_school, today, fifth):
    with other_school.work():
        theirs = factories.group("5А", year=today.year)
    answer = administrator.post(
        f"{page_of('secretary')}appoint/", filled(Role.CLASS_TEACHER, today, groups=[str(theirs.pk)])
    )
    assert answer.status_code == 422


def test_a_role_without_classes_is_told_from_one_with_them(administrator, school, today, fifth):
    refused = administrator.post(f"{page_of('teacher')}appoint/", filled(Role.SECRETARY, today, groups=[str(fifth.pk)]))
    assert "с классами не работает" in refused.content.decode()
    assert "классы не указаны" in administrator.get("/users/").content.decode()


@pytest.mark.proves("R-251")
def test_what_the_staffing_pattern_misses_is_a_warning_with_links(administrator, fifth):
    page = administrator.get("/users/").content.decode()
    assert "Классы без классного руководителя: 5А" in page
    assert "?role=class_teacher" in page
    assert administrator.get("/rights/").content.decode().count("Классы без классного руководителя") == 1


@pytest.mark.parametrize(
    ("host", "login", "role"),
    [
        pytest.param("municipality", "lena", Role.MUN_ADMIN, marks=pytest.mark.proves("R-158")),
        pytest.param("region", "lena", Role.REGION_ADMIN, marks=pytest.mark.proves("R-146", "R-158")),
        ("operator", "oleg", Role.OPERATOR),
    ],
)
def test_levels_above_manage_their_own_people_by_order(school, today, host, login, role, request):
    from shared.organizations.models import AuthorityBody

    code = {"municipality": "office-03608000", "region": "ministry-03"}.get(host)
    with scopes.enter(scopes.of_accounts()):
        if code:
            anna = account("anna")
            body = AuthorityBody.objects.get(code=code)
            RoleGrant.objects.create(account=account("oleg"), role=role, authority=body, valid_from=today)
            assert anna.grants.count() == 1
    administrator = client_of(f"{host}.localhost", "oleg")
    page = administrator.get("/users/").content.decode()
    assert "Oleg Тест" in page
    assert "Secretary Тест" not in page
    given = {"municipality": Role.MUN_SPECIALIST, "region": Role.MINISTRY_SPECIALIST}.get(host, Role.OPERATOR)
    names = {"last_name": "Ким", "first_name": "Ян", "patronymic": ""}
    asked = filled(given, today) if code else {"role": given, "valid_from": f"{today:%d.%m.%Y}"}
    if code:
        assert administrator.post("/users/new/", {**names, **asked, "order_number": ""}).status_code == 422
    assert administrator.post("/users/new/", {**names, **asked, "role": Role.TEACHER}).status_code == 422
    answer = administrator.post("/users/new/", {**names, **asked})
    assert answer.status_code == 302, answer.content.decode()
    made = RoleGrant.objects.get(account__last_name="Ким")
    assert (made.role, made.organization_id) == (given, None)
    assert (made.authority.code if made.authority else None) == code


def test_appointments_made_in_another_place_are_not_shown(administrator, school, other_school, today):
    elsewhere = workplace_of_organization(other_school.organization)
    with scopes.enter(scopes.of_accounts()):
        appoint(
            account=account("secretary"),
            place=elsewhere,
            terms=terms(Role.LIBRARIAN, today, order_number="чужой"),
            by=decider(),
        )
    page = administrator.get(page_of("secretary")).content.decode()
    assert "чужой" not in page
    assert "Библиотекарь" not in page
