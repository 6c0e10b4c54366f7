"""«Это разные люди» is remembered of a pair, can be taken back, and goes with the cards when they are merged."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction

from tenants.cards.merging import merge, undo_merge
from tenants.cards.models import DifferentPeople
from tenants.history.models import HistoryEvent
from tenants.people.card import STUDENT_CARD
from tenants.people.likeness import Described, learners_alike
from tenants.people.models import Student
from tests.support import client_of
from tests.tenants import factories

SAME = "/cards/student/same/"
BORN = datetime.date(2014, 2, 3)


@pytest.fixture
def twins(school) -> list[Student]:
    """Three cards of one birthday with names that differ in a letter."""
    with school.work():
        names = ("Полина", "Палина", "Пулина")
        return sorted(
            (factories.student(last_name="Соколова", first_name=name, sex="F", birth_date=BORN) for name in names),
            key=lambda one: one.pk,
        )


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def pairs(client) -> set[frozenset[object]]:
    return {frozenset((one.pk, other.pk)) for one, other, _ in client.get(SAME).context["lines"]}


def pair(one, other) -> frozenset[object]:
    return frozenset((one.pk, other.pk))


def tell(client, one, other):
    return client.post(f"{SAME}{one.pk}/{other.pk}/different/")


@pytest.mark.proves("R-203")
def test_a_pair_of_two_people_is_not_offered_again_and_who_said_so_is_kept(school, secretary, twins):
    one, other, third = twins
    assert pairs(secretary) == {pair(one, other), pair(one, third), pair(other, third)}
    answer = tell(secretary, other, one)
    assert answer.headers["Location"] == SAME
    assert pairs(secretary) == {pair(one, third), pair(other, third)}
    (line,) = secretary.get(f"{SAME}different/").context["lines"]
    told, first, second = line
    assert (told.told_by, first.pk, second.pk) == ("Secretary Тест", one.pk, other.pk)
    assert "Уже решено: это разные люди" in secretary.get(f"{SAME}{one.pk}/{other.pk}/").content.decode()
    with school.work():
        event = HistoryEvent.objects.get(object_kind="cards_differentpeople")
        assert (event.action, event.actor_name) == ("created", "Secretary Тест")


def test_taken_back_the_pair_is_offered_again_and_the_history_keeps_both(school, secretary, twins):
    one, other, _ = twins
    tell(secretary, one, other)
    with school.work():
        told = DifferentPeople.objects.get()
    assert secretary.post(f"{SAME}different/{told.pk}/back/").headers["Location"] == f"{SAME}different/"
    assert pair(one, other) in pairs(secretary)
    assert secretary.get(f"{SAME}different/").context["lines"] == []
    with school.work():
        acts = HistoryEvent.objects.filter(object_kind="cards_differentpeople").order_by("id")
        assert [event.action for event in acts] == ["created", "deleted"]


def test_something_surer_offers_the_pair_anew_and_it_may_be_said_again(school, secretary, twins):
    one, other, _ = twins
    tell(secretary, one, other)
    with school.work():
        Student.objects.filter(pk=other.pk).update(phone="+7 900 1112233")  # decides nothing
    assert pair(one, other) not in pairs(secretary)
    with school.work():
        Student.objects.filter(pk=other.pk).update(first_name=one.first_name)
    assert pair(one, other) in pairs(secretary)
    tell(secretary, one, other)
    assert pair(one, other) not in pairs(secretary)
    with school.work():
        assert DifferentPeople.objects.get().likeness == "те же имя и дата рождения"


def test_cards_with_nothing_in_common_are_not_remembered(school, secretary, twins):
    with school.work():
        stranger = factories.student(last_name="Кротов", birth_date=datetime.date(2012, 1, 1))
    page = secretary.post(f"{SAME}{twins[0].pk}/{stranger.pk}/different/", follow=True).content.decode()
    assert "и так не предлагаются" in page.replace("\u00a0", " ")
    with school.work():
        assert not DifferentPeople.objects.exists()


def test_a_pair_stands_once_in_one_order(school, twins):
    one, other, _ = twins
    facts = {"kind": "student", "likeness": "похожи", "weight": 60, "told_by": "С"}
    with school.work():
        DifferentPeople.objects.create(first_id=one.pk, second_id=other.pk, **facts)
        with pytest.raises(IntegrityError, match="differentpeople_once"), transaction.atomic():
            DifferentPeople.objects.create(first_id=one.pk, second_id=other.pk, **facts)
        with pytest.raises(IntegrityError, match="differentpeople_in_order"), transaction.atomic():
            DifferentPeople.objects.create(first_id=other.pk, second_id=one.pk, **facts)


def test_search_before_a_new_card_still_shows_everybody_alike(school, secretary, twins):
    one, other, _ = twins
    tell(secretary, one, other)
    with school.work():
        asked = Described(last_name="Соколова", first_name="Полина", birth_date=BORN)
        found = learners_alike(asked, among=Student.objects.known(), by_numbers=False)
    assert {alike.person.pk for alike in found} >= {one.pk, other.pk}


def test_only_who_may_write_both_cards_says_so_and_sees_it(school, other_school, secretary, twins):
    one, other, _ = twins
    tell(secretary, one, other)
    with school.work():
        told = DifferentPeople.objects.get()
    coordinator, stranger = client_of(school.host, "coordinator"), client_of(other_school.host, "vera")
    for person in (coordinator, stranger):
        assert tell(person, one, other).status_code in (403, 404)
        assert person.post(f"{SAME}different/{told.pk}/back/").status_code in (403, 404)
    assert coordinator.get(f"{SAME}different/").status_code == 403
    assert secretary.get(f"{SAME}{one.pk}/{one.pk}/different/").status_code == 405
    assert secretary.post(f"{SAME}{one.pk}/{one.pk}/different/").status_code == 404
    with school.work():
        assert DifferentPeople.objects.get() == told


def test_the_pages_ask_a_fixed_number_of_queries(school, secretary, django_assert_max_num_queries):
    with school.work():
        made = [factories.student(last_name="Двойников", birth_date=BORN, first_name=f"Пётр{n}") for n in range(6)]
    for other in made[1:]:
        tell(secretary, made[0], other)
    with django_assert_max_num_queries(25):
        assert len(secretary.get(f"{SAME}different/").context["lines"]) == 5
    with django_assert_max_num_queries(25):
        secretary.get(SAME)


def merged(school, stays, goes):
    return merge(kind=STUDENT_CARD, stays=stays.pk, goes=goes.pk, taken=(), by="секретарь")


def told_pairs() -> set[frozenset[object]]:
    return {frozenset((told.first_id, told.second_id)) for told in DifferentPeople.objects.all()}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_what_was_said_of_the_card_that_gives_way_is_said_of_the_one_that_stays(school, secretary, twins, order):
    stays, goes, third = (twins[number] for number in order)
    tell(secretary, goes, third)
    tell(secretary, stays, goes)
    with school.work():
        batch = merged(school, stays, goes)
        assert told_pairs() == {pair(stays, third)}
    assert pairs(secretary) == set()
    with school.work():
        undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь")
        assert told_pairs() == {pair(goes, third), pair(stays, goes)}
        assert set(DifferentPeople.objects.values_list("told_by", flat=True)) == {"Secretary Тест"}


def test_both_told_apart_from_a_third_are_one_pair_with_the_surer_word(school, secretary, twins):
    stays, goes, third = twins
    tell(secretary, stays, third)
    tell(secretary, goes, third)
    first, second = sorted((goes.pk, third.pk))
    with school.work():
        DifferentPeople.objects.filter(first_id=first, second_id=second).update(weight=90)
        batch = merged(school, stays, goes)
        assert told_pairs() == {pair(stays, third)}
        assert DifferentPeople.objects.get().weight == 90
        undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь")
        assert told_pairs() == {pair(stays, third), pair(goes, third)}


def test_a_pair_taken_back_after_a_merge_does_not_forbid_to_undo_it(school, secretary, twins):
    stays, goes, third = twins
    tell(secretary, goes, third)
    with school.work():
        batch = merged(school, stays, goes)
        told = DifferentPeople.objects.get()
    secretary.post(f"{SAME}different/{told.pk}/back/")
    with school.work():
        undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь")
        assert told_pairs() == set()
