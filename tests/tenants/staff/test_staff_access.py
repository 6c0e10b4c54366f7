"""The account is part of hiring: made by the card, joined with it by a task, closed with the dismissal."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.services import give_role
from shared.accounts.models import Account, CredentialIssue
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from shared.tenancy import scopes
from tenants.staff import tasks
from tenants.staff.models import StaffMember
from tenants.staff.services import dismiss
from tests.shared.credentials.test_issuing import PASSWORD_ON_SLIP, sign_in, text_of
from tests.support import SINCE, appoint_to, client_of
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.staff.making import facts, member
from tests.tenants.staff.test_staff_pages import form_of, own, text

pytestmark = pytest.mark.proves("R-090", "R-364")


def do_wanted() -> None:
    for wish in TaskOutbox.objects.filter(name=tasks.link_staff_accounts.name):
        assert run_wanted(wish)


def test_hiring_leads_to_a_printed_login_with_the_role_of_the_position(school):
    account = employ("kadry", "coordinator", school)
    with scopes.enter(scopes.of_accounts()):
        give_role(account=account, role="secretary", organization_id=school.organization.pk, valid_from=SINCE)
    hr = client_of(school.host, "kadry")
    answer = hr.post("/staff/hire/", form_of(last_name="Новикова", main_position="librarian") | {"give_access": "1"})
    with school.work():
        one = StaffMember.objects.get(last_name="Новикова")
    assert answer["Location"] == f"/staff/access/{one.pk}/"
    page = hr.get(answer["Location"])
    assert [str(line.employee) for line in page.context["waiting"]] == [one.full_name]
    slips = text_of(hr.post("/staff/access/", {"member": [str(one.pk)]}))
    (password,) = PASSWORD_ON_SLIP.findall(slips)
    with scopes.enter(scopes.of_accounts()):
        account = Account.objects.get(last_name="Новикова")
        grant = account.grants.get()
        assert CredentialIssue.objects.filter(account=account).count() == 1
    assert (grant.role, grant.order_number) == ("librarian", "12-к")
    assert sign_in(school.host, account.login, password).status_code == 302
    do_wanted()
    with school.work():
        assert StaffMember.objects.get(pk=one.pk).account_id == account.pk
    assert "Доступ есть у всех" in text(hr.get("/staff/access/"))


def test_pressed_twice_it_makes_one_account(school):
    with school.work():
        one = member(last_name="Новикова")
    admin = client_of(school.host, "org_admin")
    for _ in range(2):
        assert admin.post("/staff/access/", {"member": [str(one.pk)]}).status_code in (200, 302)
    do_wanted()
    with scopes.enter(scopes.of_accounts()):
        assert Account.objects.filter(last_name="Новикова").count() == 1
        assert Account.objects.get(last_name="Новикова").grants.count() == 1


def test_an_account_of_the_same_name_here_is_joined_with_the_card_and_keeps_its_roles(school):
    with school.work():
        one = member(last_name="Teacher", first_name="Тест", patronymic="")
    admin = client_of(school.host, "org_admin")
    (line,) = admin.get("/staff/access/").context["waiting"]
    assert line.account.login == "teacher"
    assert admin.post("/staff/access/", {"member": [str(one.pk)]}).status_code == 302
    do_wanted()
    with school.work():
        assert StaffMember.objects.get(pk=one.pk).account_id == line.account.pk
    assert client_of(school.host, "teacher").get("/staff/me/")["Location"] == f"/staff/{one.pk}/"


def test_only_who_gives_roles_to_everybody_gives_access(school):
    with school.work():
        one = member()
        group = factories.group("5А")
    employ("klara", "class_teacher", school)
    appoint_to("klara", group)
    for login in ("klara", "secretary", "anna", "teacher"):
        client = client_of(school.host, login)
        assert client.get("/staff/access/").status_code == 403, login
        assert client.post("/staff/access/", {"member": [str(one.pk)]}).status_code == 403, login
    admin = client_of(school.host, "org_admin")
    assert "Никто не выбран" in text(admin.post("/staff/access/", {}))
    refused = admin.post("/staff/access/", {"member": [str(one.pk)], f"role-{one.pk}": "guardian"})
    assert refused.status_code == 422
    with scopes.enter(scopes.of_accounts()):
        assert not Account.objects.filter(last_name=one.last_name).exists()


def test_with_a_dismissal_the_roles_end_by_its_order(school):
    employ("pavlov", "teacher", school)
    with school.work():
        one = member(**facts(last_name="Павлов"))
    own(school, "pavlov", one)
    today = timezone.localdate()
    with school.work():
        gone = today - datetime.timedelta(days=2)
        dismiss(member=one, dismissed_on=gone, order_no="7-к", order_date=gone, by="секретарь")
    admin = client_of(school.host, "org_admin")
    assert "Уволены, доступ ещё открыт" in text(admin.get("/staff/access/"))
    assert admin.post("/staff/access/", {"end": str(one.pk)}).status_code == 302
    with scopes.enter(scopes.of_accounts()):
        grant = RoleGrant.objects.get(account__login="pavlov")
    assert (grant.valid_to, grant.end_order_number) == (today, "7-к")
    assert "Уволены" not in text(admin.get("/staff/access/"))


@pytest.mark.proves("R-182")
def test_the_card_shows_roles_by_orders_and_the_classes_taught(school):
    with school.work():
        one = member()
        group = factories.group("5А")
    own(school, "teacher", one)
    appoint_to("teacher", group)
    page = text(client_of(school.host, "secretary").get(f"/staff/{one.pk}/appointments/"))
    assert "Учитель" in page
    assert "Учебная деятельность: 5А" in page
    with school.work():
        other = member()
    assert "Доступа в систему нет" in text(client_of(school.host, "anna").get(f"/staff/{other.pk}/appointments/"))
