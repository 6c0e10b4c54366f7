"""The language of checks and what follows from it on a sheet."""

import pytest

from shared.statforms.catalog import CellAddress, FormLayout
from shared.statforms.checks import parse_check
from shared.statforms.controls import Severity, broken_checks, fill_sums, filled_where_closed, instances
from shared.statforms.errors import CheckNotReadable
from shared.statforms.parsing import parse_layout
from tests.shared.statforms.shipped import SHIPPED


def layout_with(*checks: str, assumed: tuple[str, ...] = ()) -> FormLayout:
    columns = [{"code": code, "title": code} for code in ("3", "4", "5")]
    rows = [{"code": code, "title": code} for code in ("01", "02", "03")]
    first = {"code": "1", "title": "А", "columns": columns, "rows": rows, "checks": checks, "checks_assumed": assumed}
    second = {
        "code": "2",
        "title": "Б",
        "columns": columns,
        "rows": [{**row, "code": "1" + row["code"]} for row in rows],
    }
    return parse_layout({"code": "Ф", "edition": "1", "sections": [first, second]})


def concrete(layout: FormLayout) -> list[list[str]]:
    return [["/".join(cell) for cell in instance.cells] for instance in instances(layout)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "r01 = r02 + r03",
            [["1/01/3", "1/02/3", "1/03/3"], ["1/01/4", "1/02/4", "1/03/4"], ["1/01/5", "1/02/5", "1/03/5"]],
        ),
        (
            "c3 = sum(c4..c5)",
            [["1/01/3", "1/01/4", "1/01/5"], ["1/02/3", "1/02/4", "1/02/5"], ["1/03/3", "1/03/4", "1/03/5"]],
        ),
        ("r01.c3 <= s2.r103.c5", [["1/01/3", "2/103/5"]]),
        ("r01..r03 c3 = s2 r101..r103 c3", [["1/01/3", "2/101/3"], ["1/02/3", "2/102/3"], ["1/03/3", "2/103/3"]]),
        ("r02.c3 = s2.r101.c3 (and so on to r03 = s2.r102)", [["1/02/3", "2/101/3"], ["1/03/3", "2/102/3"]]),
        ("r02.c3 <= r01.c3 and so on to r03 <= r01", [["1/02/3", "1/01/3"], ["1/03/3", "1/01/3"]]),
        ("sum(r01..r03) = s2.r101.c3", [[f"1/0{r}/{c}" for r in "123"] + ["2/101/3"] for c in "345"]),
        ("r01 = s2.r102", [[f"1/01/{c}", f"2/102/{c}"] for c in "345"]),
    ],
)
def test_a_check_is_spread_over_the_cells_it_holds_for(text: str, expected: list[list[str]]) -> None:
    assert concrete(layout_with(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "c3 + c4 = s3 column 3 of the same orientation",
        "c3 =",
        "= c3",
        "c3 = c4 = c5",
        "r1 r2 = c3",
        "c3",
        "х = у",
        "",
        "c3 + + c4 = c5",
    ],
)
def test_what_is_no_check_is_refused(text: str) -> None:
    with pytest.raises(CheckNotReadable):
        parse_check(text, is_stated=True)


def test_a_total_is_filled_from_known_addends_and_stays_empty_otherwise() -> None:
    layout = layout_with("r01 = r02 + r03", "c3 = c4 + c5")
    values: dict[CellAddress, int | None] = dict.fromkeys(layout.open_cells)
    values |= {CellAddress("1", row, column): 2 for row in ("02", "03") for column in ("4", "5")}
    filled = fill_sums(layout, values, fixed=frozenset())
    assert filled[CellAddress("1", "01", "4")] == 4
    assert filled[CellAddress("1", "01", "3")] == 8
    values[CellAddress("1", "03", "5")] = None
    filled = fill_sums(layout, values, fixed=frozenset())
    assert CellAddress("1", "01", "3") not in filled
    assert CellAddress("1", "01", "4") in filled


def test_an_assumed_sum_fills_nothing() -> None:
    layout = layout_with(assumed=("c3 = c4 + c5",))
    values: dict[CellAddress, int | None] = dict.fromkeys(layout.open_cells, 1)
    values[CellAddress("1", "01", "3")] = None
    assert fill_sums(layout, values, fixed=frozenset()) == {}


def test_a_stated_check_breaks_as_an_error_and_an_assumed_one_as_a_warning() -> None:
    layout = layout_with("r02 <= r01", assumed=("c5 >= 2 * c4",))
    values = dict.fromkeys(layout.open_cells, 1) | {CellAddress("1", "02", "3"): 9}
    found = list(broken_checks(layout, values))
    assert [finding.severity for finding in found] == [Severity.ERROR] + [Severity.WARNING] * 3
    assert found[0].cells == (CellAddress("1", "02", "3"), CellAddress("1", "01", "3"))
    assert "слева 9, справа 1" in found[0].message


def test_a_check_over_an_empty_cell_is_silent() -> None:
    layout = layout_with("r02 <= r01")
    values = dict.fromkeys(layout.open_cells, 1) | {CellAddress("1", "01", c): None for c in "345"}
    assert list(broken_checks(layout, values)) == []


def test_a_value_in_a_probably_closed_cell_is_a_warning() -> None:
    cell = CellAddress("2.1.3", "01", "15")
    (finding,) = filled_where_closed(SHIPPED["ОО-1"], {cell: 1})
    assert (finding.severity, finding.cells) == (Severity.WARNING, (cell,))
