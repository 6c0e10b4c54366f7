"""One asks, another decides. Source: R-053, R-179."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from shared.access.approvals import kinds
from shared.access.approvals.errors import AlreadyDecided, OwnRequest, RequestLapsed
from shared.access.approvals.models import Approval
from shared.access.approvals.queries import DecisionPlace
from shared.access.approvals.services import OneUse, Signer, ask, decide
from shared.tenancy import scopes
from tests.shared.access.support.test_races import at_once
from tests.support import client_of, connect

ANNA, OLGA = Signer("anna-id", "Анна"), Signer("olga-id", "Ольга")


@pytest.fixture
def done(monkeypatch):
    """A kind of these tests that remembers what was carried out."""
    carried_out: list[int] = []
    kind = kinds.Kind(
        "tests.probe", "Проба", "home.view", "approvals.decide", lambda approval: carried_out.append(approval.number)
    )
    monkeypatch.setitem(kinds._kinds, kind.code, kind)
    return kind, carried_out


def request_of(kind: kinds.Kind, place: DecisionPlace, same: str = "1", by: Signer = ANNA) -> Approval:
    with scopes.enter(scopes.of_accounts()):
        return ask(kind, place=place, by=by, subject="Проба", reason="нужно", arguments={}, same=[same])


def decide_as(by: Signer, approval: Approval, place: DecisionPlace, *, yes: bool = True) -> Approval:
    with scopes.enter(scopes.of_accounts()):
        return decide(approval_id=approval.pk, place=place, by=by, is_approved=yes, reason="")


@pytest.fixture
def place(school) -> DecisionPlace:
    return DecisionPlace(organization_id=school.organization.pk)


@pytest.mark.proves("R-179")
def test_what_was_asked_happens_only_by_another_persons_word(place, done):
    kind, carried_out = done
    approval = request_of(kind, place)
    with pytest.raises(OwnRequest, match="сделали вы сами"):
        decide_as(ANNA, approval, place)
    assert carried_out == []
    assert decide_as(OLGA, approval, place).decision == "approved"
    assert carried_out == [approval.number]
    with pytest.raises(AlreadyDecided, match="уже решён: разрешено"):
        decide_as(Signer("third", "Третий"), approval, place, yes=False)


def test_a_refusal_carries_out_nothing(place, done):
    kind, carried_out = done
    assert decide_as(OLGA, request_of(kind, place), place, yes=False).decision == "refused"
    assert carried_out == []


def test_the_same_request_waits_once_and_may_be_made_again_after_the_decision(place, done):
    kind, _ = done
    first = request_of(kind, place)
    assert request_of(kind, place).pk == first.pk
    assert request_of(kind, place, same="2").pk != first.pk
    decide_as(OLGA, first, place)
    assert request_of(kind, place).number > first.number


def test_an_undecided_request_lapses_after_seven_days(place, done):
    kind, carried_out = done
    approval = request_of(kind, place)
    assert approval.expires_at - approval.asked_at == datetime.timedelta(days=7)
    with scopes.enter(scopes.of_accounts()):
        Approval.objects.filter(pk=approval.pk).update(expires_at=timezone.now())
    with pytest.raises(RequestLapsed):
        decide_as(OLGA, approval, place)
    assert request_of(kind, place).pk != approval.pk
    assert carried_out == []


def test_the_database_refuses_the_asker_as_decider_whoever_writes(place, done):
    approval = request_of(done[0], place)
    with pytest.raises(IntegrityError, match="approval_two_people"), scopes.enter(scopes.of_accounts()):
        Approval.objects.filter(pk=approval.pk).update(
            decision="approved", decided_by=ANNA.actor, decided_at=timezone.now()
        )
    with pytest.raises(IntegrityError, match="approval_executed_after"), scopes.enter(scopes.of_accounts()):
        Approval.objects.filter(pk=approval.pk).update(executed_at=timezone.now())


def test_another_place_has_no_such_request(place, done, other_school):
    approval = request_of(done[0], place)
    elsewhere = DecisionPlace(organization_id=other_school.organization.pk)
    for other in (elsewhere, DecisionPlace(), DecisionPlace(authority_id=1)):
        with pytest.raises(Approval.DoesNotExist):
            decide_as(OLGA, approval, other)
    assert client_of(other_school.host, "vera").get(f"/approvals/{approval.pk}/").status_code == 404
    assert client_of("operator.localhost", "oleg").get(f"/approvals/{approval.pk}/").status_code == 404


def test_a_workspace_reads_its_own_requests_and_writes_none(school, other_school, place, done):
    request_of(done[0], place)
    with school.work():
        assert Approval.objects.count() == 1
    with other_school.work():
        assert Approval.objects.count() == 0
    with pytest.raises(DatabaseError, match="permission denied"), school.work():
        Approval.objects.update(decided_by="x")


@pytest.mark.proves("R-179")
def test_two_deciders_at_once_make_one_decision(committed, monkeypatch):
    carried_out: list[int] = []
    kind = kinds.Kind("tests.race", "Гонка", "", "", lambda approval: carried_out.append(approval.number))
    monkeypatch.setitem(kinds._kinds, kind.code, kind)
    place = DecisionPlace(organization_id=connect(f"race-{uuid.uuid4().hex[:8]}").organization.pk)
    for round_ in range(3):
        approval = request_of(kind, place, same=str(round_))
        outcomes = at_once(
            *(
                lambda pk=approval.pk, name=name, yes=yes: decide(
                    approval_id=pk, place=place, by=Signer(name, name), is_approved=yes, reason=""
                )
                for name, yes in (("first", True), ("second", False))
            )
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyDecided", "Approval"]
        with scopes.enter(scopes.of_accounts()):
            decision = Approval.objects.get(pk=approval.pk).decision
        assert (approval.number in carried_out) == (decision == "approved")


def test_an_allowed_list_taken_twice_at_once_is_taken_once(committed, monkeypatch):
    kind = kinds.Kind("tests.race", "Гонка", "", "")
    monkeypatch.setitem(kinds._kinds, kind.code, kind)
    place = DecisionPlace(organization_id=connect(f"race-{uuid.uuid4().hex[:8]}").organization.pk)
    approval = decide_as(OLGA, request_of(kind, place), place)
    since = timezone.now() - datetime.timedelta(hours=1)
    outcomes = at_once(*[OneUse(approval.pk, approval.number, since).pay] * 4)
    assert sorted(type(one).__name__ for one in outcomes) == ["AlreadyUsed"] * 3 + ["NoneType"]


def test_two_same_requests_at_once_are_one(committed, monkeypatch):
    kind = kinds.Kind("tests.race", "Гонка", "", "")
    monkeypatch.setitem(kinds._kinds, kind.code, kind)
    place = DecisionPlace(organization_id=connect(f"race-{uuid.uuid4().hex[:8]}").organization.pk)
    asked = at_once(
        *[lambda: ask(kind, place=place, by=ANNA, subject="Проба", reason="нужно", arguments={}, same=["1"])] * 3
    )
    assert len({one.pk for one in asked}) == 1
