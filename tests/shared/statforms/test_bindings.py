"""Bindings as data: how filters compose and what a binding may not say."""

import datetime
from typing import Any

import pytest

from shared.statforms.bindings import Measure, drill, parse_bindings
from shared.statforms.catalog import CellAddress
from shared.statforms.conditions import Condition, merge_filters, parse_filters, unmet
from shared.statforms.errors import BindingInvalid
from tests.shared.statforms.shipped import BINDINGS, SHIPPED

DAY = datetime.date(2026, 9, 20)


def bound(**section: Any) -> dict[str, Any]:
    content = {"measure": "enrollments", "rows": {"701": {}}, "columns": {"3": {}}, **section}
    return {"form": "85-К", "edition": "2024", "sections": {"7": content}}


@pytest.mark.parametrize(
    "broken",
    [
        bound(rows={"799": {}}),
        bound(columns={"99": {}}),
        bound(measure="souls"),
        bound(rows={"701": {"measure": "enrollments"}}, columns={"3": {"measure": "groups"}}),
        bound(where={"shoe_size": "40"}),
        bound(measure="groups", where={"sex": "F"}),
        bound(where={"health_limits": True}),
        bound(where={"sex": ["F", True]}),
        bound(where={"sex": "F"}, rows={"701": {"where": {"sex": "M"}}}),
        bound(age_on="birthday"),
        bound(where={"age": {"above": 3}}),
        bound(measure="persons", where={"direction": ["art", "sport"]}),
        bound(colour="red"),
        {**bound(), "edition": "1999"},
    ],
)
def test_a_binding_that_cannot_be_meant_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(BindingInvalid):
        parse_bindings(broken, SHIPPED["85-К"])


def test_row_column_and_section_filters_hold_together() -> None:
    filters = merge_filters(
        parse_filters({"sex": "F", "age": {"from": 3}}, where=""),
        parse_filters({"age": {"to": 5}, "citizenship": {"not": ["RUS"]}}, where=""),
    )
    assert filters["age"].listed == ("3", "4", "5")
    assert unmet(filters, {"sex": "F", "age": "4", "citizenship": "BLR"}) == frozenset()
    assert unmet(filters, {"sex": "F", "age": "10", "citizenship": "BLR"}) is None
    assert unmet(filters, {"sex": "", "age": "4", "citizenship": "RUS"}) is None
    assert unmet(filters, {"sex": "", "age": "4", "citizenship": "BLR"}) == {"sex"}


def test_a_value_that_decides_nothing_leaves_the_question_open() -> None:
    condition = Condition(values=frozenset({"general"}), undecided=frozenset({"family"}))
    assert [condition.admits(value) for value in ("general", "early_care", "family", "")] == [True, False, None, None]


def test_a_computed_cell_opens_the_filter_behind_it() -> None:
    layout, bindings = SHIPPED["1-ДОД"], BINDINGS["1-ДОД"]
    found = drill(layout, bindings, CellAddress("3", "06", "12"), as_of=DAY)
    assert found is not None
    assert found.measure is Measure.ENROLLMENTS
    assert {name: condition.listed for name, condition in found.filters.items()} == {
        "program_kind": ("supplementary",),
        "direction": ("technical",),
        "health_limits": ("yes",),
        "disability": ("yes",),
        "sex": ("F",),
    }


def test_a_sum_over_one_dimension_opens_the_joined_filter() -> None:
    layout, bindings = SHIPPED["1-ДОД"], BINDINGS["1-ДОД"]
    found = drill(layout, bindings, CellAddress("4", "14", "3"), as_of=DAY)
    assert found is not None
    assert found.filters["age"].listed == tuple(str(age) for age in range(18))
    assert found.age_on == datetime.date(2027, 1, 1)


def test_an_entered_cell_has_nothing_behind_it() -> None:
    layout, bindings = SHIPPED["1-ДОД"], BINDINGS["1-ДОД"]
    assert drill(layout, bindings, CellAddress("6", "31", "3"), as_of=DAY) is None


def test_children_of_sections_with_ages_are_as_old_as_on_the_next_first_of_january() -> None:
    layout, bindings = SHIPPED["85-К"], BINDINGS["85-К"]
    found = drill(layout, bindings, CellAddress("7", "702", "11"), as_of=datetime.date(2026, 12, 31))
    assert found is not None
    assert (found.age_on, found.filters["age"].low) == (datetime.date(2027, 1, 1), 7)


def test_forms_without_contingent_have_no_bindings() -> None:
    bindings = [BINDINGS[code].cells for code in ("ОО-2", "1-ПК")]
    assert bindings == [{}, {}]
