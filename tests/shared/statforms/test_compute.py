"""Computing a form: against a brute-force recount, over territories, and where an attribute is missing."""

import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from shared.statforms.bindings import Measure
from shared.statforms.catalog import CellAddress
from shared.statforms.compute import ComputedForm, Source, compute, groups_behind
from shared.statforms.cube import GroupFact
from tests.shared.statforms.microdata import ORGANIZATIONS, MemorySource, Place, region
from tests.shared.statforms.naive import naive_cells
from tests.shared.statforms.shipped import BINDINGS, SHIPPED

pytestmark = pytest.mark.proves("R-130")

DAY = datetime.date(2026, 9, 20)
BOUND_FORMS = ("ОО-1", "85-К", "1-ДОД")
SLOW = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking recounts whole forms and takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def computed(code: str, source: MemorySource) -> ComputedForm:
    return compute(SHIPPED[code], BINDINGS[code], source, as_of=DAY, scope_label="region")


def a_class(name: str, **attributes: Any) -> GroupFact:
    common = {"group_id": name, "organization_id": "school-1", "academic_year": "2026", "program_kind": "general"}
    known = {
        "grade": "5",
        "class_type": "ordinary",
        "form_of_study": "full_time",
        "urban_rural": "urban",
        "learners": 25,
    }
    return GroupFact(name=name, **{**common, **known, **attributes})


def in_class(fact: GroupFact, **child: Any) -> list[Place]:
    common = {"sex": "F", "born_on": datetime.date(2015, 5, 1), "group": fact, "organization": fact.organization_id}
    place = {**common, "program_kind": fact.program_kind, "grade": fact.grade, "direction": fact.direction, **child}
    return [Place(person=f"{fact.name}-{number}", **place) for number in range(fact.learners)]


def source_of(*facts: GroupFact) -> MemorySource:
    return MemorySource([place for fact in facts for place in in_class(fact)], facts)


def test_every_bound_cell_equals_a_recount_child_by_child() -> None:
    @SLOW
    @given(region(is_complete=False))
    def property_holds(source: MemorySource) -> None:
        for code in BOUND_FORMS:
            values = computed(code, source).values
            for address, expected in naive_cells(code, source, DAY).items():
                if address in values:
                    assert values[CellAddress(*address)] == expected, (code, address)

    property_holds()


def test_a_region_is_the_sum_of_its_municipalities_and_of_its_organizations() -> None:
    @SLOW
    @given(region(is_complete=True))
    def property_holds(source: MemorySource) -> None:
        municipal = [name for name, (oktmo, _place) in ORGANIZATIONS.items() if oktmo]
        regional = [name for name, (oktmo, _place) in ORGANIZATIONS.items() if not oktmo]
        by_territory = [source.of(*municipal), *(source.of(name) for name in regional)]
        by_organization = [source.of(name) for name in ORGANIZATIONS]
        for code in BOUND_FORMS:
            whole = computed(code, source).values
            for parts in (by_territory, by_organization):
                sheets = [computed(code, part).values for part in parts]
                for address in additive_cells(code):
                    values = [sheet[address] for sheet in sheets]
                    assert whole[address] == (None if None in values else sum(v or 0 for v in values)), (code, address)

    property_holds()


def additive_cells(code: str) -> list[CellAddress]:
    bindings = BINDINGS[code].cells
    return [a for a in SHIPPED[code].open_cells if a not in bindings or bindings[a].measure is not Measure.PERSONS]


def test_complete_data_leave_no_bound_cell_of_an_official_section_empty() -> None:
    source = source_of(a_class("5А"), a_class("5Б", class_type="lyceum"))
    sheet = computed("ОО-1", source)
    assert not [finding for finding in sheet.findings if "не хватает" in finding.message]
    assert sheet.values[CellAddress("2.1.1", "09", "8")] == 2
    assert sheet.values[CellAddress("2.1.1", "08", "8")] == 25


def test_a_class_without_a_kind_empties_its_cells_and_is_named() -> None:
    sheet = computed("ОО-1", source_of(a_class("5А"), a_class("5Б", class_type=""), a_class("7В", grade="7")))
    assert sheet.values[CellAddress("2.1.1", "01", "8")] is None  # grade 5, where the nameless class is
    assert sheet.values[CellAddress("2.1.1", "01", "3")] is None
    assert sheet.values[CellAddress("2.1.1", "01", "10")] == 1  # grade 7 is known exactly
    assert sheet.values[CellAddress("2.1.1", "01", "9")] == 0  # grade 6 is known to be empty
    (finding,) = [finding for finding in sheet.findings if finding.control == "2.1.1: class_type"]
    assert "5Б (school-1)" in finding.message
    assert "5А" not in finding.message
    assert CellAddress("2.1.1", "01", "8") in finding.cells


def test_many_groups_are_counted_and_only_the_first_are_named() -> None:
    sheet = computed("ОО-1", source_of(*(a_class(f"{n:02}", class_type="") for n in range(30))))
    (finding,) = [finding for finding in sheet.findings if finding.control == "2.1.1: class_type"]
    assert "(30)" in finding.message
    assert "и ещё 20" in finding.message


def test_a_cell_nobody_can_compute_is_empty_and_never_zero() -> None:
    sheet = computed("1-ДОД", MemorySource([], []))
    (cell,) = [cell for cell in sheet.cells if cell.address == ("6", "31", "3")]
    assert (cell.value, cell.source) == (None, Source.ENTERED)
    assert sheet.values[CellAddress("3", "06", "3")] == 0
    assert sheet.values[CellAddress("3", "06", "5")] is None


def test_a_closed_cell_is_absent() -> None:
    assert CellAddress("20", "2005", "4") not in computed("85-К", MemorySource([], [])).values


def test_a_total_without_a_binding_is_summed() -> None:
    club = a_class(
        "Робототехника", program_kind="supplementary", grade="", class_type="", direction="technical", learners=3
    )
    sheet = computed("1-ДОД", source_of(club))
    (cell,) = [cell for cell in sheet.cells if cell.address == ("4", "14", "3")]
    assert (cell.value, cell.source) == (3, Source.SUMMED)


def test_a_learner_older_than_the_columns_is_noticed_by_the_check_between_sections() -> None:
    club = a_class("Хор", program_kind="supplementary", grade="", class_type="", direction="technical", learners=1)
    source = MemorySource(in_class(club, born_on=datetime.date(2008, 1, 1)), [club])
    sheet = computed("1-ДОД", source)
    assert sheet.values[CellAddress("4", "14", "3")] == 0
    assert [f.cells for f in sheet.findings if "and so on" in f.control] == [(("4", "14", "3"), ("3", "06", "3"))]


def test_art_programs_without_a_kind_stand_in_the_row_of_the_direction_only() -> None:
    club = a_class("Танцы", program_kind="supplementary", grade="", class_type="", direction="art", learners=4)
    sheet = computed("1-ДОД", source_of(club))
    assert sheet.values[CellAddress("3", "10", "3")] is None
    assert sheet.values[CellAddress("3", "СО-10", "3")] == 4
    assert sheet.values[CellAddress("4", "22", "9")] == 0
    assert any("Танцы" in finding.message for finding in sheet.findings)


def test_a_child_in_two_programs_is_two_places_and_one_person() -> None:
    club = a_class("Шахматы", program_kind="supplementary", grade="", class_type="", direction="technical", learners=2)
    places = [Place(**{**vars(place), "person": "one"}) for place in in_class(club)]
    sheet = computed("1-ДОД", MemorySource(places, [club]))
    assert sheet.values[CellAddress("3", "06", "3")] == 2
    assert sheet.values[CellAddress("СО-1", "01", "3")] == 1


def test_a_class_set_is_one_unit_and_small_by_all_its_learners() -> None:
    joined = [a_class("1", grade="1", class_set="К", learners=7), a_class("3", grade="3", class_set="К", learners=6)]
    facts = [*(GroupFact(**{**fields(fact), "urban_rural": "rural"}) for fact in joined), a_class("5А")]
    values = computed("ОО-1", source_of(*facts)).values
    row = {row: [values[CellAddress("2.4", row, column)] for column in "3456"] for row in ("01", "02", "03", "05")}
    assert row == {"01": [2, 1, 1, 2], "02": [1, 0, 1, 2], "03": [1, 1, 0, 0], "05": [1, 0, 1, 2]}


@pytest.mark.parametrize(
    ("learners", "locality", "small"),
    [(24, "urban", 1), (25, "urban", 0), (13, "rural", 1), (14, "rural", 0), (13, "", 1), (14, "", None), (25, "", 0)],
)
def test_the_locality_matters_only_between_the_two_thresholds(learners: int, locality: str, small: int | None) -> None:
    values = computed("ОО-1", source_of(a_class("5А", learners=learners, urban_rural=locality))).values
    assert values[CellAddress("2.4", "05", "3")] == small


def test_classes_for_health_limits_do_not_enter_the_table_of_class_sets() -> None:
    values = computed(
        "ОО-1", source_of(a_class("5К", class_type="adapted"), a_class("5У", class_type="intellectual"))
    ).values
    assert values[CellAddress("2.4", "01", "3")] == 0
    assert values[CellAddress("2.1.3", "СО-1", "10")] == 1
    assert values[CellAddress("2.1.3", "01", "10")] is None  # the program length is not known


def test_every_form_of_study_has_its_own_copy_of_the_table() -> None:
    evening = a_class("10З", grade="10", form_of_study="correspondence")
    source = MemorySource(in_class(evening, form_of_study="correspondence"), [evening])
    values = computed("ОО-1", source).values
    assert values[CellAddress("2.1.1", "01", "3")] == 0
    assert values[CellAddress("2.1.1 (заочная)", "01", "3")] == 1
    assert values[CellAddress("2.1.1 (заочная)", "02", "13")] == 25


def test_family_education_is_no_class_list_but_stands_in_the_age_table() -> None:
    fact = a_class("5А", learners=2)
    source = MemorySource(in_class(fact, form_of_education="family", form_of_study=""), [fact])
    values = computed("ОО-1", source).values
    assert values[CellAddress("2.1.1", "02", "3")] == 0
    assert values[CellAddress("СО-1", "02", "3")] == 2


def test_a_form_costs_one_learner_query_a_date_and_one_group_query() -> None:
    queries = {}
    for code in BOUND_FORMS:
        source = MemorySource([], [])
        computed(code, source)
        queries[code] = ([day for _dims, day in source.queries], source.group_queries)
    january = datetime.date(2027, 1, 1)
    assert queries["ОО-1"] == ([january], 1)
    assert queries["85-К"] == ([january], 1)
    assert queries["1-ДОД"] == ([january, january], 1)  # distinct people need a grouping of their own


def test_the_groups_behind_a_cell_are_as_many_as_its_value() -> None:
    facts = [a_class("5А"), a_class("5Б", class_type="lyceum"), a_class("6А", grade="6")]
    cell = CellAddress("2.1.1", "09", "8")
    sheet = computed("ОО-1", source_of(*facts))
    behind = groups_behind(BINDINGS["ОО-1"].cells[cell].filters, facts)
    assert [fact.name for fact in behind] == ["5А", "5Б"]
    assert sheet.values[cell] == len(behind)


def fields(fact: GroupFact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__dataclass_fields__}
