"""``/api/v1/cards/``: the fields, rules and rights of the pages, in JSON; nobody's change is overwritten unseen."""

from __future__ import annotations

import datetime

import pytest

from tenants.history.models import HistoryEvent
from tests.support import client_of
from tests.tenants import factories

LIST = "/api/v1/cards/student/"
MASKED = {"snils", "doc_number", "registration_address", "phone", "email"}


@pytest.fixture
def learner(school):
    with school.work("anna"):
        student = factories.student(last_name="Ёлкин", snils="11223344595", phone="+7 918 123-45-67")
        factories.enroll(student, into=factories.group("5А"))
    return student


def _change(client, student, values, *, tag=None, **more):
    address = f"{LIST}{student.pk}/"
    tag = tag or client.get(address).headers["ETag"]
    body = {"values": values, **more}
    return client.patch(address, body, content_type="application/json", headers={"If-Match": tag})


@pytest.mark.proves("R-121", "R-164")
def test_a_secretary_changes_fields_with_their_document(school, learner):
    client = client_of(school.host, "secretary")
    answer = _change(client, learner, {"email": "elkin@example.ru", "home_pc": True}, basis="Заявление от 12.10.2026")
    assert answer.status_code == 200
    assert answer.json()["values"]["home_pc"] is True
    with school.work("anna"):
        learner.refresh_from_db()
        assert learner.email == "elkin@example.ru"
        last = HistoryEvent.objects.filter(object_id=str(learner.pk), action="changed").latest("id")
        assert last.reason == "Заявление от 12.10.2026"


def test_a_card_read_before_somebody_changed_it_is_not_overwritten(school, learner):
    client = client_of(school.host, "secretary")
    tag = client.get(f"{LIST}{learner.pk}/").headers["ETag"]
    assert _change(client, learner, {"home_pc": True}, tag=tag).status_code == 200
    late = _change(client, learner, {"home_pc": False}, tag=tag)
    assert late.status_code == 412
    assert "Карточку изменили" in late.json()["detail"]
    without = client.patch(f"{LIST}{learner.pk}/", {"values": {}}, content_type="application/json")
    assert without.status_code == 428


def test_wrong_values_are_refused_together_and_nothing_is_written(school, learner):
    answer = _change(
        client_of(school.host, "secretary"), learner, {"snils": "11223344596", "email": "почта", "home_pc": True}
    )
    assert answer.status_code == 400
    assert {one["field"] for one in answer.json()["errors"]} == {"snils", "email"}
    with school.work("anna"):
        learner.refresh_from_db()
        assert learner.home_pc is None


def test_rules_across_fields_hold_here_too(school, learner):
    wrong = {"doc_issued_on": "1999-01-01"}
    answer = _change(client_of(school.host, "secretary"), learner, wrong)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "doc_issued_on"


def test_a_list_never_opens_what_is_masked(school, learner):
    row = client_of(school.host, "secretary").get(LIST).json()["results"][0]
    assert set(row["closed"]) >= MASKED
    assert not MASKED & set(row["values"])


def test_who_may_not_see_documents_neither_reads_nor_writes_them(school, learner):
    client = client_of(school.host, "deputy_uvr")
    card = client.get(f"{LIST}{learner.pk}/").json()
    assert set(card["closed"]) >= MASKED
    assert "health_group" not in card["values"]
    assert _change(client, learner, {"home_pc": True}).status_code == 403


def test_an_unknown_special_or_derived_field_refuses_the_change(school, learner):
    for code in ("health_group", "enrolled_on", "is_annulled", "nonsense"):
        answer = _change(client_of(school.host, "secretary"), learner, {code: "1"})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == code


def test_reading_documents_is_recorded(school, learner):
    client_of(school.host, "secretary").get(f"{LIST}{learner.pk}/")
    with school.work("anna"):
        looks = HistoryEvent.objects.filter(object_id=str(learner.pk), action="revealed")
        assert looks.count() == 1


def test_a_card_of_another_organization_does_not_exist(school, other_school, learner):
    client = client_of(other_school.host, "vera")
    assert client.get(f"{LIST}{learner.pk}/").status_code == 404


def test_cards_are_found_by_what_they_lack_and_by_their_change(school, learner):
    client = client_of(school.host, "secretary")
    tomorrow = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()
    assert len(client.get(LIST, {"missing": "email"}).json()["results"]) == 1
    assert client.get(LIST, {"missing": "snils"}).json()["results"] == []
    assert client.get(LIST, {"missing": "nonsense"}).status_code == 400
    assert client.get(LIST, {"updated_since": tomorrow}).json()["results"] == []


def test_an_absence_is_explained_and_taken_back(school, learner):
    client = client_of(school.host, "secretary")
    explained = _change(client, learner, {}, absences={"email": "absent"}).json()
    assert explained["absences"] == {"email": "absent"}
    assert "email" not in explained["missing"]
    back = _change(client, learner, {}, absences={"email": ""}).json()
    assert "email" in back["missing"]
