"""Staff get one-time passwords on printed slips; nobody gets another place's people, or his own, that way."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from shared.access.services import give_role
from shared.accounts.models import Account, CredentialIssue
from shared.tenancy import scopes
from tests import factor
from tests.support import PASSWORD, SINCE, client_of

PASSWORD_ON_SLIP = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")


def account(login: str) -> Account:
    return Account.objects.get(login=login)


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    assert answer.headers["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def issue(client: Client, *logins: str):
    return client.post("/credentials/issue/", {"account": [str(account(login).pk) for login in logins]})


def sign_in(host: str, login: str, password: str):
    return Client(headers={"host": host}).post("/login/", {"login": login, "password": password})


@pytest.fixture
def admin(school) -> Client:
    return client_of(school.host, "org_admin")


@pytest.mark.proves("R-014", "R-015", "R-018", "R-100", "R-238", "R-287", "R-322")
def test_a_slip_says_everything_once_and_lets_its_person_in(school, admin):
    answer = issue(admin, "teacher", "secretary")
    text = text_of(answer)
    assert answer.headers["Cache-Control"] == "private, no-store"
    for said in ("АСУ СО", "Средняя школа № 1", "Сформировано", "исполнитель: Org_admin", f"http://{school.host}/"):
        assert said in text, said
    passwords = PASSWORD_ON_SLIP.findall(text)
    assert len(passwords) == 2
    teacher = next(one for one in passwords if sign_in(school.host, "teacher", one).status_code == 302)
    assert sign_in(school.host, "teacher", teacher).headers["Location"] == "/password/"
    assert sign_in(school.host, "teacher", PASSWORD).status_code == 422
    days = timezone.localtime() + datetime.timedelta(days=14)
    assert f"{days:%d.%m.%Y}" in text
    kept = str(list(CredentialIssue.objects.none()))
    with scopes.enter(scopes.of_accounts()):
        kept = str(list(CredentialIssue.objects.values()))
    assert not any(one in kept for one in passwords), "the register knows who and when, never the password"


@pytest.mark.proves("R-019", "R-100")
def test_the_register_says_who_issued_when_to_whom_and_into_whose_hands(school, admin):
    issue(admin, "teacher")
    page = admin.get("/credentials/register/").content.decode()
    assert "Teacher Тест" in page
    assert "Org_admin" in page
    with scopes.enter(scopes.of_accounts()):
        line = CredentialIssue.objects.get()
    assert (line.issuer_id, line.printed_at is not None) == (account("org_admin").pk, True)
    wrong = admin.post(f"/credentials/register/{line.pk}/handed/", {"to": "", "on": "20.11.2026"})
    assert wrong.status_code == 422
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert admin.post(f"/credentials/register/{line.pk}/handed/", {"to": "Тест", "on": tomorrow}).status_code == 422
    today = f"{timezone.localdate():%d.%m.%Y}"
    admin.post(f"/credentials/register/{line.pk}/handed/", {"to": "Teacher Тест", "on": today})
    admin.post(f"/credentials/register/{line.pk}/handed/", {"to": "Другой", "on": today})
    with scopes.enter(scopes.of_accounts()):
        assert CredentialIssue.objects.get().handed_to == "Teacher Тест"
    assert admin.get("/credentials/register/?handed=no").content.decode().count("<tr>") == 0
    sheet = admin.get("/credentials/register/export.xlsx")
    assert sheet.status_code == 200
    assert "Журнал выдачи" in text_of(admin.get("/credentials/register/export.pdf"))


@pytest.mark.proves("R-018", "R-097", "R-238")
def test_the_list_tells_the_administrator_what_a_stranger_is_not_told(school, admin):
    issue(admin, "teacher")
    page = admin.get("/credentials/").content.decode()
    assert "Одноразовый до" in page
    with scopes.enter(scopes.of_accounts()):
        Account.objects.filter(login="teacher").update(one_time_until=timezone.now())
    assert "Одноразовый истёк" in admin.get("/credentials/").content.decode()
    assert "Teacher" in admin.get("/credentials/?password=expired").content.decode()
    assert "Secretary" not in admin.get("/credentials/?password=expired").content.decode()


@pytest.mark.proves("R-097", "R-280")
def test_nobody_issues_to_himself_to_another_place_or_to_who_works_elsewhere_too(school, other_school, admin):
    assert "Себе пароль не выдают" in issue(admin, "org_admin").content.decode()
    stranger = admin.post("/credentials/issue/", {"account": [str(account("vera").pk)]})
    assert "Никто не выбран" in stranger.content.decode()
    with scopes.enter(scopes.of_accounts()):
        organization = other_school.organization.pk
        give_role(account=account("teacher"), role="teacher", organization_id=organization, valid_from=SINCE)
    refused = issue(admin, "teacher", "secretary")
    assert refused.status_code == 422
    assert "есть роли и в других местах" in refused.content.decode()
    for login in ("vera", "teacher", "secretary"):
        host = other_school.host if login == "vera" else school.host
        assert sign_in(host, login, PASSWORD).status_code == 302, login


@pytest.mark.parametrize(
    ("login", "status"), [("secretary", 403), ("anna", 403), ("teacher", 403), ("deputy_uvr", 403)]
)
def test_only_who_has_the_right_issues(school, login, status):
    person = client_of(school.host, login)
    assert issue(person, "coordinator").status_code == status
    assert person.post(f"/credentials/{account('coordinator').pk}/recover/").status_code == status


def test_who_may_only_read_sees_the_register_without_buttons(school, admin):
    issue(admin, "teacher")
    secretary = client_of(school.host, "secretary")
    assert "Teacher" in secretary.get("/credentials/").content.decode()
    page = secretary.get("/credentials/register/").content.decode()
    assert "Teacher" in page
    assert "Отметить" not in page


@pytest.mark.proves("R-097", "R-238")
def test_the_administrator_recovers_who_lost_the_second_factor(school, admin):
    coordinator = client_of(school.host, "coordinator")
    secret = coordinator.get("/second-factor/new/").context["secret"].replace(" ", "")
    coordinator.post("/second-factor/new/", {"code": next(factor.codes(secret))})
    text = text_of(admin.post(f"/credentials/{account('coordinator').pk}/recover/"))
    (password,) = PASSWORD_ON_SLIP.findall(text)
    assert coordinator.get("/api/v1/me/").status_code == 401
    half = Client(headers={"host": school.host})
    half.post("/login/", {"login": "coordinator", "password": password})
    new = "кот пьёт молоко утром"
    half.post("/password/", {"current": password, "new": new, "repeated": new})
    assert half.get("/api/v1/me/").status_code == 200
    with scopes.enter(scopes.of_accounts()):
        assert account("coordinator").second_factor_since is None
        assert CredentialIssue.objects.filter(account=account("coordinator")).count() == 1


@pytest.mark.proves("R-097", "R-352")
def test_the_administrator_ends_sessions_of_his_staff_on_his_host_only(school, other_school, admin):
    with scopes.enter(scopes.of_accounts()):
        organization = other_school.organization.pk
        give_role(account=account("teacher"), role="teacher", organization_id=organization, valid_from=SINCE)
    here, there = client_of(school.host, "teacher"), client_of(other_school.host, "teacher")
    admin.post("/credentials/sessions/end/", {"account": [str(account("teacher").pk), str(account("vera").pk)]})
    assert here.get("/api/v1/me/").status_code == 401
    assert there.get("/api/v1/me/").status_code == 200


def test_authorities_and_the_operator_issue_to_their_own_people(school):
    boris = client_of("municipality.localhost", "boris")
    assert boris.get("/credentials/").status_code == 403, "a specialist issues nothing"
    with scopes.enter(scopes.of_accounts()):
        boris_account = account("boris")
        grant = boris_account.grants.get()
        give_role(account=boris_account, role="mun_admin", authority_id=grant.authority_id, valid_from=SINCE)
    boris = client_of("municipality.localhost", "boris")
    assert boris.get("/credentials/").status_code == 200
    assert len(PASSWORD_ON_SLIP.findall(text_of(issue(boris, "kira")))) == 1
    assert "Никто не выбран" in issue(boris, "marina", "anna").content.decode()


def test_lists_cost_the_same_however_long(school, admin, django_assert_max_num_queries):
    issue(admin, "teacher", "secretary", "anna", "coordinator")
    for address in ("/credentials/", "/credentials/register/"):
        admin.get(address)
        with django_assert_max_num_queries(28):
            admin.get(address)


def test_an_empty_register_says_where_entries_come_from(school, admin):
    assert "Записей нет" in admin.get("/credentials/register/").content.decode()
