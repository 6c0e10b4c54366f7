"""A list of many people leaves only after a second person agreed, once. Source: R-053, R-179."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shared.access.approvals.models import Approval
from shared.access.models import RoleGrant
from shared.access.services import give_role
from shared.tenancy import scopes
from tests.support import SINCE, client_of
from tests.tenants import factories

LIST = "/students/export/?status=active"


@pytest.fixture(autouse=True)
def learners(school, settings):
    settings.BULK_EXPORT_PERSONS = 2
    with school.work():
        factories.enroll(*[factories.student() for _ in range(3)], into=factories.group("5А"))
        factories.enroll(factories.student(), into=factories.group("6Б"))


@pytest.fixture
def address() -> str:
    return reverse("people:export", urlconf="config.urls.organization") + "?status=active"


def asked_by(client, address: str, reason: str = "сверка с бумажной книгой") -> Approval:
    page = client.get(address)
    assert page.status_code == 403
    answer = client.post("/approvals/ask/", {"sealed": page.context["form"].initial["sealed"], "reason": reason})
    assert answer.status_code == 302, answer.content.decode()
    with scopes.enter(scopes.of_accounts()):
        return Approval.objects.get(pk=answer.url.split("/")[-2])


def rows_in(answer) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return sum(1 for row in sheet.iter_rows(values_only=True) if row[0] and str(row[0]).isdigit())


@pytest.mark.proves("R-053", "R-179")
def test_a_long_list_is_taken_once_after_another_person_allowed_it(school, address):
    secretary, anna = client_of(school.host, "secretary"), client_of(school.host, "anna")
    page = secretary.get(address)
    assert page.status_code == 403
    assert "Нужна вторая подпись" in page.content.decode()
    assert "Соколов" not in page.content.decode()
    approval = asked_by(secretary, address)
    waiting = secretary.get(address).content.decode()
    assert f"№ {approval.number}" in waiting.replace("\xa0", " ")

    assert "разрешит или отклонит другой" in secretary.get(f"/approvals/{approval.pk}/").content.decode()
    detail = anna.get(f"/approvals/{approval.pk}/").content.decode()
    assert "сверка с бумажной книгой" in detail
    done = anna.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved", "reason": ""})
    assert done.status_code == 302

    assert "Скачать список" in secretary.get(f"/approvals/{approval.pk}/").content.decode()
    assert "Скачать список" not in anna.get(f"/approvals/{approval.pk}/").content.decode()
    assert anna.get(address).status_code == 403, "the decider has asked for nothing"
    file = secretary.get(address)
    assert file.status_code == 200
    assert rows_in(file) == 4
    assert secretary.get(address).status_code == 403, "once"


def test_nobody_decides_his_own_request(school, address):
    anna = client_of(school.host, "anna")
    approval = asked_by(anna, address)
    refused = anna.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved"})
    assert refused.status_code == 422
    assert "сделали вы сами" in refused.content.decode()
    assert anna.get(address).status_code == 403


def test_a_refusal_needs_its_reason(school, address):
    approval = asked_by(client_of(school.host, "secretary"), address)
    anna = client_of(school.host, "anna")
    silent = anna.post(f"/approvals/{approval.pk}/decide/", {"decision": "refused", "reason": ""})
    assert silent.status_code == 422
    assert "почему отказано" in silent.content.decode()
    anna.post(f"/approvals/{approval.pk}/decide/", {"decision": "refused", "reason": "не нужно"})
    seen = client_of(school.host, "secretary").get(f"/approvals/{approval.pk}/").content.decode()
    assert "не нужно" in seen


def test_a_role_without_the_right_to_read_requests_sees_its_own_and_decides_none(school, address):
    deputy = client_of(school.host, "deputy_uvr")
    approval = asked_by(deputy, address)
    assert deputy.get("/approvals/").status_code == 403
    assert deputy.get(f"/approvals/{approval.pk}/").status_code == 200
    assert deputy.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved"}).status_code == 403
    other = asked_by(client_of(school.host, "secretary"), address)
    assert deputy.get(f"/approvals/{other.pk}/").status_code == 404


def test_an_approval_is_for_one_list_one_day_and_about_that_many_people(school, address):
    secretary, anna = client_of(school.host, "secretary"), client_of(school.host, "anna")
    approval = asked_by(secretary, address)
    anna.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved"})
    assert secretary.get(address.replace("active", "")).status_code == 403, "another list"
    with scopes.enter(scopes.of_accounts()):
        Approval.objects.update(decided_at=timezone.now() - datetime.timedelta(hours=25))
    assert secretary.get(address).status_code == 403, "the day is over"
    with scopes.enter(scopes.of_accounts()):
        Approval.objects.update(decided_at=timezone.now(), arguments={"address": address, "rows": 3})
    assert secretary.get(address).status_code == 403, "the list has grown by a third"


def test_short_lists_and_tables_of_counts_need_nobody(school, address, settings):
    secretary = client_of(school.host, "secretary")
    settings.BULK_EXPORT_PERSONS = 4
    assert secretary.get(address).status_code == 200
    settings.BULK_EXPORT_PERSONS = 1
    assert secretary.get(reverse("groups:export", urlconf="config.urls.organization")).status_code == 200


def test_what_is_asked_for_is_sealed_to_its_asker(school, address):
    page = client_of(school.host, "secretary").get(address)
    sealed = page.context["form"].initial["sealed"]
    thief = client_of(school.host, "anna").post("/approvals/ask/", {"sealed": sealed, "reason": "x"})
    assert thief.status_code == 422
    forged = client_of(school.host, "anna").post("/approvals/ask/", {"sealed": sealed[:-2] + "aa", "reason": "x"})
    assert forged.status_code == 422
    assert "устарел" in forged.content.decode()


def test_the_list_of_requests_is_a_page_and_a_file_with_a_steady_number_of_queries(school, address):
    for login in ("secretary", "deputy_uvr"):
        asked_by(client_of(school.host, login), address)
    anna = client_of(school.host, "anna")
    with CaptureQueriesContext(connection) as two:
        page = anna.get("/approvals/").content.decode()
    assert "4\xa0строки" in page
    asked_by(client_of(school.host, "org_admin"), address)
    with CaptureQueriesContext(connection) as three:
        anna.get("/approvals/")
    assert len(three) == len(two)
    sheet = openpyxl.load_workbook(io.BytesIO(anna.get("/approvals/list.xlsx").content)).active
    assert "Secretary Тест" in {cell for row in sheet.iter_rows(values_only=True) for cell in row}


def test_every_workspace_that_decides_has_the_page(school):
    with scopes.enter(scopes.of_accounts()):
        for login, role in (("boris", "mun_admin"), ("marina", "ministry_head")):
            held = RoleGrant.objects.filter(account__login=login).first()
            give_role(account=held.account, role=role, authority_id=held.authority_id, valid_from=SINCE)
    for host, login in (("operator", "oleg"), ("municipality", "boris"), ("region", "marina")):
        page = client_of(f"{host}.localhost", login).get("/approvals/")
        assert "Ничего не ждёт решения" in page.content.decode(), host
