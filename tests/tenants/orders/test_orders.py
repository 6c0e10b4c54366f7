"""An order drafts, takes force, is annulled; the database refuses what may not be, in words."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections

from shared.tenancy import scopes
from tenants.handup.projector import settle
from tenants.orders.errors import (
    AlreadyEnrolled,
    DayBeforeEnrollment,
    GroupFull,
    LaterFacts,
    NotEnrolled,
    OrderEmpty,
    OrderNotDraft,
    OrderNumberTaken,
    StudentInOrder,
)
from tenants.orders.models import Enrollment, Order
from tenants.orders.services import (
    add_departure_row,
    add_enrollment_row,
    annul_order,
    discard_draft,
    draft_order,
    sign_order,
    suggested_number,
)
from tests.support import connect
from tests.tenants import factories

pytestmark = pytest.mark.proves("R-070", "R-092")

D = datetime.date
FIRST = D(2026, 9, 1)


def draft(*students, number="7-у", into=None):
    order = draft_order(kind="enrollment", number=number, issued_on=FIRST, drafted_by="секретарь")
    for one in students:
        add_enrollment_row(
            order=order,
            student=one,
            group=into or factories.group(),
            movement_type="enroll_other",
            effective_on=FIRST,
        )
    return order


def test_a_second_open_basic_place_is_refused_in_words(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group("5А"))
        with pytest.raises(AlreadyEnrolled, match=r"уже числится .*\(5А\)"):
            sign_order(order=draft(child, into=factories.group("6Б")), signed_by="директор")
        assert child.enrollments.count() == 1


def test_a_supplementary_place_beside_the_basic_one_is_welcome(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group("5А"))
        factories.enroll(child, into=factories.group("Шахматы", kind="club"))
        assert child.enrollments.on(FIRST).count() == 2


def test_a_full_class_refuses(school):
    with school.work():
        full = factories.group("1А")
        full.places = 1
        full.save()
        factories.enroll(factories.student(), into=full)
        with pytest.raises(GroupFull, match="1А нет свободных мест"):
            factories.enroll(factories.student(), into=full)


def test_an_order_is_signed_once_and_not_empty(school):
    with school.work():
        with pytest.raises(OrderEmpty):
            sign_order(order=draft(number="1"), signed_by="директор")
        order = sign_order(order=draft(factories.student(), number="2"), signed_by="директор")
        with pytest.raises(OrderNotDraft, match="подписан"):
            sign_order(order=order, signed_by="директор")


def test_one_number_a_day_and_kind(school):
    with school.work():
        draft(number="5-у")
        with pytest.raises(OrderNumberTaken, match=r"№ 5-у от 01.09.2026"):
            draft(number="5-у")


def test_one_child_stands_in_an_order_once(school):
    with school.work():
        child = factories.student()
        with pytest.raises(StudentInOrder):
            draft(child, child)


def test_departure_on_the_day_of_enrollment_is_refused(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group())
        with pytest.raises(DayBeforeEnrollment, match=r"01.09.2026"):
            factories.withdraw(child, day=FIRST)


def test_a_place_is_left_once(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group())
        place = child.enrollments.get()
        factories.withdraw(child, day=D(2026, 10, 1))
        place.refresh_from_db()
        order = draft_order(kind="departure", number="9-в", issued_on=D(2026, 10, 2), drafted_by="с")
        with pytest.raises(NotEnrolled):
            add_departure_row(order=order, enrollment=place, movement_type="leave_move", effective_on=D(2026, 10, 5))


def test_an_enrollment_with_a_later_departure_cannot_be_annulled(school):
    with school.work():
        child = factories.student()
        order = factories.enroll(child, into=factories.group())
        factories.withdraw(child, day=D(2026, 10, 1), number="8-в")
        with pytest.raises(LaterFacts, match="8-в"):
            annul_order(order=order, annulled_by="директор", reason="ошибка")


def test_a_departure_after_which_the_child_came_back_cannot_be_annulled(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group())
        departure = factories.withdraw(child, day=D(2026, 10, 1))
        factories.enroll(child, into=factories.group(), day=D(2026, 11, 1))
        with pytest.raises(LaterFacts, match="зачислен снова"):
            annul_order(order=departure, annulled_by="директор", reason="ошибка")


def test_an_annulled_number_may_be_used_again(school):
    with school.work():
        order = factories.enroll(factories.student(), into=factories.group(), number="3-у")
        annul_order(order=order, annulled_by="директор", reason="ошибка")
        assert draft(number="3-у").status == Order.Status.DRAFT
        assert not Enrollment.objects.on(FIRST).exists()


def test_a_draft_can_be_thrown_away(school):
    with school.work():
        order = draft(factories.student())
        discard_draft(order=order)
        assert not Order.objects.exists()


def test_numbers_are_suggested_in_turn(school):
    with school.work():
        assert suggested_number("enrollment", FIRST) == "1-у"
        draft(number="12-у")
        assert suggested_number("enrollment", FIRST) == "13-у"


def test_two_clerks_racing_for_one_child_get_one_place_and_one_sentence(committed):
    school = connect("race-orders")
    with school.work():
        child = factories.student()
        orders = [draft(child, number=f"{n}", into=factories.group(f"{n}А")) for n in (1, 2)]
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def press(order: Order) -> None:
        try:
            with school.work():
                barrier.wait()
                sign_order(order=order, signed_by="директор")
            outcomes.append("подписан")
        except AlreadyEnrolled as refusal:
            outcomes.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome == "подписан" for outcome in outcomes) == [False, True]
    assert any("уже числится" in outcome for outcome in outcomes)
    settle(school.organization)
    with scopes.enter(scopes.of_organization(school.organization.schema_name)):
        assert Enrollment.objects.on(FIRST).count() == 1
