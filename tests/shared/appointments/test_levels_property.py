"""Whatever an organization decides and whatever the region forbids, nobody gets more than the ceilings allow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.access.rights import LEVELS, level_of, matrix, rights_of_role
from shared.access.roles import FAMILY_ROLES, ORGANIZATION_ROLES
from shared.appointments.matrix import Cell, offered

ROWS = st.sampled_from(sorted(matrix()))
ROLES = st.sampled_from(sorted(ORGANIZATION_ROLES))
DECIDED = st.sampled_from(["", *LEVELS])
TYPES = st.sampled_from(["school", "preschool", "supplementary"])


@given(role=ROLES, org_type=TYPES, changes=st.dictionaries(ROWS, DECIDED), ceilings=st.dictionaries(ROWS, DECIDED))
def test_no_role_ever_gets_more_than_a_ceiling(role, org_type, changes, ceilings):
    ceilings = {row: level for row, level in ceilings.items() if level}
    rights_of_role(role, org_type=org_type, changes=changes, ceilings=ceilings)
    for row in matrix().values():
        level = level_of(row, role, org_type, changes.get(row.code), ceilings.get(row.code))
        assert row.fits_under(level, ceilings.get(row.code))
        assert row.fits_under(level, row.ceiling.get(role))


@given(row=ROWS, role=ROLES, org_type=TYPES, decided=DECIDED, ceiling=st.sampled_from(list(LEVELS)))
def test_a_ceiling_takes_away_and_never_gives(row, role, org_type, decided, ceiling):
    row = matrix()[row]
    free = level_of(row, role, org_type, decided)
    assert row.fits_under(level_of(row, role, org_type, decided, ceiling), free)


@given(row=ROWS, role=st.sampled_from(sorted(FAMILY_ROLES)), org_type=TYPES)
def test_families_are_offered_beyond_the_default_only_what_is_their_own(row, role, org_type):
    cell = Cell(matrix()[row], role, org_type)
    for level in cell.choices:
        reaches = set(cell.row.gives(level).values())
        assert cell.row.fits_under(level, cell.default) or {reach.name for reach in reaches} <= {"OWN"}


def test_a_narrow_reach_is_offered_only_where_the_table_knows_it():
    assert offered("settings.edit") == ("F", "R", "-")
    assert offered("rights.manage") == ("F", "R", "-")
    assert set(offered("credentials.issue")) == {"F", "R", "C", "CR", "-"}
    assert "CR" in offered("student_list.read") or "C" in offered("student_list.read")
