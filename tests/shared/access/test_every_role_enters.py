"""Everybody with an appointment comes to a page of his own, and the journal's users reach as far as the rules say."""

from __future__ import annotations

import pytest

from shared.access.rights import Reach, rights_of_role
from shared.access.roles import FAMILY_ROLES
from tests.architecture.holders import HOLDERS, Holder, engage, host_of
from tests.support import client_of


@pytest.mark.proves("R-033", "R-280")
@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: f"{holder.kind}-{holder.role}")
def test_an_appointed_person_gets_to_work_from_the_first_page(school, holder: Holder):
    engage(holder, school)
    client = client_of(host_of(holder.kind, school), holder.login)
    answer = client.get("/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == ([("/family/", 302)] if holder.role in FAMILY_ROLES else [])


@pytest.mark.proves("R-321")
@pytest.mark.parametrize(
    ("role", "right", "reach"),
    [
        ("deputy_uvr", "journal.read", Reach.ALL),
        ("director", "journal.read", Reach.ALL),
        ("teacher", "journal.marks", Reach.OWN),
        ("suppl_teacher", "attendance.edit", Reach.OWN),
        ("class_teacher", "journal.marks", Reach.GROUP),
        ("student", "journal.read", Reach.OWN),
        ("guardian", "journal.read", Reach.OWN),
    ],
)
def test_users_of_the_journal_reach_as_far_as_the_matrix_says(role, right, reach):
    assert rights_of_role(role, org_type="school")[right].reach == reach


@pytest.mark.parametrize("role", ["student", "guardian"])
def test_families_put_no_marks(role):
    held = rights_of_role(role, org_type="school")
    assert not {"journal.marks", "attendance.edit", "final_marks.edit"} & set(held)
