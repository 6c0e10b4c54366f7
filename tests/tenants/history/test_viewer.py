"""The organization's log on the screen and in files: readable, masked, and «who looked at this child»."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.history.models import HistoryEvent
from tests.shared.audit.reading import appoint_officer
from tests.support import client_of
from tests.tenants import factories


def edit(place, child, reason: str = "", **values: object) -> None:
    """Anna changes a card."""
    scope = scopes.of_organization(place.organization.schema_name).by("id-of-anna", "request-7", "Анна Тест")
    with scopes.enter(scope):
        scopes.give_reason(reason)
        type(child).objects.filter(pk=child.pk).update(**values)


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(last_name="Смотримый", phone="+7 900 111-22-33", citizenship="RUS")
        factories.enroll(one, into=factories.group("5А"))
        return one


def lines(page, **wanted):
    found = page.context["lines"]
    return [line for line in found if all(getattr(line.event, name) == value for name, value in wanted.items())]


@pytest.mark.proves("R-032", "R-204")
def test_a_change_reads_as_field_old_and_new_with_who_when_why_and_the_request(school, child):
    edit(school, child, "Заявление № 5", citizenship="ARM")
    page = client_of(school.host, "anna").get("/audit/")
    (line,) = lines(page, action="changed", object_id=str(child.pk))
    assert [change.text for change in line.changes] == ["«Гражданство»: RUS → ARM"]
    assert (line.who, line.what, line.title) == ("Анна Тест", "Обучающийся", str(child))
    text = page.content.decode()
    assert "изменено поле «Гражданство»" in text
    assert "Заявление №\u00a05" in text
    assert "request-7" in text


@pytest.mark.proves("R-031")
def test_special_facts_stay_masked_and_documents_open_only_to_who_may_see_them(school, child):
    edit(school, child, phone="+7 900 444-55-66", health_limits=True)
    for login, phones in (("anna", 1), ("coordinator", 0)):
        page = client_of(school.host, login).get("/audit/")
        (line,) = lines(page, action="changed", object_id=str(child.pk))
        hidden = {change.label: change.is_hidden for change in line.changes}
        assert hidden == {"Телефон": not phones, "ОВЗ": True}
        assert ("+7 900 444-55-66" in page.content.decode()) is bool(phones)
        assert "нет → да" not in page.content.decode()


@pytest.mark.proves("R-053")
def test_a_file_of_the_log_masks_what_files_mask_and_is_recorded_itself(school, child):
    edit(school, child, phone="+7 900 444-55-66")
    anna = client_of(school.host, "anna")
    book = openpyxl.load_workbook(io.BytesIO(anna.get("/audit/export.xlsx").content))
    text = str(list(book.active.iter_rows(values_only=True)))
    assert "«Телефон»: скрыто" in text
    assert "444-55-66" not in text
    assert anna.get("/audit/export.pdf").content.startswith(b"%PDF")
    with school.work():
        assert HistoryEvent.objects.filter(action="exported").count() == 2


@pytest.mark.proves("R-031")
def test_reading_documents_in_the_log_is_a_look_itself(school, child):
    edit(school, child, phone="+7 900 444-55-66")
    client_of(school.host, "anna").get("/audit/")
    with school.work():
        event = HistoryEvent.objects.filter(action="list_viewed", object_kind="history").get()
    assert event.rows >= 1


def test_filters_narrow_by_period_action_kind_and_person(school, child):
    edit(school, child, citizenship="ARM")
    anna = client_of(school.host, "anna")
    assert {line.event.action for line in anna.get("/audit/?action=changed").context["lines"]} == {"changed"}
    assert {line.event.object_kind for line in anna.get("/audit/?kind=groups_group").context["lines"]} == {
        "groups_group"
    }
    assert {line.event.actor for line in anna.get("/audit/?actor=id-of-anna").context["lines"]} == {"id-of-anna"}
    last_year = datetime.date(2020, 1, 1)
    assert anna.get(f"/audit/?since={last_year}&until={last_year}").context["lines"] == []
    assert "Ничего не нашли" in anna.get("/audit/?action=printed").content.decode()


def test_the_search_finds_reasons_and_people_and_stands_in_no_address(school, child):
    edit(school, child, "Решение суда № 12", citizenship="ARM")
    anna = client_of(school.host, "anna")
    for text in ("решение суда", "анна т"):
        answer = anna.post("/audit/", {"q": text})
        assert "%D1" not in answer.headers["Location"]
        (line,) = anna.get(answer.headers["Location"]).context["lines"]
        assert line.event.object_id == str(child.pk)


def test_pages_follow_each_other_by_key(school):
    with school.work():
        for number in range(60):
            factories.group(f"{number % 12 + 1}{'АБВГД'[number // 12]}")
    anna = client_of(school.host, "anna")
    first = anna.get("/audit/?kind=groups_group")
    keys = [line.event.pk for line in first.context["lines"]]
    assert len(keys) == 50
    second = anna.get(f"/audit/?kind=groups_group&before={first.context['earlier']}")
    rest = [line.event.pk for line in second.context["lines"]]
    assert (len(rest), second.context["earlier"]) == (10, None)
    assert keys + rest == sorted({*keys, *rest}, reverse=True)


def test_the_log_costs_the_same_for_one_record_and_for_a_page_of_them(school):
    anna = client_of(school.host, "anna")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            anna.get("/audit/?kind=people_student")
        return len(queries)

    with school.work():
        factories.student()
    one = cost()
    with school.work():
        for _ in range(30):
            factories.student()
    assert cost() == one


@pytest.mark.proves("R-031")
def test_who_looked_at_a_child_is_listed_with_looks_changes_and_lists(school, child):
    anna = client_of(school.host, "anna")
    anna.post(f"/cards/student/{child.pk}/reveal/phone/")
    anna.get("/movement/export.xlsx")
    edit(school, child, citizenship="ARM")
    page = anna.get(f"/audit/student/{child.pk}/")
    (look,) = [line for line in page.context["lines"] if line.event.action == "revealed"]
    assert "поле: «Телефон»" in look.facts
    assert [(one.action, one.path, one.times) for one in page.context["lists"]] == [
        ("Выгрузка", "/movement/export.xlsx", 1)
    ]
    changes = anna.get(f"/audit/student/{child.pk}/?show=changes").context["lines"]
    kinds = {line.event.object_kind for line in changes}
    assert {"people_student", "orders_enrollment", "orders_orderrow"} <= kinds
    paper = anna.get(f"/audit/student/{child.pk}/looks.pdf")
    assert paper.content.startswith(b"%PDF")


def test_that_somebody_asked_who_looked_is_recorded_too(school, child):
    client_of(school.host, "anna").get(f"/audit/student/{child.pk}/")
    with school.work():
        event = HistoryEvent.objects.get(action="viewed", object_kind="history")
    assert event.object_id == str(child.pk)


def test_the_card_leads_to_who_looked_for_those_who_may_ask(school, child):
    address = f"/audit/student/{child.pk}/"
    assert address in client_of(school.host, "anna").get(f"/students/{child.pk}/").content.decode()
    secretary = client_of(school.host, "secretary")
    assert address not in secretary.get(f"/students/{child.pk}/").content.decode()
    assert secretary.get(address).status_code == 403


def test_the_second_tab_shows_entering_and_appointments_of_this_organization(school, other_school):
    client_of(other_school.host, "vera")
    page = client_of(school.host, "anna").get("/audit/access/")
    assert page.context["lines"][0].action == "Вход"
    assert "Vera" not in page.content.decode()
    assert client_of(school.host, "anna").get("/audit/access/export.xlsx").status_code == 200


@pytest.mark.proves("R-179")
def test_the_operator_reads_of_a_change_of_an_account_and_not_its_values(school):
    oleg = Account.objects.get(login="oleg")
    with scopes.enter(scopes.of_accounts().by("admin")):
        Account.objects.filter(pk=oleg.pk).update(last_name="Переименованный")
    page = client_of("operator.localhost", "oleg").get("/audit/?action=changed")
    changes = [change for line in page.context["lines"] for change in line.changes]
    assert "«Фамилия»: скрыто" in [change.text for change in changes]
    assert "Переименованный" not in str(changes)


def test_an_authority_and_the_operator_read_their_own_log(school):
    appoint_officer("boris", "mun_admin", "office-03608000")
    for host, login in (("municipality.localhost", "boris"), ("operator.localhost", "oleg")):
        page = client_of(host, login).get("/audit/")
        assert page.status_code == 200
        assert "Вход" in {line.action for line in page.context["lines"]}
