"""Registration by oneself and by the responsible worker; once for a person; with consent."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from pypdf import PdfReader

from region.training import consent
from region.training.models import Registration
from shared.accounts.models import Account
from shared.organizations.models import OrgType
from shared.tenancy import scopes
from tests.region.training.people import FORM, HOST, claims, form, hire, register, roles
from tests.support import PASSWORD, client_of

PASSWORD_ON_SLIP = re.compile(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}")
SENT = "/register/done/"


def registrations() -> list[Registration]:
    with scopes.enter(scopes.of_accounts().reading()):
        return list(Registration.objects.select_related("account"))


def said(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


@pytest.mark.proves("R-280", "R-281", "R-282", "R-287")
def test_a_person_registers_from_the_page_with_instructions_and_is_at_once_an_education_worker(school):
    browser = client_of(HOST)
    assert browser.get("/").url == "/login/?next=%2F"
    page = said(browser.get("/register/"))
    assert "Как зарегистрироваться" in page
    assert "Согласие на обработку персональных данных" in page
    assert browser.post("/register/", form(school.organization)).url == SENT
    assert "Вы в группе «Работник образования»" in said(browser.get(SENT))
    inside = client_of(HOST, "ryabova")
    home = said(inside.get("/"))
    assert "Рябова Татьяна Олеговна" in home
    assert "На проверке" in home
    assert "Работник образования" in home
    assert "ryabova" in said(inside.get("/account/"))
    assert roles("ryabova") == {("education_worker", "")}
    assert client_of(school.host).post("/login/", {"login": "ryabova", "password": PASSWORD}).status_code in (302, 422)


def test_the_group_gives_nothing_on_the_host_of_the_organization(school):
    register("mila", school.organization)
    browser = client_of(school.host, "mila")
    assert {browser.get(path).status_code for path in ("/", "/users/", "/audit/")} == {403}


@pytest.mark.proves("R-284")
def test_consent_is_given_at_registration_and_kept_word_for_word(school):
    browser = client_of(HOST)
    without = {name: value for name, value in form(school.organization).items() if name != "consent"}
    refused = browser.post("/register/", without)
    assert refused.status_code == 422
    assert "Без согласия зарегистрироваться нельзя" in said(refused)
    assert registrations() == []
    browser.post("/register/", form(school.organization))
    kept = registrations()[0]
    assert (kept.consent_version, kept.consent_text, kept.consent_form) == (
        consent.VERSION,
        consent.TEXT,
        Registration.ConsentForm.ELECTRONIC,
    )
    assert kept.consent_at is not None
    assert kept.email == "ryabova@example.org"


@pytest.mark.proves("R-288")
@pytest.mark.parametrize(
    "changes",
    [
        {"login": "another", "email": "new@example.org", "last_name": " РЯБОВА "},
        {"login": "another", "last_name": "Другая", "email": "RYABOVA@example.org"},
    ],
    ids=["same name and birth date", "same e-mail"],
)
def test_the_same_person_is_not_registered_twice_and_nothing_of_him_is_told(school, changes):
    browser = client_of(HOST)
    browser.post("/register/", form(school.organization))
    refused = browser.post("/register/", form(school.organization, **changes))
    text = said(refused)
    assert refused.status_code == 422
    assert "уже зарегистрирован" in text
    assert "войдите со своим логином" in text
    assert "Учитель, СОШ" not in text
    assert len(registrations()) == 1


def test_a_taken_login_is_told_only_after_sending_and_not_whose_it_is(school):
    refused = client_of(HOST).post("/register/", form(school.organization, login="anna"))
    assert refused.status_code == 422
    assert "Этот логин занят. Выберите другой." in said(refused)
    assert "Anna" not in said(refused)
    assert registrations() == []


def test_the_same_form_sent_twice_registers_once(school):
    browser, sent = client_of(HOST), form(school.organization)
    assert [browser.post("/register/", sent).url for _ in range(2)] == [SENT, SENT]
    assert len(registrations()) == 1
    assert len(claims("ryabova")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "12345", "repeated": "12345"}, "пароль"),
        ({"repeated": "иной-пароль-совсем"}, "Пароли не совпали"),
        ({"organization": ""}, "Организация не выбрана"),
        ({"organization": "other", "other_place": " "}, "Название пустое"),
        ({"organization": str(uuid.uuid4())}, "Такой организации в списке нет"),
        ({"organization": "' or 1=1"}, "Такой организации в списке нет"),
        ({"born_on": "01.01.2025"}, "Проверьте год"),
        ({"key": "junk"}, "UUID"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_registered(school, changes, words):
    answer = client_of(HOST).post("/register/", form(school.organization, **changes))
    assert answer.status_code == 422
    assert words.lower() in said(answer).lower()
    assert registrations() == []


def test_organizations_are_found_in_the_public_catalog_with_and_without_scripts(school, other_school):
    browser = client_of(HOST)
    found = said(browser.get("/register/organizations/", {"organization_query": "белореченск"}))
    assert "СОШ № 1" in found
    assert "СОШ № 2" not in found
    assert "Другая" in found
    page = browser.post("/register/", {"last_name": "Рябова", "organization_query": "абинск", "find": "1"})
    assert page.status_code == 200
    assert "СОШ № 2" in said(page)
    assert 'value="Рябова"' in said(page)
    assert "Ошибка" not in said(page)


def test_strangers_register_no_faster_than_people_do(school, settings):
    settings.THROTTLE_SCALE = 1
    settings.THROTTLES = {**dict.fromkeys(settings.THROTTLES, 1000), "register": 2}
    browser = client_of(HOST)
    codes = [browser.post("/register/", FORM, REMOTE_ADDR="198.51.100.7").status_code for _ in range(3)]
    assert codes == [422, 422, 429]
    assert browser.get("/register/", REMOTE_ADDR="198.51.100.7").status_code == 200


@pytest.mark.proves("R-281", "R-282", "R-288")
def test_who_already_signs_in_registers_from_his_account_without_another_login(school):
    browser = client_of(HOST, "teacher")
    assert browser.get("/register/").url == "/profile/new/"
    sent = {name: form(school.organization)[name] for name in ("born_on", "email", "position", "consent")}
    sent["organization"] = str(school.organization.pk)
    assert browser.post("/profile/new/", sent).url == "/"
    assert ("education_worker", "") in roles("teacher")
    assert ("teacher", "school-1") in roles("teacher")
    assert browser.get("/profile/new/").url == "/profile/"
    assert Account.objects.filter(last_name="Teacher").count() == 1


@pytest.mark.proves("R-272")
@pytest.mark.parametrize("role", ["director", "teacher"])
@pytest.mark.parametrize("org_type", [OrgType.SCHOOL, OrgType.VOCATIONAL_TRAINING])
def test_leaders_and_teachers_of_organizations_and_of_providers_get_in(school, role, org_type):
    school.organization.org_type = org_type
    hire(f"user-{role}", role, school.organization)
    assert client_of(HOST, f"user-{role}").get("/").status_code == 200


@pytest.mark.proves("R-285")
def test_the_responsible_worker_registers_a_worker_of_his_organization(school, other_school):
    hire("otvet", "training_responsible", school.organization)
    browser = client_of(HOST, "otvet")
    names = {name: FORM[name] for name in ("last_name", "first_name", "patronymic", "born_on", "email", "position")}
    sent = {**names, "login": "", "consent_on": "01.09.2026"}
    foreign = browser.post("/workers/new/", {**sent, "organization": str(other_school.organization.pk)})
    assert foreign.status_code == 422
    assert registrations() == []
    answer = browser.post("/workers/new/", {**sent, "organization": str(school.organization.pk)})
    assert answer.headers["Content-Type"] == "application/pdf", said(answer)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    password = PASSWORD_ON_SLIP.findall(text)[0]
    kept = registrations()[0]
    assert (kept.registered_by, kept.registered_by_other, kept.consent_form) == ("Otvet Тест", True, "paper")
    entered = client_of(HOST).post("/login/", {"login": kept.account.login, "password": password})
    assert entered.url == "/password/"
    register("chuzhoj", other_school.organization)
    listed = said(browser.get("/workers/"))
    assert "Рябова Татьяна Олеговна" in listed
    assert "Chuzhoj" not in listed
    again = browser.post("/workers/new/", {**sent, "organization": str(school.organization.pk)})
    assert again.status_code == 422
    assert "уже зарегистрирован" in said(again)


@pytest.mark.proves("R-285", "R-372")
def test_a_plain_worker_registers_nobody(school):
    register("mila", school.organization)
    browser = client_of(HOST, "mila")
    assert {browser.get(path).status_code for path in ("/workers/", "/workers/new/")} == {403}
