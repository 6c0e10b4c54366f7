"""The approximate staffing pattern: warnings in words."""

from __future__ import annotations

import uuid

import pytest

from shared.access.roles import Role
from shared.appointments.groups import GroupChoice
from shared.appointments.staffing import Held, staffing_gaps

FIFTH, SIXTH = (GroupChoice(uuid.uuid4(), name, "class") for name in ("5А", "6Б"))


def held(role: str, *groups: GroupChoice) -> Held:
    return Held(uuid.uuid4(), role, frozenset(group.id for group in groups))


def mandatory(org_type, *appointments, groups=()):
    return [gap.text for gap in staffing_gaps(org_type, appointments, groups) if gap.is_mandatory]


@pytest.mark.proves("R-251")
def test_one_coordinator_one_administrator_and_a_teacher_of_every_class_are_enough():
    full = [held(Role.COORDINATOR), held(Role.ORG_ADMIN), held(Role.CLASS_TEACHER, FIFTH, SIXTH)]
    assert mandatory("school", *full, groups=[FIFTH, SIXTH]) == []


@pytest.mark.proves("R-251")
def test_what_is_missing_is_named():
    found = mandatory("school", held(Role.ORG_ADMIN), held(Role.ORG_ADMIN), groups=[FIFTH, SIXTH])
    assert found[0].startswith("Не назначен «Координатор»")
    assert found[1].startswith("«Администратор» — 2 человека")
    assert found[2] == "Классы без классного руководителя: 5А, 6Б."


def test_a_supplementary_organization_needs_no_coordinator():
    assert mandatory("supplementary", held(Role.ORG_ADMIN)) == []


def test_groups_of_a_kindergarten_want_an_educator_and_next_year_is_not_asked_yet():
    younger = GroupChoice(uuid.uuid4(), "Младшая", "preschool")
    later = GroupChoice(uuid.uuid4(), "Старшая", "preschool", is_current=False)
    both = [held(Role.COORDINATOR), held(Role.ORG_ADMIN)]
    assert mandatory("preschool", *both, groups=[younger, later]) == ["Группы без воспитателя: Младшая."]


def test_what_is_not_obligatory_is_said_after_and_apart():
    both = [held(Role.COORDINATOR), held(Role.ORG_ADMIN)]
    assert {gap.role for gap in staffing_gaps("school", both, []) if not gap.is_mandatory} == {
        Role.SECRETARY,
        Role.FORUM_MODERATOR,
        Role.PARENTS_COMMITTEE_REP,
    }
