"""Which cards are counted, what they lack, which are stale."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.cards.filling import due
from shared.quality.currency import CURRENCY
from tenants.cards.kinds import KINDS
from tenants.organization.models import OrganizationCard
from tenants.people.models import Student, StudentSpecial
from tenants.quality.cards import counted, sealed, side_tables
from tenants.quality.counting import Filling, counted_states, states_of
from tenants.quality.meter import is_stale_card
from tenants.staff.models import StaffMember
from tests.tenants import factories
from tests.tenants.quality.filling import age, learner, parent, whole
from tests.tenants.staff import making

STUDENT, GUARDIAN, STAFF, ORGANIZATION = (KINDS[code] for code in ("student", "guardian", "staff", "organization"))
TODAY = timezone.localdate()
YESTERDAY = TODAY - datetime.timedelta(days=1)


def filling(kind) -> Filling:
    return Filling.of(kind, states_of(kind, counted(kind, TODAY), TODAY))


@pytest.mark.proves("R-176", "R-177")
def test_only_those_who_learn_or_work_here_are_counted(school):
    with school.work():
        here, gone, waiting = learner(), learner(), factories.student()
        factories.withdraw(gone, day=TODAY - datetime.timedelta(days=3))
        mother = parent(here)
        parent(gone, "Ушедшая")
        parent(waiting, "Ждущая")
        without_consent = parent(here, "Безсогласия", consent_on=None, phone="+79000000009")
        works = making.member()
        left = making.member()
        StaffMember.objects.filter(pk=left.pk).update(
            dismissed_on=YESTERDAY, dismissal_order_no="1-к", dismissal_order_date=YESTERDAY
        )
        keys = {kind.code: {one.pk for one in counted(kind, TODAY)} for kind in (STUDENT, GUARDIAN, STAFF)}
        waiting_for_consent = {one.pk for one in sealed(GUARDIAN, TODAY)}
    assert keys == {"student": {here.pk}, "guardian": {mother.pk}, "staff": {works.pk}}
    assert waiting_for_consent == {without_consent.pk}


@pytest.mark.proves("R-203", "R-005")
def test_sums_count_what_lacks_what_is_explained_and_what_is_whole(school):
    with school.work():
        learner(patronymic="", absences={"patronymic": "absent"})
        learner(absences=whole(STUDENT))
        found = filling(STUDENT)
        assert (found.cards, found.whole, found.due) == (2, 1, 2 * due(STUDENT))
        first = next(one for one in found.states if one.lacking)
        assert "patronymic" not in first.lacking
        assert "phone" in first.lacking
        assert found.by_code["phone"] == 1
        assert found.lacking == len(first.lacking)
        assert found.percent == 100 * (found.due - found.lacking) // found.due
        assert {one.wanted.code for one in found.most_lacking(with_special=False)} < {
            one.wanted.code for one in found.most_lacking(with_special=True)
        }


@pytest.mark.proves("R-037", "R-049")
def test_a_card_grows_stale_and_a_confirmation_makes_it_current(school):
    with school.work():
        child = learner()
        mother = parent(child)
        assert filling(STUDENT).stale == 0
        age(child)
        age(mother)
        assert (filling(STUDENT).stale, filling(GUARDIAN).stale) == (1, 1)
        Student.objects.filter(pk=child.pk).update(confirmed_on=TODAY)
        assert (filling(STUDENT).stale, filling(GUARDIAN).stale) == (0, 1)


@pytest.mark.proves("R-037")
def test_a_change_of_the_special_facts_is_a_change_of_the_card(school):
    assert side_tables(STUDENT) == ["special"]
    with school.work():
        child = learner()
        age(child)
        StudentSpecial.objects.create(student=child, health_group="1", updated_by="медсестра")
        assert filling(STUDENT).stale == 0
        StudentSpecial.objects.update(updated_at=timezone.now() - datetime.timedelta(days=500))
        assert filling(STUDENT).stale == 1
        for one in counted(STUDENT, TODAY).select_related("special"):
            assert is_stale_card(STUDENT, one, TODAY)


@pytest.mark.proves("R-037", "R-082")
def test_the_organization_card_is_stale_until_it_is_confirmed_in_this_school_year(school):
    since = CURRENCY.fresh_since("organization", TODAY)
    with school.work():
        found = []
        for day in (None, since - datetime.timedelta(days=1), since):
            OrganizationCard.objects.update(confirmed_on=day)
            found.append(filling(ORGANIZATION).stale)
            assert is_stale_card(ORGANIZATION, OrganizationCard.objects.get(), TODAY) == bool(found[-1])
    assert found == [1, 1, 0]


def test_the_kept_query_counts_what_the_query_built_anew_counts(school, other_school):
    with other_school.work():
        learner()
        counted_states(STUDENT, TODAY)  # built here, used below
    with school.work():
        child = learner(patronymic="", absences={"patronymic": "absent"})
        parent(child)
        age(learner())
        making.member()
        for kind in KINDS.values():
            expected = states_of(kind, counted(kind, TODAY), TODAY)
            assert counted_states(kind, TODAY) == expected
            assert len(expected) == {"student": 2}.get(kind.code, 1)
        assert {one.is_stale for one in counted_states(STUDENT, TODAY)} == {True, False}


def test_the_kept_query_is_of_its_day(school):
    with school.work():
        child = learner()
        factories.withdraw(child, day=YESTERDAY)
        assert [one.key for one in counted_states(STUDENT, YESTERDAY - datetime.timedelta(days=1))] == [child.pk]
        assert counted_states(STUDENT, TODAY) == []
