"""Values from behind a mask leave with a note in the log, and never in a refusal."""

from __future__ import annotations

import datetime

import pytest

from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.history.models import HistoryEvent
from tenants.people.models import Student
from tests.support import appoint_to, client_of
from tests.tenants import factories
from tests.tenants.cards.pages import HTMX, base_in

ISSUED = "01.06.2015"


def looks(school) -> list[tuple[str, str]]:
    with school.work():
        found = HistoryEvent.objects.filter(action="revealed").order_by("id")
        return [(look.object_id, look.facts["field"]) for look in found]


@pytest.mark.proves("R-031")
def test_a_refused_form_gives_its_values_back_and_is_a_disclosure_too(school, child):
    client = client_of(school.host, "secretary")
    answer = client.post(f"/cards/student/{child.pk}/document/", {}, headers=HTMX)
    assert answer.status_code == 422
    assert base_in(answer.content.decode())
    assert looks(school) == [(str(child.pk), "document")]


@pytest.mark.proves("R-031")
def test_a_refused_merge_shows_both_cards_and_is_noted_for_both(school, child):
    with school.work():
        other = factories.student(last_name="Ёлкина")
    client = client_of(school.host, "secretary")
    answer = client.post(f"/cards/student/same/{child.pk}/{other.pk}/", {"reason": "д" * 201})
    assert answer.status_code == 422
    assert looks(school) == [(str(child.pk), "card"), (str(other.pk), "card")]


def test_a_card_without_closed_values_is_not_noted_when_compared(school, child):
    nothing = dict.fromkeys(("doc_type", "doc_series", "doc_number"), "")
    with school.work():
        other = factories.student(last_name="Ёлкина", **nothing)
    assert client_of(school.host, "secretary").get(f"/cards/student/same/{child.pk}/{other.pk}/").status_code == 200
    assert looks(school) == [(str(child.pk), "card")]


def test_a_refused_merge_quotes_closed_values_to_those_alone_who_see_them(school, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(doc_issued_on=datetime.date(2015, 6, 1))
        other = factories.student(last_name="Ёлкина", birth_date=datetime.date(2015, 7, 5))
        group = factories.group("5А")
        factories.enroll(other, into=group)
    with scopes.enter(scopes.of_accounts()):
        Account.objects.get(login="teacher").grants.update(role="class_teacher")
    appoint_to("teacher", group)
    address, choice = f"/cards/student/same/{child.pk}/{other.pk}/", {"keep_birth_date": "other"}
    with school.work():  # a second main place would be refused first
        factories.withdraw(other, day=datetime.date(2026, 9, 2))
    told = client_of(school.host, "secretary").post(address, choice)
    assert told.status_code == 422
    assert ISSUED in told.content.decode()
    with school.work():
        factories.enroll(other, into=group, day=datetime.date(2026, 9, 3))
    page = client_of(school.host, "teacher").post(address, choice)
    assert page.status_code == 422
    assert ISSUED not in page.content.decode()
    assert "расходится с закрытыми сведениями" in page.content.decode().replace("\u00a0", " ")
