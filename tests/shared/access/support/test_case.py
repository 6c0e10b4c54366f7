"""A case: what it opens, for how long, how much of it, and how it ends. Source: R-031, R-169, R-179."""

from __future__ import annotations

import datetime
import sys

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import clear_url_caches
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.rights import capabilities_of, matrix
from shared.access.roles import Role
from shared.access.support.inside import IDENTITY, support_rights
from shared.access.support.models import SupportCase
from shared.accounts.models import Account, Session
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.people.models import Student
from tests.shared.access import probe_urls
from tests.shared.access.support.visits import OPERATOR, change, current, go_in, open_case, take, visit
from tests.support import PASSWORD, client_of
from tests.tenants import factories


@pytest.fixture
def learners(school):
    with school.work():
        factories.enroll(*[factories.student() for _ in range(3)], into=factories.group("5А"))
        return list(Student.objects.order_by("sort_name"))


@pytest.mark.proves("R-031", "R-169")
def test_without_a_case_the_operator_sees_no_organization(school, learners):
    oleg = client_of(school.host, "oleg")
    for page in ("/", "/students/", f"/students/{learners[0].pk}/", "/groups/", "/api/v1/students/"):
        assert oleg.get(page).status_code in (401, 403), page


@pytest.mark.proves("R-169", "R-179")
def test_by_a_case_the_engineer_sees_lists_and_cards_and_his_banner(school, learners):
    case, oleg = visit(school)
    page = oleg.get("/students/")
    assert page.status_code == 200
    text = page.content.decode().replace("\xa0", " ")
    assert learners[0].last_name in text
    assert f"по обращению № {case.number}" in text
    assert "осталось строк: 197" in text
    assert oleg.get(f"/students/{learners[0].pk}/").status_code == 200
    assert current(school).rows_seen == 4


def test_the_people_of_the_organization_are_told_while_he_is_inside(school, learners):
    case = open_case(school)
    anna = client_of(school.host, "secretary")
    assert "служба поддержки" not in anna.get("/").content.decode()
    go_in(take(case), case)
    text = anna.get("/").content.decode().replace("\xa0", " ")
    assert f"Данные организации просматривает служба поддержки: Oleg Тест, обращение № {case.number}" in text
    client_of(school.host, "anna").post(f"/support/{case.pk}/close/")
    assert "просматривает служба поддержки" not in anna.get("/").content.decode()


@pytest.mark.proves("R-179")
def test_he_can_change_nothing_neither_by_right_nor_in_the_database(school, learners, monkeypatch):
    _, oleg = visit(school)
    for address in (
        f"/cards/student/{learners[0].pk}/identity/",
        "/orders/new/enrollment/",
        "/import/upload/",
        "/groups/new/",
        "/support/open/",
    ):
        assert oleg.post(address, {}).status_code in (403, 404), address
    monkeypatch.setitem(sys.modules, "config.urls.organization", probe_urls)
    clear_url_caches()
    try:
        with pytest.raises(DatabaseError, match="read-only"):
            oleg.post("/saves/")
    finally:
        monkeypatch.undo()
        clear_url_caches()
    with school.work():
        assert not Student.objects.filter(last_name="Сохранённый").exists()


@pytest.mark.proves("R-031", "R-053")
def test_special_fields_numbers_files_and_programs_stay_closed(school, learners):
    case, oleg = visit(school)
    for field in ("snils", "doc_number", "phone"):
        assert oleg.post(f"/cards/student/{learners[0].pk}/reveal/{field}/").status_code in (403, 404), field
    assert oleg.get("/students/export/").status_code in (403, 404)
    assert oleg.get("/api/v1/students/").json()["code"] == "support_no_files"
    for address in ("/account/", "/support/", "/approvals/", "/import/", "/users/"):
        assert oleg.get(address).status_code == 403, address
    file = oleg.get("/movement/export/")
    assert file.status_code in (403, 404)
    assert current(school).pk == case.pk


def test_whatever_the_matrix_file_says_the_role_only_looks():
    rows = matrix().values()
    changing = {name for row in rows for name in (*row.edit, *row.remark, *row.propose)}
    special = {name for row in rows if row.is_special for name in (*row.read, *row.edit)}
    assert not set(support_rights()) & (changing | special | IDENTITY)
    assert set(support_rights()) == capabilities_of(Role.SUPPORT), "the file itself asks for nothing more"


def test_the_session_ends_with_the_closing_by_the_organization(school, learners):
    case, oleg = visit(school)
    client_of(school.host, "anna").post(f"/support/{case.pk}/close/")
    refused = oleg.get("/students/")
    assert refused.status_code == 403
    assert "организация его закрыла" in refused.content.decode()
    assert oleg.get("/students/").status_code == 302  # signed out: asked to sign in
    with scopes.enter(scopes.of_accounts()):
        assert not Session.objects.filter(grant_id=case.pk).exists()


LONG_AGO = timezone.now() - datetime.timedelta(hours=9)


@pytest.mark.proves("R-169")
@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        ({"opened_at": LONG_AGO, "ends_at": LONG_AGO + datetime.timedelta(hours=1)}, "срок истёк"),
        ({"rows_seen": 200}, "исчерпано"),
    ],
)
def test_the_session_ends_with_the_time_and_with_the_budget(school, learners, ended, reason):
    case, oleg = visit(school)
    change(case, **ended)
    refused = oleg.get("/students/")
    assert refused.status_code == 403
    assert reason in refused.content.decode()
    assert learners[0].last_name not in refused.content.decode()
    assert oleg.get("/students/").status_code == 302


def test_the_session_ends_when_he_is_no_engineer_any_more(school, learners):
    _, oleg = visit(school)
    with scopes.enter(scopes.of_accounts()):
        RoleGrant.objects.filter(account__login="oleg").update(valid_to=timezone.localdate())
    refused = oleg.get("/students/")
    assert refused.status_code == 403
    assert "больше не работаете у оператора" in refused.content.decode()


@pytest.mark.proves("R-031", "R-179")
def test_a_page_that_costs_more_than_is_left_is_not_shown_and_costs_nothing(school, learners):
    _, oleg = visit(school, rows=2)
    refused = oleg.get("/students/")
    assert refused.status_code == 403
    assert "а по обращению" in refused.content.decode()
    assert not any(one.last_name in refused.content.decode() for one in learners)
    for number in range(2):
        assert oleg.get(f"/students/{learners[number].pk}/").status_code == 200
    assert current(school).rows_seen == 2
    assert "исчерпано" in oleg.get(f"/students/{learners[2].pk}/").content.decode()


def test_an_engineer_without_the_second_factor_stays_outside(school, learners):
    case, oleg = visit(school)
    with scopes.enter(scopes.of_accounts()):
        session = Session.objects.get(grant_id=case.pk)
    with transaction.atomic():
        Session.objects.filter(pk=session.pk).update(factor_passed_at=None)
    refused = oleg.get("/students/")
    assert refused.status_code == 403
    assert "второго фактора" in refused.content.decode()
    console = Client(headers={"host": OPERATOR})
    console.post("/login/", {"login": "oleg", "password": PASSWORD})
    assert console.post(f"/support/{case.pk}/enter/").headers["Location"].startswith("/second-factor/")


def test_a_suspended_organization_is_not_entered_nor_its_case_taken(school):
    case = open_case(school)
    with scopes.enter(scopes.of_operator()):
        Organization.objects.filter(pk=school.organization.pk).update(status="suspended")
    refused = client_of(OPERATOR, "oleg").post(f"/support/{case.pk}/take/")
    assert refused.status_code == 422
    assert "не работает (приостановлена)" in refused.content.decode()


def test_an_expired_case_is_not_taken_and_another_may_be_opened(school):
    case = open_case(school)
    now = timezone.now()
    change(case, opened_at=now - datetime.timedelta(hours=3), ends_at=now - datetime.timedelta(hours=1))
    refused = client_of(OPERATOR, "oleg").post(f"/support/{case.pk}/take/")
    assert refused.status_code == 422
    assert "срок истёк" in refused.content.decode()
    assert open_case(school).number > case.number


def test_only_one_case_is_open_and_its_question_holds_no_long_numbers(school):
    open_case(school)
    anna = client_of(school.host, "anna")
    again = anna.post("/support/open/", {"question": "Ещё вопрос", "hours": 1, "rows": 1})
    assert again.status_code == 422
    assert "уже открыто" in again.content.decode()
    phone = anna.post("/support/open/", {"question": "Позвоните 8 (918) 123-45-67", "hours": 1, "rows": 1})
    assert phone.status_code == 422
    assert "похожий на телефон" in phone.content.decode()


@pytest.mark.parametrize(
    "facts", [{"hours": 0}, {"hours": 73}, {"rows": 0}, {"rows": 5001}, {"question": ""}, {"hours": "час"}]
)
def test_a_case_has_its_bounds(school, facts):
    form = {"question": "Вопрос", "hours": 1, "rows": 10, **facts}
    assert client_of(school.host, "anna").post("/support/open/", form).status_code == 422


def test_the_database_keeps_the_bounds_whoever_writes(school):
    case = open_case(school)
    with scopes.enter(scopes.of_accounts()):
        anna = Account.objects.get(login="anna")
        oleg = Account.objects.get(login="oleg")
    for name, facts in {
        "supportcase_hours": {"ends_at": case.opened_at + datetime.timedelta(hours=73)},
        "supportcase_within_budget": {"rows_seen": 201},
        "supportcase_budget": {"rows_budget": 9999},
        "supportcase_two_people": {"taken_by": anna, "taken_at": timezone.now()},
        "supportcase_taken_whole": {"taken_by": oleg},
        "supportcase_closed_whole": {"closed_by": anna},
    }.items():
        with pytest.raises(IntegrityError, match=name), scopes.enter(scopes.of_accounts()):
            SupportCase.objects.filter(pk=case.pk).update(**facts)


def test_an_organization_knows_nothing_of_cases_in_the_database(school):
    open_case(school)
    with pytest.raises(DatabaseError, match="permission denied"), school.work():
        SupportCase.objects.count()


@pytest.mark.parametrize(("login", "status"), [("secretary", 403), ("teacher", 403), ("coordinator", 403)])
def test_only_those_who_have_the_right_open_a_case(school, login, status):
    form = {"question": "Вопрос", "hours": 1, "rows": 10}
    assert client_of(school.host, login).post("/support/open/", form).status_code == status


def test_another_organization_has_neither_the_case_nor_its_report(school, other_school):
    case = open_case(school)
    vera = client_of(other_school.host, "vera")
    for address in ("", "report.pdf", "report.xlsx"):
        assert vera.get(f"/support/{case.pk}/{address}").status_code == 404
    assert vera.post(f"/support/{case.pk}/close/").status_code == 404


def test_a_case_of_one_organization_opens_no_other(school, other_school, learners):
    case = open_case(school)
    console = take(case)
    page = console.post(f"/support/{case.pk}/enter/")
    elsewhere = Client(headers={"host": other_school.host})
    assert elsewhere.post("/enter/", {"code": page.context["code"]}).status_code == 422
    assert client_of(other_school.host, "oleg").get("/students/").status_code == 403


def test_the_operator_is_shown_questions_and_no_people_of_the_organization(school):
    open_case(school)
    page = client_of(OPERATOR, "oleg").get("/support/").content.decode()
    assert "Не открывается список класса" in page
    assert "Anna" not in page
