"""An organization changes its table of rights: dated, by an order or a reason, under the ceilings."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections
from django.utils import timezone

from shared.access.models import RightCeiling, RightChange
from shared.access.rights import matrix
from shared.access.roles import Role
from shared.appointments import errors
from shared.appointments.deciding import Basis, decide_rights, exceeding, lift_ceiling, plan, set_ceiling
from shared.appointments.matrix import sheet_of
from shared.tenancy import scopes
from tests.shared.appointments.conftest import decider
from tests.support import connect

DAY = datetime.timedelta(days=1)
LISTS, NURSE, TEACHER = "student_list.read", Role.NURSE, Role.TEACHER
SPECIAL = ("student.special.read", Role.CLASS_TEACHER)


@pytest.fixture
def asked(school, accounts, today):
    """``asked(wanted, …)``: the arguments of a decision of school 1."""

    def make(wanted, by=None, **basis):
        facts = {"valid_from": today, "order_number": "41", "order_date": today, **basis}
        return {
            "organization_id": school.organization.pk,
            "org_type": school.organization.org_type,
            "wanted": wanted,
            "basis": Basis(**facts),
            "by": by or decider("org_admin"),
        }

    return make


def level(school, key, day):
    sheet = sheet_of(school.organization.pk, school.organization.org_type, day)
    return next(cell for cell in sheet.of_row(matrix()[key[0]]) if cell.role == key[1]).level


@pytest.mark.proves("R-063", "R-098")
def test_a_change_counts_from_its_day_and_the_return_is_another_decision(school, asked, today):
    key = (LISTS, NURSE)
    decide_rights(**asked({key: "-"}))
    assert level(school, key, today) == "-"
    decide_rights(**asked({key: ""}, valid_from=today + 5 * DAY))
    assert [level(school, key, day) for day in (today + 4 * DAY, today + 5 * DAY)] == ["-", "R"]
    assert [one.level for one in RightChange.objects.order_by("valid_from")] == ["-", ""]


def test_after_a_change_for_a_time_the_earlier_decision_goes_on(school, asked, today):
    key = (LISTS, TEACHER)
    decide_rights(**asked({key: "C"}))
    decide_rights(**asked({key: "-"}, valid_from=today + 2 * DAY, valid_to=today + 4 * DAY, order_number="42"))
    found = [level(school, key, today + days * DAY) for days in range(6)]
    assert found == ["C", "C", "-", "-", "C", "C"]
    last = RightChange.objects.get(valid_to=None)
    assert (last.level, last.order_number) == ("C", "41")


def test_a_change_sets_later_decisions_aside_and_the_preview_says_so(school, asked, today):
    key = (LISTS, TEACHER)
    decide_rights(**asked({key: "-"}, valid_from=today + 9 * DAY))
    wanted = asked({key: "C"}, order_number="42")
    (planned,) = plan(**wanted)
    assert [one.level for one in planned.set_aside] == ["-"]
    decide_rights(**wanted)
    assert level(school, key, today + 10 * DAY) == "C"


def test_the_same_day_may_be_decided_again(school, asked, today):
    key = (LISTS, NURSE)
    for chosen in ("-", "R", "-"):
        decide_rights(**asked({key: chosen}))
        assert level(school, key, today) == chosen


def test_several_cells_change_together_or_not_at_all(school, asked, today):
    with pytest.raises(errors.LevelNotPossible):
        decide_rights(**asked({(LISTS, NURSE): "-", ("student_identity.read", TEACHER): "R"}))
    assert RightChange.objects.count() == 0


def test_the_past_is_not_rewritten_and_a_change_says_why(asked, today):
    with pytest.raises(errors.RightsBackdated):
        plan(**asked({(LISTS, NURSE): "-"}, valid_from=today - DAY))
    with pytest.raises(errors.BasisWanted):
        plan(**asked({(LISTS, NURSE): "-"}, order_number="", order_date=None))
    assert plan(**asked({(LISTS, NURSE): "-"}, order_number="", order_date=None, reason="протокол"))


@pytest.mark.parametrize("key", [("nothing", NURSE), (LISTS, Role.OPERATOR)])
def test_a_cell_that_is_not_in_the_table_is_refused(asked, key):
    with pytest.raises(errors.CellUnknown):
        plan(**asked({key: "-"}))


def test_parents_do_not_get_the_lists_of_a_school(asked):
    with pytest.raises(errors.LevelNotPossible):
        plan(**asked({(LISTS, Role.GUARDIAN): "R"}))


@pytest.mark.proves("R-060")
def test_special_fields_are_widened_by_the_head_alone_and_by_an_order(school, asked, today):
    with pytest.raises(errors.RightNotYours):
        plan(**asked({SPECIAL: "C"}))
    head = decider("anna", may_manage=False, may_decide=True)
    with pytest.raises(errors.HeadOrderWanted):
        plan(**asked({SPECIAL: "C"}, head, order_number="", order_date=None, reason="так удобно"))
    decide_rights(**asked({SPECIAL: "C"}, head))
    assert level(school, SPECIAL, today) in ("C", "CR")
    decide_rights(**asked({SPECIAL: ""}))  # whoever manages rights may narrow them
    assert level(school, SPECIAL, today) == "-"


def test_the_right_to_decide_is_not_given_away(asked):
    for role in (Role.ORG_ADMIN, Role.EMPLOYEE):
        with pytest.raises((errors.LevelNotPossible, errors.RightNotYours)):
            plan(**asked({("rights.decide", role): "F"}))


def test_the_head_without_the_whole_right_changes_no_ordinary_cell(asked):
    head = decider("anna", may_manage=False, may_decide=True)
    with pytest.raises(errors.RightNotYours):
        plan(**asked({(LISTS, NURSE): "-"}, head))


def test_a_ceiling_of_the_region_takes_away_at_once_and_gives_back(school, asked, today):
    key = (LISTS, NURSE)
    about = {"region_id": school.organization.region_id, "row": LISTS, "role": NURSE, "level": "-"}
    decide_rights(**asked({key: "R"}))
    assert exceeding(**about, day=today) == 1
    ceiling = set_ceiling(**about, act="приказ министерства № 7", set_by="Марина")
    assert level(school, key, today) == "-"
    with pytest.raises(errors.LevelNotPossible, match="приказ министерства № 7"):
        plan(**asked({key: "R"}))
    with pytest.raises(errors.CeilingKnown):
        set_ceiling(**about, act="ещё раз", set_by="Марина")
    lift_ceiling(ceiling=RightCeiling.objects.get(pk=ceiling.pk), act="приказ № 8")
    assert level(school, key, today) == "R"


def test_two_administrators_at_once_get_one_decision_and_one_sentence(committed):
    """Real transactions: both looked at a cell nobody had changed yet."""
    school = connect("school-rights-race")
    today, barrier, said = timezone.localdate(), threading.Barrier(2), []

    def decide(level: str) -> None:
        try:
            with scopes.enter(scopes.of_accounts()):
                barrier.wait()
                decide_rights(
                    organization_id=school.organization.pk,
                    org_type="school",
                    wanted={(LISTS, NURSE): level},
                    basis=Basis(valid_from=today, reason="проверка"),
                    by=decider(),
                )
        except errors.RightsChangedMeanwhile as refusal:
            said.append(str(refusal))
        finally:
            connections.close_all()

    people = [threading.Thread(target=decide, args=[level]) for level in ("-", "R")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    open_ones = RightChange.objects.using("owner").filter(organization=school.organization, valid_to=None)
    assert open_ones.count() == 1
    assert len(said) <= 1
    assert len(said) + RightChange.objects.using("owner").filter(organization=school.organization).count() == 2
