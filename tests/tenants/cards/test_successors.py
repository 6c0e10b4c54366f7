"""An address of a card that gave way in a merge leads to the card that stayed, for who may see that one."""

from __future__ import annotations

import pytest

from tenants.cards.merging import merge, undo_merge
from tenants.cards.successors import successor_of
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.staff.card import STAFF_CARD
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.staff import making


def student_pair() -> tuple[Student, Student]:
    return factories.student(last_name="Соколова"), factories.student(last_name="Соклова")


def guardian_pair() -> tuple[Guardian, Guardian]:
    child = factories.student()
    made = [Guardian.objects.create(last_name="Соколова", first_name=name) for name in ("Инна", "Ина")]
    for one in made:
        GuardianLink.objects.create(student=child, guardian=one, relation="mother")
    return made[0], made[1]


def staff_pair() -> tuple[object, object]:
    return making.member(last_name="Дубов"), making.member(last_name="Дуббов")


ROOMS = {
    "student": (STUDENT_CARD, student_pair, ("/students/{}/", "/students/{}/peek/")),
    "guardian": (GUARDIAN_CARD, guardian_pair, ("/guardians/{}/",)),
    "staff": (STAFF_CARD, staff_pair, ("/staff/{}/", "/staff/{}/peek/")),
}
COMMON = ("/cards/{kind}/{}/", "/cards/{kind}/{}/history/", "/cards/{kind}/{}/past/?on=01.09.2026")


@pytest.fixture(params=ROOMS)
def room(request, school):
    """Cards of each room: one that stayed, one that gave way, their addresses."""
    kind, pair, paths = ROOMS[request.param]
    with school.work():
        stays, goes = pair()
        batch = merge(kind=kind, stays=stays.pk, goes=goes.pk, taken=(), by="секретарь")
    addresses = [*paths, *(path.replace("{kind}", kind.code) for path in COMMON)]
    return kind, stays.pk, goes.pk, addresses, batch


@pytest.mark.proves("R-203")
def test_every_page_of_the_card_leads_on(school, room):
    _, stays, goes, addresses, _ = room
    client = client_of(school.host, "secretary")
    for path in addresses:
        answer = client.get(path.format(goes))
        assert answer.status_code == 302, path
        assert answer.headers["Location"] == path.format(stays), path
        assert client.get(path.format(stays)).status_code == 200, path


def test_a_query_travels_along(school, room):
    _, stays, goes, addresses, _ = room
    answer = client_of(school.host, "secretary").get(f"{addresses[0].format(goes)}?tab=moves")
    assert answer.headers["Location"] == f"{addresses[0].format(stays)}?tab=moves"


def test_in_another_organization_neither_card_exists(school, other_school, room):
    _, _, goes, addresses, _ = room
    client = client_of(other_school.host, "vera")
    for path in addresses:
        assert client.get(path.format(goes)).status_code in (403, 404), path


def test_who_may_not_see_the_card_that_stayed_is_told_of_none(school, room):
    """A teacher without these children has no way to learn that there was a merge."""
    _, _, goes, addresses, _ = room
    client = client_of(school.host, "teacher")
    for path in addresses:
        assert client.get(path.format(goes)).status_code in (403, 404), path


def test_a_merge_taken_back_leads_nowhere(school, room):
    kind, _, goes, addresses, batch = room
    with school.work():
        undo_merge(kind=kind, batch=batch, by="секретарь")
    assert client_of(school.host, "secretary").get(addresses[0].format(goes)).status_code == 200


def test_an_unknown_card_stays_unknown(school, room):
    *_, addresses, batch = room
    assert client_of(school.host, "secretary").get(addresses[0].format(batch.pk)).status_code == 404


def test_merge_after_merge_leads_to_the_last_card(school):
    with school.work():
        first, second, third = (factories.student(last_name=name) for name in ("Соколова", "Соклова", "Соколва"))
        merge(kind=STUDENT_CARD, stays=second.pk, goes=first.pk, taken=(), by="секретарь")
        merge(kind=STUDENT_CARD, stays=third.pk, goes=second.pk, taken=(), by="секретарь")
        assert successor_of(STUDENT_CARD, first.pk) == third.pk
        assert successor_of(STUDENT_CARD, third.pk) is None
    answer = client_of(school.host, "secretary").get(f"/students/{first.pk}/")
    assert answer.headers["Location"] == f"/students/{third.pk}/"
