"""No page of an organization shows an engineer more people than he pays for, and none changes anything.

Every address is asked, so a new page that shows people and does not say so fails here. Source: R-031, R-179.
"""

from __future__ import annotations

import pytest

from shared.access.support.inside import support_rights
from tenants.history.models import HistoryEvent
from tenants.people.models import Student
from tests.architecture.addresses import addresses_of
from tests.shared.access.support.visits import current, visit
from tests.tenants import factories


@pytest.fixture
def objects(school) -> dict[str, str]:
    """One object of each kind by the name its address uses; and six learners with names of their own."""
    with school.work():
        learners = [factories.student(last_name=f"Узнаваемый{letter}") for letter in "абвгде"]
        order = factories.enroll(*learners, into=factories.group("7Б"))
        factories.withdraw(learners[0], day=factories.FIRST.replace(day=20))
        return {
            "student_id": str(learners[1].pk),
            "pk": str(learners[1].pk),
            "group_id": str(order.rows.first().group_id),
            "order_id": str(order.pk),
        }


def shown(content: str) -> int:
    """How many of the learners a page names."""
    return sum(f"Узнаваемый{letter}" in content for letter in "абвгде")


@pytest.mark.proves("R-031", "R-179")
def test_no_page_shows_more_people_than_it_costs_and_none_changes_anything(school, objects):
    case, oleg = visit(school, rows=5000)
    with school.work():
        before = HistoryEvent.objects.filter(action__in=["created", "changed", "deleted"]).count()
    opened = set()
    for address in addresses_of("organization"):
        for method in ("get", "post"):
            if address.access.is_public:
                continue
            paid = current(school).rows_seen
            path = address.path(objects)
            data = {"q": "Узнаваемый"} if method == "post" else {"day": "2026-09-25", "from": "01.09.2026"}
            answer = getattr(oleg, method)(path, data)
            assert answer.status_code < 500, f"{method} {path}"
            spent = current(school).rows_seen - paid
            seen = shown(answer.content.decode(errors="replace"))
            assert spent >= seen, f"{method} {path}: {seen} people for {spent}"
            if answer.status_code in (200, 422):
                assert address.access.capability in support_rights(), path
                opened.add(path)
    assert {"/students/", f"/students/{objects['student_id']}/", f"/groups/{objects['group_id']}/"} <= opened
    assert f"/orders/{objects['order_id']}/" in opened
    paid = current(school).rows_seen
    with school.work():
        assert HistoryEvent.objects.filter(action__in=["created", "changed", "deleted"]).count() == before
        assert Student.objects.filter(last_name__startswith="Узнаваемый").count() == 6
        looks = HistoryEvent.objects.filter(facts__support_case=str(case.number))
        assert {one.facts["path"] for one in looks if "path" in one.facts} >= opened
        assert sum(one.rows for one in looks) == paid
