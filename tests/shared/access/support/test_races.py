"""Two people at once, on committed data: the database decides, one of them hears no."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from shared.access.support.errors import CaseAlreadyOpen, CaseTaken, RowsSpent
from shared.access.support.models import SupportCase
from shared.access.support.services import Rows, close_case, open_case, take_case
from shared.kernel.rules import RuleViolation
from shared.tenancy import scopes
from tests.support import School, connect, person


@pytest.fixture
def place(committed) -> School:
    return connect(f"race-{uuid.uuid4().hex[:8]}")


def new_case(place: School, rows: int = 100) -> SupportCase:
    director = person(f"d-{uuid.uuid4().hex[:8]}", "director", school=place)
    with scopes.enter(scopes.of_accounts()):
        case = open_case(
            organization_id=place.organization.pk, opened_by=director.pk, question="Вопрос", hours=1, rows=rows
        )
    return reread(case)


def reread(case: SupportCase) -> SupportCase:
    with scopes.enter(scopes.of_accounts()):
        return SupportCase.objects.select_related("organization").get(pk=case.pk)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of the threads got: its result, or the refusal."""
    together = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        together.wait()
        try:
            with scopes.enter(scopes.of_accounts()):
                return act()
        except RuleViolation as violation:
            return violation
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_engineers_take_a_case_at_once_and_one_gets_it(place):
    for _ in range(3):
        case = new_case(place)
        engineers = [person(f"e-{uuid.uuid4().hex[:8]}", "operator") for _ in range(2)]
        outcomes = at_once(
            *(
                lambda case=case, engineer=engineer: take_case(
                    case=reread_here(case), engineer=engineer.pk, factor_passed=True
                )
                for engineer in engineers
            )
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["CaseTaken", "NoneType"]
        winner = engineers[outcomes.index(None)]
        assert reread(case).taken_by_id == winner.pk
        with scopes.enter(scopes.of_accounts()):
            close_case(case=case, closed_by=case.opened_by_id)


def reread_here(case: SupportCase) -> SupportCase:
    return SupportCase.objects.select_related("organization").get(pk=case.pk)


def test_two_cases_opened_at_once_are_one(place):
    directors = [person(f"d-{uuid.uuid4().hex[:8]}", "director", school=place) for _ in range(2)]
    outcomes = at_once(
        *(
            lambda one=one: open_case(
                organization_id=place.organization.pk, opened_by=one.pk, question="Вопрос", hours=1, rows=5
            )
            for one in directors
        )
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["CaseAlreadyOpen", "SupportCase"]
    assert CaseAlreadyOpen in map(type, outcomes)


@pytest.mark.proves("R-179")
def test_pages_asked_at_once_never_show_more_than_the_budget(place):
    case = new_case(place, rows=10)
    outcomes = at_once(*(Rows(case.pk, 4).pay for _ in range(6)))
    assert [type(one) for one in outcomes].count(RowsSpent) == 4
    assert reread(case).rows_seen == 8


def test_a_closing_and_a_page_at_once_leave_no_page_paid_after_the_closing(place):
    case = new_case(place)
    at_once(lambda: close_case(case=case, closed_by=case.opened_by_id), Rows(case.pk, 1).pay)
    seen = reread(case).rows_seen
    with pytest.raises(RuleViolation, match="организация его закрыла"), scopes.enter(scopes.of_accounts()):
        Rows(case.pk, 1).pay()
    assert reread(case).rows_seen == seen


def test_a_taken_case_is_refused_in_words(place):
    case = new_case(place)
    first, second = (person(f"e-{uuid.uuid4().hex[:8]}", "operator") for _ in range(2))
    with scopes.enter(scopes.of_accounts()):
        take_case(case=reread_here(case), engineer=first.pk, factor_passed=True)
    with pytest.raises(CaseTaken, match="другой инженер"), scopes.enter(scopes.of_accounts()):
        take_case(case=reread_here(case), engineer=second.pk, factor_passed=True)
    assert reread(case).ends_at - timezone.now() <= datetime.timedelta(hours=1)
