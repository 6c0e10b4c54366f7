"""What a request did beside changing rows stands in the log before anybody sees the answer. Source: R-031, R-053."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from shared.accounts.models import Account
from shared.audit import middleware
from tenants.history.models import HistoryEvent
from tests.shared.audit.reading import seen_by_authority, seen_by_operator, seen_by_school
from tests.support import client_of
from tests.tenants import factories

SNILS = "11223344595"
SHOWN = "112-233-445 95"


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(snils=SNILS)
        factories.enroll(one, into=factories.group("5А"))
        return one


def reveal(client: Client, child):
    return client.post(f"/cards/student/{child.pk}/reveal/snils/")


def noted(place, **wanted) -> list[HistoryEvent]:
    with place.work():
        return list(HistoryEvent.objects.exclude(action__in=("created", "changed", "deleted")).filter(**wanted))


@pytest.mark.proves("R-031", "R-053")
def test_a_look_behind_a_mask_names_who_when_what_and_by_which_request(school, child):
    answer = reveal(client_of(school.host, "anna"), child)
    assert answer.content.decode() == SHOWN
    (event,) = noted(school, action="revealed")
    anna = Account.objects.get(login="anna")
    assert (event.actor, event.actor_name) == (str(anna.pk), anna.full_name)
    assert event.request_id == answer.headers["X-Request-ID"]
    assert (event.object_kind, event.object_id) == ("student", str(child.pk))
    assert event.facts["field"] == "snils"


@pytest.mark.proves("R-031")
def test_a_value_whose_record_could_not_be_written_is_not_shown(school, child, monkeypatch):
    def refuses(*args: object) -> None:
        raise RuntimeError("the log does not answer")

    anna = client_of(school.host, "anna")
    anna.raise_request_exception = False
    monkeypatch.setattr(middleware, "note_in_organization", refuses)
    answer = reveal(anna, child)
    assert answer.status_code == 500
    assert SHOWN not in answer.content.decode()


@pytest.mark.proves("R-031")
def test_a_look_that_was_refused_is_not_recorded_as_a_look(school, child):
    assert reveal(client_of(school.host, "teacher"), child).status_code in (403, 404)
    assert noted(school, action="revealed") == []


@pytest.mark.proves("R-053")
def test_a_file_that_left_is_recorded_with_its_rows(school, child):
    assert client_of(school.host, "anna").get("/movement/export.xlsx").status_code == 200
    (event,) = noted(school, action="exported")
    assert event.rows >= 1
    assert event.facts["path"] == "/movement/export.xlsx"


def test_the_log_never_holds_the_value_itself(school, child):
    reveal(client_of(school.host, "anna"), child)
    (event,) = noted(school, action="revealed")
    assert SNILS not in str(vars(event))
    assert SHOWN not in str(vars(event))


@pytest.mark.proves("R-031", "R-053")
def test_a_look_from_above_stands_in_the_log_of_the_organization_and_of_the_authority(school, child):
    boris = client_of("municipality.localhost", "boris")
    boris.post("/purpose/", {"purpose": "contingent", "basis": "план № 3", "next": "/"})
    page = boris.get(f"/organizations/{school.organization.slug}/learners/")
    assert page.status_code == 200
    (below,) = noted(school, action="list_viewed")
    above = next(event for event in seen_by_authority("office-03608000") if event.action == "list_viewed")
    for event in (below, above):
        assert event.actor_name == Account.objects.get(login="boris").full_name
        assert event.request_id == page.headers["X-Request-ID"]
        assert "план № 3" in event.reason
    assert "Управление образования" in below.facts["authority"]
    assert above.facts["organization"] == str(school.organization.pk)
    assert [event for event in seen_by_school(school) if event.action == "list_viewed"] == []
    assert [event for event in seen_by_operator() if event.action == "list_viewed"] == []


def test_a_support_session_says_its_case():
    engineer = SimpleNamespace(support_case=SimpleNamespace(id="case-7"))
    assert middleware._standing_facts(engineer) == {"support_case": "case-7"}
    assert middleware._standing_facts(SimpleNamespace(support_case=None)) == {}


@pytest.mark.proves("R-038")
def test_entering_and_leaving_are_recorded_with_the_place(school, other_school):
    anna = client_of(school.host, "anna")
    anna.post("/logout/")
    entered, left = seen_by_school(school)[-2:]
    assert (entered.action, left.action) == ("signed_in", "signed_out")
    assert {entered.actor, entered.object_id, left.actor} == {str(Account.objects.get(login="anna").pk)}
    assert entered.actor_name
    assert [event for event in seen_by_school(other_school) if event.action.startswith("sign")] == []


def test_a_failed_try_is_recorded_without_the_login_that_was_typed(school):
    stranger = Client(headers={"host": school.host})
    for login in ("anna", "nobody-at-all"):
        stranger.post("/login/", {"login": login, "password": "wrong"})
    known, unknown = [event for event in seen_by_school(school) if event.action == "sign_in_failed"]
    assert known.object_id == str(Account.objects.get(login="anna").pk)
    assert unknown.object_id == ""
    assert "nobody-at-all" not in str([vars(known), vars(unknown)])
    assert (known.actor, unknown.actor) == ("", "")


def test_the_record_of_a_sign_in_above_belongs_to_the_authority(school):
    client_of("municipality.localhost", "boris")
    entering = [event.action for event in seen_by_authority("office-03608000")]
    assert entering[-2:] == ["signed_in", "second_factor_passed"]
    assert [event for event in seen_by_operator() if event.action == "signed_in" and event.authority_id] == []
    client_of("operator.localhost", "oleg")
    assert "signed_in" in {event.action for event in seen_by_operator()}
