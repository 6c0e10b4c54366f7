"""Rows of a card through ``/api/v1/cards/``: by the writers of the pages, nothing overwritten unseen, old rows kept."""

from __future__ import annotations

import dataclasses
import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.v1.cards import rows
from tenants.history.models import HistoryEvent
from tenants.staff.models import Certification, Diploma, StaffMember
from tests.api.v1.calls import blamed, post, problem
from tests.support import client_of
from tests.tenants.staff import making

DIPLOMA = {"institution": "КубГУ", "number": "107718", "issued_on": "2008-06-30"}


@pytest.fixture
def worker(school):
    with school.work():
        return making.member()


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def card_of(worker):
    return f"/api/v1/cards/staff/{worker.pk}/"


def educated(client, worker, **values):
    return post(client, f"{card_of(worker)}diplomas/", {"values": {**DIPLOMA, **values}})


def send(client, method, address, body, *, tag=None):
    headers = {"If-Match": tag} if tag else {}
    return getattr(client, method)(address, body, content_type="application/json", headers=headers)


def row_of(worker, made, section="diplomas"):
    return f"{card_of(worker)}{section}/{made.json()['id']}/"


@pytest.mark.proves("R-121", "R-183")
def test_a_row_is_added_with_its_document_and_stands_in_the_card(school, secretary, worker):
    tag = secretary.get(card_of(worker)).headers["ETag"]
    body = {"values": DIPLOMA, "basis": "Приказ № 7"}
    answer = post(secretary, f"{card_of(worker)}diplomas/", body)
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json()
    assert (made["section"], made["values"]["institution"], made["closed"]) == ("diplomas", "КубГУ", [])
    card = secretary.get(card_of(worker))
    assert card.json()["rows"]["diplomas"] == [{"id": made["id"], **made["values"]}]
    assert card.headers["ETag"] == answer.headers["ETag"] != tag
    with school.work():
        row = Diploma.objects.get()
        assert (str(row.pk), row.member_id, row.recorded_by) == (made["id"], worker.pk, "Secretary Тест")
        assert HistoryEvent.objects.filter(object_id=str(row.pk)).latest("id").reason == "Приказ № 7"


def test_the_writers_of_the_room_are_asked_and_an_explained_absence_is_forgotten(school, secretary, worker):
    with school.work():
        StaffMember.objects.filter(pk=worker.pk).update(absences={"certifications": "absent"})
    address = f"{card_of(worker)}certifications/"
    refused = problem(post(secretary, address, {"values": {"kind": "category"}}), 400)
    assert refused["errors"][0]["field"] == "kind"
    refused = problem(post(secretary, address, {"values": {"kind": "fitness"}}), 422)
    assert refused["code"] == "certification_unfinished"
    granted = {"kind": "first", "decided_on": "2026-05-01"}
    answer = post(secretary, address, {"values": granted})
    assert answer.status_code == 201, answer.content.decode()
    with school.work():
        member = StaffMember.objects.get(pk=worker.pk)
        assert (member.absences, member.qualification_categories) == ({}, ["first"])
        assert Certification.objects.get().recorded_by == "Secretary Тест"


def test_wrong_and_closed_values_are_named_and_no_row_is_written(school, secretary, worker):
    assert blamed(educated(secretary, worker, institution="", issued_on="2195-01-01")) == {"institution", "issued_on"}
    assert blamed(educated(secretary, worker, recorded_by="я", is_annulled=True)) == {"recorded_by", "is_annulled"}
    with school.work():
        assert not Diploma.objects.exists()


@pytest.mark.proves("R-183")
def test_a_row_is_corrected_by_its_named_fields_and_what_stood_there_is_kept(school, secretary, worker):
    made = educated(secretary, worker)
    body = {"values": {"number": "107719"}, "basis": "Удостоверение № 3"}
    answer = send(secretary, "patch", row_of(worker, made), body, tag=made.headers["ETag"])
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["values"]["institution"] == "КубГУ"
    with school.work():
        assert Diploma.objects.get().issued_on == datetime.date(2008, 6, 30)
        event = HistoryEvent.objects.filter(object_id=made.json()["id"], action="changed").get()
        assert (event.reason, event.changes["number"]) == ("Удостоверение № 3", ["107718", "107719"])


def test_a_row_read_before_somebody_changed_the_card_is_not_overwritten(school, secretary, worker):
    made = educated(secretary, worker)
    address, tag = row_of(worker, made), made.headers["ETag"]
    problem(send(secretary, "patch", address, {"values": {"number": "1"}}), 428)
    assert send(secretary, "patch", address, {"values": {"number": "2"}}, tag=tag).status_code == 200
    problem(send(secretary, "patch", address, {"values": {"number": "1"}}, tag=tag), 412)
    problem(send(secretary, "delete", address, {"reason": "чужая"}, tag=tag), 412)
    with school.work():
        assert Diploma.objects.get().number == "2"


def test_a_new_row_sent_twice_with_one_state_of_the_card_is_written_once(school, secretary, worker):
    tag = secretary.get(card_of(worker)).headers["ETag"]
    address, body = f"{card_of(worker)}diplomas/", {"values": DIPLOMA}
    assert send(secretary, "post", address, body, tag=tag).status_code == 201
    problem(send(secretary, "post", address, body, tag=tag), 412)
    with school.work():
        assert Diploma.objects.count() == 1


def test_a_row_somebody_changed_during_the_request_is_not_overwritten(school, secretary, worker, monkeypatch):
    made = educated(secretary, worker)
    monkeypatch.setattr(rows, "row_base", lambda row, fields: {"number": "0"})
    body = {"values": {"number": "1"}}
    problem(send(secretary, "patch", row_of(worker, made), body, tag=made.headers["ETag"]), 412)


def test_a_row_written_by_mistake_is_taken_away_with_a_reason_and_kept(school, secretary, worker):
    address = row_of(worker, educated(secretary, worker))
    silent = problem(send(secretary, "delete", address, {}), 400)
    assert silent["errors"] == [{"field": "reason", "message": "Напишите в reason, что записано неверно."}]
    gone = send(secretary, "delete", address, {"reason": "не тот человек"})
    assert (gone.status_code, gone.content) == (204, b"")
    assert gone.headers["ETag"] == secretary.get(card_of(worker)).headers["ETag"]
    problem(secretary.get(address), 404)
    problem(send(secretary, "delete", address, {"reason": "ещё раз"}), 404)
    with school.work():
        kept = Diploma.with_annulled.get()
        assert kept.is_annulled
        last = HistoryEvent.objects.filter(object_id=str(kept.pk)).latest("id")
        assert last.reason == "Записано по ошибке: не тот человек"


def test_a_row_of_a_section_that_keeps_every_row_is_not_taken_away(secretary, worker, monkeypatch):
    address, usual = row_of(worker, educated(secretary, worker)), rows.handler_of
    monkeypatch.setattr(rows, "handler_of", lambda *asked: dataclasses.replace(usual(*asked), withdraw=None))
    problem(send(secretary, "delete", address, {"reason": "чужой"}), 405)


def test_who_reads_a_card_reads_its_rows_and_writes_none(school, secretary, worker):
    address = row_of(worker, educated(secretary, worker))
    coordinator = client_of(school.host, "coordinator")
    tag = coordinator.get(address).headers["ETag"]
    listed = coordinator.get(f"{card_of(worker)}diplomas/").json()
    assert ([one["values"]["institution"] for one in listed["results"]], listed["next"]) == (["КубГУ"], None)
    problem(educated(coordinator, worker), 403)
    problem(send(coordinator, "patch", address, {"values": {"number": "1"}}, tag=tag), 403)
    problem(send(coordinator, "delete", address, {"reason": "моя"}), 403)


@pytest.mark.parametrize("login", ["teacher", "vera"])
def test_rows_of_a_card_out_of_reach_do_not_exist(school, other_school, secretary, worker, login):
    address = row_of(worker, educated(secretary, worker))
    client = client_of(other_school.host if login == "vera" else school.host, login)
    for known in (address, f"{card_of(worker)}diplomas/"):
        problem(client.get(known), 404)
    problem(educated(client, worker), 404)
    problem(send(client, "patch", address, {"values": {}}, tag='"1"'), 404)
    problem(send(client, "delete", address, {"reason": "моя"}), 404)


def test_only_sections_of_rows_and_rows_of_this_card_have_addresses(school, secretary, worker):
    with school.work():
        other = making.member()
    foreign = educated(secretary, other).json()["id"]
    tag = secretary.get(card_of(worker)).headers["ETag"]
    for section in ("identity", "nothing", "former_values"):
        problem(secretary.get(f"{card_of(worker)}{section}/"), 404)
        problem(post(secretary, f"{card_of(worker)}{section}/", {"values": {}}), 404)
    for key in (foreign, uuid.uuid4()):
        address = f"{card_of(worker)}diplomas/{key}/"
        problem(secretary.get(address), 404)
        problem(send(secretary, "patch", address, {"values": {}}, tag=tag), 404)
        problem(send(secretary, "delete", address, {"reason": "чужая"}), 404)
    problem(secretary.get(f"{card_of(worker)}trainings/{foreign}/"), 404)


def test_a_sealed_card_has_no_rows(school, secretary, worker):
    made = educated(secretary, worker)
    with school.work():
        StaffMember.objects.filter(pk=worker.pk).update(consent_withdrawn_on=datetime.date(2026, 10, 1))
    problem(secretary.get(row_of(worker, made)), 404)
    problem(educated(secretary, worker), 404)


def looks(school, worker):
    with school.work():
        found = HistoryEvent.objects.filter(object_id=str(worker.pk), action="revealed", facts__field="diplomas")
        return found.count()


@pytest.mark.proves("R-031")
def test_masked_values_of_a_row_are_closed_or_noted(school, secretary, worker, monkeypatch):
    made, usual = educated(secretary, worker), rows.section_of

    def masked(kind, code):
        known = usual(kind, code)
        fields = tuple(dataclasses.replace(one, is_masked=one.code == "number") for one in known.fields)
        return dataclasses.replace(known, fields=fields)

    monkeypatch.setattr(rows, "section_of", masked)
    closed = client_of(school.host, "coordinator").get(row_of(worker, made)).json()
    assert closed["closed"] == ["number"]
    assert "number" not in closed["values"]
    assert looks(school, worker) == 0
    assert "number" in secretary.get(row_of(worker, made)).json()["values"]
    assert looks(school, worker) == 1


def test_rows_in_any_number_cost_the_same_queries(secretary, worker):
    made = educated(secretary, worker)
    addresses = [card_of(worker), f"{card_of(worker)}diplomas/", row_of(worker, made)]
    few = [queries(secretary, address) for address in addresses]
    for number in range(5):
        assert educated(secretary, worker, number=str(number)).status_code == 201
    assert [queries(secretary, address) for address in addresses] == few


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
