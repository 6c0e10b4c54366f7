"""The shipped layouts and the rules by which a layout is read."""

import copy
from typing import Any

import pytest

from shared.statforms.catalog import CellAddress, Confidence
from shared.statforms.controls import instances
from shared.statforms.errors import LayoutInvalid
from shared.statforms.parsing import parse_layout
from tests.shared.statforms.shipped import SHIPPED

SMALL: dict[str, Any] = {
    "code": "Ф-1",
    "edition": "2026",
    "title": "Проба",
    "sections": [
        {
            "code": "1",
            "title": "Раздел",
            "confidence": "partial",
            "columns": [{"code": "3", "title": "Всего"}, {"code": "4", "title": "Часть", "inferred": True}],
            "rows": [
                {"code": "01", "title": "Итог", "closed": ["4"]},
                {"code": "02", "title": None, "inferred": True},
                {"code": None, "address": "б/н 1", "title": "Без кода"},
                {"code": "СО-1", "title": "Своя", "own": True},
            ],
            "checks": ["r01 = r02", "как договорились с министерством"],
        }
    ],
}


def changed(**section: Any) -> dict[str, Any]:
    raw = copy.deepcopy(SMALL)
    raw["sections"][0].update(section)
    return raw


def test_all_five_forms_are_shipped() -> None:
    assert set(SHIPPED) == {"ОО-1", "ОО-2", "85-К", "1-ДОД", "1-ПК"}


def test_a_closed_cell_is_absent_and_the_others_are_open() -> None:
    cells = parse_layout(SMALL).open_cells
    assert CellAddress("1", "01", "4") not in cells
    assert CellAddress("1", "02", "4") in cells


def test_the_worst_confidence_of_section_row_and_column_wins() -> None:
    cells = parse_layout(changed(confidence="verbatim")).open_cells
    assert cells[CellAddress("1", "01", "3")] is Confidence.VERBATIM
    assert cells[CellAddress("1", "б/н 1", "3")] is Confidence.PARTIAL
    assert cells[CellAddress("1", "б/н 1", "4")] is Confidence.PARTIAL
    assert cells[CellAddress("1", "02", "3")] is Confidence.RECONSTRUCTED
    assert cells[CellAddress("1", "СО-1", "3")] is Confidence.RECONSTRUCTED


@pytest.mark.parametrize(
    "broken",
    [
        changed(colums=[]),
        changed(columns=[{"code": "3"}, {"code": "3"}]),
        changed(rows=[{"code": None, "title": "Без адреса"}]),
        changed(rows=[{"code": "01", "closed": ["9"]}]),
        changed(rows=[{"code": "01", "of": "77"}]),
        changed(closed_assumed={"99": ["3"]}),
        {"code": "Ф-1"},
    ],
    ids=["unknown key", "repeated column", "no code", "closes nothing", "unknown parent", "lost row", "no edition"],
)
def test_a_layout_that_contradicts_itself_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(LayoutInvalid):
        parse_layout(broken)


def test_a_section_without_a_known_number_has_a_stable_address() -> None:
    section = SHIPPED["ОО-1"].section_by_code["б/н 1"]
    assert "окончивших класс" in section.title
    assert CellAddress("б/н 1", "01", "3") in SHIPPED["ОО-1"].open_cells


def test_no_shipped_check_is_left_to_people() -> None:
    assert {code: layout.unreadable_checks for code, layout in SHIPPED.items() if layout.unreadable_checks} == {}


def test_a_check_written_for_people_is_listed() -> None:
    assert parse_layout(SMALL).unreadable_checks == (("1", "как договорились с министерством"),)


def test_every_shipped_check_speaks_about_cells_that_exist() -> None:
    for layout in SHIPPED.values():
        alive = {(instance.section, instance.check.text) for instance in instances(layout)}
        stated = {(s.code, check.text) for s in layout.sections if s.rows and s.columns for check in s.checks}
        assert stated == alive, layout.code


def test_own_sections_and_reconstructed_ones_are_never_better_than_reconstructed() -> None:
    for layout in SHIPPED.values():
        for address, confidence in layout.open_cells.items():
            section = layout.section_by_code[address.section]
            if section.is_own or address.row.startswith("СО") or address.column.startswith("СО"):
                assert confidence is Confidence.RECONSTRUCTED
            assert confidence is not Confidence.VERBATIM  # no official text was read to the end


def test_a_copy_of_a_table_repeats_its_rows_and_columns() -> None:
    sections = SHIPPED["ОО-1"].section_by_code
    assert sections["2.4 (заочная)"].is_copy
    assert sections["2.4 (заочная)"].rows == sections["2.4"].rows
