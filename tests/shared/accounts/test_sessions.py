"""Sessions: bounded in time, seen by their owner, ended by him and by nobody's accident brought back."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from shared.access.services import give_role
from shared.accounts.browsers import UNKNOWN, browser_label
from shared.accounts.cleaning import forget_stale
from shared.accounts.models import Account, Session, SignInAttempt
from shared.accounts.sealing import digest
from shared.accounts.sessions import HostSession, end_sessions
from shared.tenancy import scopes
from tests.support import PASSWORD, SINCE, client_of

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Mobile Safari/537.36"


def at(host: str, login: str, agent: str) -> Client:
    """A browser of this kind, signed in."""
    client = Client(headers={"host": host, "user-agent": agent})
    assert client.post("/login/", {"login": login, "password": PASSWORD}).status_code == 302
    return client


def row(client: Client) -> Session:
    return Session.objects.get(digest=digest(client.cookies["asuso_session"].value))


def is_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (WINDOWS, "Firefox, Windows"),
        (PHONE, "Chrome, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/138 YaBrowser/25.8 Safari/537.36",
            "Яндекс Браузер, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/139 Safari/537.36 Edg/139.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Version/18 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent, label):
    assert browser_label(agent) == label


@pytest.mark.proves("R-097", "R-352")
def test_a_session_ends_when_nobody_works_and_when_its_day_is_over(school, settings):
    anna = at(school.host, "anna", WINDOWS)
    policy = settings.ENVIRONMENT
    kept = row(anna)
    idle = datetime.timedelta(minutes=policy.session_idle_minutes)
    assert abs(kept.expires_at - kept.last_seen_at - idle) < datetime.timedelta(seconds=5)
    long_ago = timezone.now() - datetime.timedelta(hours=policy.session_hours) + datetime.timedelta(minutes=10)
    Session.objects.filter(pk=kept.pk).update(signed_in_at=long_ago, last_seen_at=long_ago)
    assert is_in(anna)
    left = row(anna).expires_at - timezone.now()
    assert left < datetime.timedelta(minutes=10), "work does not make a session longer than its day"
    Session.objects.filter(pk=kept.pk).update(expires_at=timezone.now())
    assert not is_in(anna)


@pytest.mark.proves("R-097", "R-352")
def test_choosing_another_workplace_changes_the_cookie_and_keeps_the_session(school):
    with scopes.enter(scopes.of_accounts()):
        account = Account.objects.get(login="anna")
        organization = school.organization.pk
        second = give_role(account=account, role="teacher", organization_id=organization, valid_from=SINCE)
    anna = client_of(school.host, "anna")
    before, since = anna.cookies["asuso_session"].value, row(anna).signed_in_at
    anna.post("/switch/", {"place": str(second.pk)})
    assert anna.cookies["asuso_session"].value != before
    assert row(anna).signed_in_at == since
    thief = Client(headers={"host": school.host})
    thief.cookies["asuso_session"] = before
    assert not is_in(thief)


@pytest.mark.proves("R-030", "R-352", "R-287", "R-372")
def test_the_account_page_lists_sessions_and_ends_one_or_all_others(school):
    desk, phone, third = (
        at(school.host, "anna", WINDOWS),
        at(school.host, "anna", PHONE),
        at(school.host, "anna", PHONE),
    )
    page = desk.get("/account/")
    text = page.content.decode()
    assert "Firefox, Windows" in text
    assert "Chrome, Android" in text
    assert text.count("этот сеанс") == 1
    assert "Под вашей учётной записью открыто несколько сеансов" in text
    assert "Директор" in text
    desk.post("/account/sessions/end/", {"session": row(phone).digest})
    assert not is_in(phone)
    assert is_in(third)
    desk.post("/account/sessions/end/")
    assert not is_in(third)
    assert is_in(desk)


def test_nobody_ends_a_session_of_another_person_or_his_own_by_that_button(school):
    anna, secretary = at(school.host, "anna", WINDOWS), at(school.host, "secretary", PHONE)
    anna.post("/account/sessions/end/", {"session": row(secretary).digest})
    anna.post("/account/sessions/end/", {"session": row(anna).digest})
    anna.post("/account/sessions/end/", {"session": "\x00" * 70})
    assert is_in(secretary)
    assert is_in(anna)


@pytest.mark.proves("R-030")
def test_who_signs_in_is_told_of_a_parallel_session_elsewhere(school):
    at(school.host, "anna", PHONE)
    desk = at(school.host, "anna", WINDOWS)
    assert "открыт ещё один сеанс: Chrome, Android" in desk.get("/account/").content.decode()
    same = at(school.host, "secretary", WINDOWS)
    again = at(school.host, "secretary", WINDOWS)
    assert "открыт ещё один сеанс" not in again.get("/account/").content.decode(), "the same browser, the same address"
    assert is_in(same)


@pytest.mark.proves("R-030", "R-352")
def test_a_new_password_ends_the_other_sessions(school):
    desk, phone = at(school.host, "anna", WINDOWS), at(school.host, "anna", PHONE)
    new = "совсем другой пароль 7"
    changed = desk.post("/password/", {"current": PASSWORD, "new": new, "repeated": new})
    assert changed.status_code == 302
    assert is_in(desk)
    assert not is_in(phone)


def test_a_session_ended_meanwhile_is_not_brought_back_by_a_new_cookie(school):
    anna = at(school.host, "anna", WINDOWS)
    session = HostSession(host=school.host, cookie=anna.cookies["asuso_session"].value)
    session.open()
    end_sessions(session.account)
    session.pass_factor()
    session.close()
    assert session.is_ended
    assert not Session.objects.filter(account=session.account, digest=digest(session.cookie_to_set)).exists()


@pytest.mark.proves("R-287", "R-372")
@pytest.mark.parametrize("host", ["", "services.", "training.", "municipality.", "region.", "school-1."])
def test_everybody_has_his_page_on_every_host(school, host):
    login = {"municipality.": "boris", "region.": "marina"}.get(host, "anna")
    person = client_of(f"{host}localhost", login)
    page = person.get("/account/")
    assert page.status_code == 200
    assert "Моя учётная запись" in page.content.decode()


def test_what_has_ended_is_forgotten_and_what_lives_stays(school):
    anna, secretary = at(school.host, "anna", WINDOWS), at(school.host, "secretary", PHONE)
    Session.objects.filter(pk=row(secretary).pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    forget_stale()
    assert list(Session.objects.values_list("account__login", flat=True)) == ["anna"]
    assert SignInAttempt.objects.count() == 2, "attempts are counted for thirty days"
    assert is_in(anna)


def test_more_sessions_do_not_mean_more_questions_to_the_database(school, django_assert_max_num_queries):
    anna = at(school.host, "anna", WINDOWS)
    anna.get("/account/")
    for _ in range(5):
        at(school.host, "anna", PHONE)
    with django_assert_max_num_queries(24):
        anna.get("/account/")
