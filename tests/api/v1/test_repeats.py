"""``Idempotency-Key``: a request that is sent again makes nothing a second time. Source: ARCHITECTURE 8."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from api.v1 import repeats
from api.v1.models import AcceptedWrite
from api.v1.repeats import forget_old
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, Student
from tenants.staff.models import Diploma, StaffMember
from tests.api.v1.calls import post, problem
from tests.support import client_of, connect, person
from tests.tenants.appointing import employ
from tests.tenants.staff import making

STUDENTS, GUARDIANS = "/api/v1/cards/student/", "/api/v1/cards/guardian/"
CHILD = {"last_name": "Кольцов", "first_name": "Артём", "birth_date": "2015-02-01", "sex": "M"}
# Nothing but the key keeps this child from being made twice: a namesake of himself is another child.
BODY = {"values": CHILD, "consent_on": "2026-08-20", "is_namesake": True}
KEY = "0b0cbf8e-5b53-4d2a-9a0f-3a8f8c1d7a11"


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def keyed(client, address, body, key=KEY, **headers):
    return client.post(address, body, content_type="application/json", headers={"Idempotency-Key": key, **headers})


def kept() -> list[AcceptedWrite]:
    return list(AcceptedWrite.objects.all())


def test_without_a_key_the_same_request_makes_another_child_and_with_one_it_does_not(school, secretary):
    assert post(secretary, STUDENTS, BODY).json()["id"] != post(secretary, STUDENTS, BODY).json()["id"]
    first, again = keyed(secretary, STUDENTS, BODY), keyed(secretary, STUDENTS, dict(reversed(BODY.items())))
    assert (first.status_code, again.status_code) == (201, 201), again.content.decode()
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    with school.work():
        assert Student.objects.count() == 3


def test_a_repeat_shows_the_card_as_it_is_now_and_is_a_look_like_any_other(school, secretary):
    body = {**BODY, "values": {**CHILD, "snils": "11223344595"}}
    made = keyed(secretary, STUDENTS, body).json()["id"]
    with school.work():
        Student.objects.filter(pk=made).update(first_name="Олег")
        looks = HistoryEvent.objects.filter(object_id=made, action="revealed").count()
    assert keyed(secretary, STUDENTS, body).json()["values"]["first_name"] == "Олег"
    with school.work():
        assert HistoryEvent.objects.filter(object_id=made, action="revealed").count() > looks


def test_the_key_of_another_body_or_address_is_refused_in_words(school, secretary):
    assert keyed(secretary, STUDENTS, BODY).status_code == 201
    refused = problem(keyed(secretary, STUDENTS, {**BODY, "values": {**CHILD, "first_name": "Олег"}}), 422)
    assert refused["code"] == "idempotency_key_reused"
    assert "вы уже присылали другой запрос" in refused["detail"]
    with school.work():
        child = Student.objects.get()
    guardian = {"student": str(child.pk), "relation": "mother", "values": {"last_name": "К", "first_name": "О"}}
    assert problem(keyed(secretary, GUARDIANS, guardian), 422)["code"] == "idempotency_key_reused"
    with school.work():
        assert not Guardian.objects.exists()


@pytest.mark.parametrize("key", ["", "1234567", "ключ-ключ-ключ", "с пробелом 12345", "a" * 201])
def test_a_key_that_cannot_be_ones_own_is_refused(school, secretary, key):
    assert problem(keyed(secretary, STUDENTS, BODY, key=key), 422)["code"] == "idempotency_key_malformed"
    with school.work():
        assert not Student.objects.exists()


def test_a_refused_request_takes_its_key_back(school, secretary):
    namesake = {**BODY, "is_namesake": False}
    assert post(secretary, STUDENTS, BODY).status_code == 201
    problem(keyed(secretary, STUDENTS, namesake), 409)
    with school.work():
        assert not kept()
        Student.objects.update(last_name="Другой", sort_name="другой")
    assert keyed(secretary, STUDENTS, namesake).status_code == 201


def test_another_person_and_another_organization_have_keys_of_their_own(school, other_school, secretary):
    first = keyed(secretary, STUDENTS, BODY).json()["id"]
    employ("second-secretary", "secretary", school)
    employ("their-secretary", "secretary", other_school)
    for one in (school, other_school):
        login = "second-secretary" if one is school else "their-secretary"
        assert keyed(client_of(one.host, login), STUDENTS, BODY).json()["id"] != first
    with school.work():
        assert len(kept()) == 2
    with other_school.work():
        assert len(kept()) == 1


def test_a_repeat_asks_for_the_rights_of_now(school, secretary):
    made = keyed(secretary, STUDENTS, BODY).json()["id"]
    with school.work():
        Student.objects.filter(pk=made).update(is_annulled=True)
    refused = problem(keyed(secretary, STUDENTS, BODY), 422)
    assert (refused["code"], refused["facts"]["made"]) == ("made_and_gone", made)
    problem(keyed(client_of(school.host, "teacher"), STUDENTS, BODY), 403)


def test_a_row_is_added_once_though_the_card_it_was_read_from_has_changed(school, secretary):
    with school.work():
        member = making.member()
    card = f"/api/v1/cards/staff/{member.pk}/"
    tag = secretary.get(card).headers["ETag"]
    body = {"values": {"institution": "КубГУ", "number": "107718", "issued_on": "2008-06-30"}}
    first = keyed(secretary, f"{card}diplomas/", body, **{"If-Match": tag})
    again = keyed(secretary, f"{card}diplomas/", body, **{"If-Match": tag})
    assert (first.status_code, again.status_code) == (201, 201), again.content.decode()
    assert (first.json(), first.headers["ETag"]) == (again.json(), again.headers["ETag"])
    problem(keyed(secretary, f"{card}diplomas/", body, key="another-key", **{"If-Match": tag}), 412)
    with school.work():
        assert (Diploma.objects.count(), StaffMember.objects.count()) == (1, 1)


def test_nothing_of_the_request_stands_in_the_public_table(school, secretary):
    keyed(secretary, STUDENTS, BODY, key="koltsov-artem-01.02.2015")
    with school.work():
        (row,) = AcceptedWrite.objects.values()
        assert "koltsov" not in str(row)
        assert {name for name, value in row.items() if isinstance(value, str)} == {"key_digest", "request_digest"}


def test_an_organization_reaches_its_own_keys_alone_and_may_not_take_them_back(school, other_school, secretary):
    keyed(secretary, STUDENTS, BODY)
    with other_school.work():
        assert not kept()
    with school.work():
        for change in (
            lambda: AcceptedWrite.objects.all().delete(),
            lambda: AcceptedWrite.objects.update(at=timezone.now()),
            lambda: AcceptedWrite.objects.create(
                organization_id=other_school.organization.pk, account_id=uuid.uuid4(), key_digest="1"
            ),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_keys_are_kept_for_a_day(school, secretary, monkeypatch):
    keyed(secretary, STUDENTS, BODY)
    forget_old()
    with school.work():
        assert kept()
    tomorrow = timezone.now() + datetime.timedelta(hours=24, minutes=1)
    monkeypatch.setattr(repeats.timezone, "now", lambda: tomorrow)
    forget_old()
    with school.work():
        assert not kept()


def test_two_equal_requests_at_once_make_one_child(committed):
    slug = f"repeats-{uuid.uuid4().hex[:6]}"
    school = connect(slug)
    person(f"{slug}-secretary", "secretary", school=school)
    clients = [client_of(school.host, f"{slug}-secretary") for _ in range(4)]
    start, answers = threading.Barrier(len(clients)), []

    def send(client) -> None:
        try:
            start.wait(timeout=10)
            answers.append(keyed(client, STUDENTS, BODY))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [one.status_code for one in answers] == [201] * len(clients)
    assert len({one.json()["id"] for one in answers}) == 1
    assert sum("Idempotent-Replayed" in one.headers for one in answers) == len(clients) - 1
    with school.work():
        assert Student.objects.count() == 1
