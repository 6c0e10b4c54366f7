"""The second factor: asked of whoever has it, demanded of roles that open much, and never twice by one code."""

from __future__ import annotations

import time

import pyotp
import pytest
from django.test import Client

from shared.access.roles import SECOND_FACTOR_ROLES, Role, role_facts
from shared.access.services import issue_token
from shared.accounts import factors
from shared.accounts.lockout import SECOND_FACTOR
from shared.accounts.models import Account, AuthenticatorApp, RecoveryCode, Session
from shared.accounts.sealing import digest
from shared.tenancy import scopes
from tests import factor
from tests.support import PASSWORD, client_of, person

pytestmark = pytest.mark.proves("R-030", "R-097")


def password_only(host: str, login: str) -> Client:
    client = Client(headers={"host": host})
    assert client.post("/login/", {"login": login, "password": PASSWORD}).status_code == 302
    return client


def give(client: Client, code: str):
    return client.post("/second-factor/", {"code": code})


def now_code(secret: str = factor.SECRET) -> str:
    return pyotp.TOTP(secret).now()


def session_of(client: Client) -> Session:
    return Session.objects.get(digest=digest(client.cookies["asuso_session"].value))


@pytest.fixture
def nobody_yet(school) -> Account:
    """An administrator of the school who has no second factor yet."""
    with scopes.enter(scopes.of_accounts()):
        account = Account.objects.get(login="org_admin")
        factors.reset_factors(account)
    return account


def test_the_obligatory_roles_are_administrators_and_everybody_above_organizations():
    above = {Role(code) for code, facts in role_facts().items() if facts.level not in ("organization", "training")}
    assert above | {Role.ORG_ADMIN, Role.TRAINING_OPERATOR} == SECOND_FACTOR_ROLES


@pytest.mark.parametrize(
    ("host", "login"),
    [("school-1", "org_admin"), ("municipality", "boris"), ("region", "marina"), ("operator", "oleg")],
)
def test_until_the_factor_is_passed_no_page_answers(school, host, login):
    half = password_only(f"{host}.localhost", login)
    for address in ("/", "/account/", "/password/", "/second-factor/new/", "/students/", "/registry/people/"):
        answer = half.get(address)
        if answer.status_code != 404:
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/second-factor/"), address
    refused = half.get("/api/v1/me/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    for address in ("/switch/", "/account/sessions/end/", "/second-factor/remove/", "/second-factor/codes/"):
        assert half.post(address).headers["Location"].startswith("/second-factor/"), address
    assert give(half, now_code()).headers["Location"] == "/"
    assert half.get("/api/v1/me/").status_code == 200


def test_a_fragment_is_sent_to_the_step_as_a_whole_page(school):
    half = password_only(school.host, "org_admin")
    assert half.get("/students/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/second-factor/"


def test_after_the_factor_one_comes_to_the_page_that_was_wanted(school):
    client = Client(headers={"host": school.host})
    wanted = {"login": "org_admin", "password": PASSWORD, "next": "/groups/?year=2026"}
    page = client.post("/login/", wanted).headers["Location"]
    assert page == "/second-factor/?next=%2Fgroups%2F%3Fyear%3D2026"
    assert client.get(page).context["next"] == "/groups/?year=2026"
    answer = client.post("/second-factor/", {"code": now_code(), "next": "/groups/?year=2026"})
    assert answer.headers["Location"] == "/groups/?year=2026"


def test_a_code_works_once_and_older_ones_end_with_it(school):
    code = now_code()
    assert give(password_only(school.host, "org_admin"), code).status_code == 302
    second = password_only(school.host, "org_admin")
    assert "уже использован" in give(second, code).content.decode()
    before = pyotp.TOTP(factor.SECRET).at(int(time.time()) - 30)
    assert give(second, before).status_code == 422
    assert second.get("/api/v1/me/").status_code == 403


@pytest.mark.parametrize("code", ["", "000000", "12345", "абвгде", "\x00", "1" * 5000, "٣٤٥٦٧٨"])
def test_a_wrong_code_is_refused_in_words(school, code):
    half = password_only(school.host, "org_admin")
    assert give(half, code).status_code == 422
    assert half.get("/api/v1/me/").status_code == 403


def test_wrong_codes_are_limited_though_the_password_is_right(school):
    half = password_only(school.host, "org_admin")
    for _ in range(SECOND_FACTOR.from_one_address):
        give(half, "000000")
    assert "Слишком много попыток" in give(half, now_code()).content.decode()
    assert "Слишком много попыток" in give(password_only(school.host, "org_admin"), now_code()).content.decode()
    assert half.get("/api/v1/me/").status_code == 403


def test_a_role_that_needs_a_factor_connects_one_at_its_first_entry(school, nobody_yet):
    half = password_only(school.host, "org_admin")
    assert half.get("/").headers["Location"] == "/second-factor/new/"
    assert half.get("/second-factor/").status_code == 302, "there is nothing to ask yet"
    assert half.get("/api/v1/me/").json()["code"] == "second_factor_required"
    page = half.get("/second-factor/new/")
    secret = page.context["secret"].replace(" ", "")
    assert half.get("/second-factor/new/").context["secret"].replace(" ", "") == secret
    assert "<svg" in page.content.decode()
    assert half.post("/second-factor/new/", {"code": "000000"}).status_code == 422
    done = half.post("/second-factor/new/", {"code": now_code(secret)})
    assert len(done.context["codes"]) == factors.RECOVERY_CODES
    assert half.get("/api/v1/me/").status_code == 200
    assert give(password_only(school.host, "org_admin"), now_code(secret)).status_code == 422, "the code was used"
    with scopes.enter(scopes.of_accounts()):
        kept = AuthenticatorApp.objects.get(account=nobody_yet)
        assert secret not in kept.sealed_secret
        assert nobody_yet.recovery_codes.count() == factors.RECOVERY_CODES
        assert not {code.digest for code in nobody_yet.recovery_codes.all()} & set(done.context["codes"])


def test_a_recovery_code_works_once(school):
    with scopes.enter(scopes.of_accounts()):
        code, *_ = factors.issue_recovery_codes(Account.objects.get(login="org_admin"))
    assert give(password_only(school.host, "org_admin"), code.upper()).status_code == 302
    assert give(password_only(school.host, "org_admin"), code).status_code == 422
    with scopes.enter(scopes.of_accounts()):
        assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_a_recovery_code_of_another_person_is_worth_nothing(school):
    with scopes.enter(scopes.of_accounts()):
        code, *_ = factors.issue_recovery_codes(Account.objects.get(login="boris"))
    assert give(password_only(school.host, "org_admin"), code).status_code == 422


def test_passing_the_factor_changes_the_cookie(school):
    half = password_only(school.host, "org_admin")
    before = half.cookies["asuso_session"].value
    give(half, now_code())
    assert half.cookies["asuso_session"].value != before
    thief = Client(headers={"host": school.host})
    thief.cookies["asuso_session"] = before
    assert thief.get("/api/v1/me/").status_code == 401


def test_a_person_of_any_role_may_connect_a_factor_and_is_asked_from_then_on(school):
    anna = client_of(school.host, "anna")
    secret = anna.get("/second-factor/new/").context["secret"].replace(" ", "")
    anna.post("/second-factor/new/", {"code": now_code(secret)})
    assert anna.get("/api/v1/me/").status_code == 200
    assert password_only(school.host, "anna").get("/").headers["Location"] == "/second-factor/"


def test_disconnecting_asks_for_the_password_and_an_obligatory_factor_stays(school):
    admin = client_of(school.host, "org_admin")
    admin.post("/second-factor/remove/", {"factor": "app", "password": "не тот пароль"})
    admin.post("/second-factor/remove/", {"factor": "app", "password": PASSWORD})
    assert "последний" in admin.get("/account/").content.decode()
    with scopes.enter(scopes.of_accounts()):
        assert AuthenticatorApp.objects.filter(account__login="org_admin").exists()


def test_one_may_disconnect_a_factor_that_no_role_demands(school):
    anna = client_of(school.host, "anna")
    secret = anna.get("/second-factor/new/").context["secret"].replace(" ", "")
    anna.post("/second-factor/new/", {"code": now_code(secret)})
    anna.post("/second-factor/remove/", {"factor": "app", "password": "мимо"})
    assert password_only(school.host, "anna").get("/").status_code == 302
    anna.post("/second-factor/remove/", {"factor": "app", "password": PASSWORD})
    assert password_only(school.host, "anna").get("/api/v1/me/").status_code == 200


def test_a_token_stands_for_a_completed_sign_in(school):
    with scopes.enter(scopes.of_accounts()):
        token = issue_token(account=Account.objects.get(login="org_admin"), host=school.host, days=1)
    caller = Client(headers={"host": school.host, "authorization": f"Bearer {token}"})
    assert caller.get("/api/v1/me/").status_code == 200


def test_moving_to_another_host_carries_what_was_passed_and_since_when(school, other_school, committed_second_place):
    admin = client_of(school.host, "org_admin")
    page = admin.post("/switch/", {"place": str(committed_second_place.pk)})
    arrived = Client(headers={"host": other_school.host})
    assert arrived.post("/enter/", {"code": page.context["code"]}).status_code == 302
    assert arrived.get("/api/v1/me/").status_code == 200
    there, here = session_of(arrived), session_of(admin)
    assert (there.signed_in_at, there.factor_passed_at) == (here.signed_in_at, here.factor_passed_at)


@pytest.fixture
def committed_second_place(other_school):
    from shared.access.services import give_role
    from tests.support import SINCE

    with scopes.enter(scopes.of_accounts()):
        account = Account.objects.get(login="org_admin")
        organization = other_school.organization.pk
        return give_role(account=account, role="teacher", organization_id=organization, valid_from=SINCE)


def test_people_of_the_tests_have_a_factor_where_their_role_demands_it(committed):
    account = person("factor-of-tests", "operator")
    with scopes.enter(scopes.of_accounts()):
        assert Account.objects.get(pk=account.pk).second_factor_since is not None
