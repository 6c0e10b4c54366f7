import csv
import io
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shared.imports.headers import repeated_headers
from shared.imports.rejected import CONTINGENT, ORGANIZATIONS, RejectedRow, rejected_path, write_rejected
from shared.imports.tables import read_table
from shared.kernel.cells import FORMULA_STARTS

HEADERS = ["Фамилия", "Класс"]

# A file that could be read has no NUL; half a surrogate pair is not text.
plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
computed = st.builds("".join, st.tuples(st.sampled_from(["", "'", "''"]), st.sampled_from(FORMULA_STARTS), plain))
cells = plain | computed
headers = st.lists(plain.map(lambda text: f"Колонка {text}"), min_size=1, max_size=4)


@st.composite
def tables(draw):
    names = draw(headers)
    assume(not repeated_headers([*names, *CONTINGENT.marks]))
    row = st.lists(cells, min_size=len(names), max_size=len(names))
    return names, draw(st.lists(row, min_size=1, max_size=4))


@given(tables(), st.sampled_from([CONTINGENT, ORGANIZATIONS]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rejected_file_reads_back_to_the_same_cells_however_often(tmp_path, table, form):
    names, rows = table
    path = tmp_path / "f.rejected.csv"
    write_rejected(path, names, [RejectedRow(row, 5, "Класс", "Не; заполнен, «поле»") for row in rows], form)
    first = read_table(path)
    assert first.headers == [*names, *form.marks]
    assert [row[: len(names)] for row in first.rows] == rows

    write_rejected(path, first.headers, [RejectedRow(row, 2, "Имя", "Иное") for row in first.rows], form)
    second = read_table(path)
    assert second.headers == first.headers
    assert second.rows == [[*row, "2", "Имя", "Иное"] for row in rows]


@given(tables())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_of_a_rejected_file_is_computed_by_a_spreadsheet(tmp_path, table):
    names, rows = table
    path = tmp_path / "f.rejected.csv"
    write_rejected(path, names, [RejectedRow(row, 5, "=1+1", "@SUM(A1)") for row in rows])
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    assert [cell for cell in written if cell.startswith(FORMULA_STARTS)] == []


def test_a_row_corrected_in_a_spreadsheet_comes_back_without_the_apostrophe(tmp_path):
    path = tmp_path / "f.rejected.csv"
    write_rejected(path, ["Имя", "Телефон"], [RejectedRow(["Анна", "+7 918 000-00-00"], 2, "Имя", "Исправьте.")])
    stream = io.BytesIO()
    with path.open(encoding="utf-8-sig", newline="") as file, xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(file, delimiter=";")):
            for index, cell in enumerate(row):
                sheet.write_string(number, index, cell)
    assert read_table(stream.getvalue(), "f.xlsx").rows[0][:2] == ["Анна", "+7 918 000-00-00"]


def test_the_file_is_utf8_with_bom_semicolons_and_three_added_columns(tmp_path):
    path = tmp_path / "f.rejected.csv"
    rows = [RejectedRow(["=cmd()", "5А"], 7, "Класс", "Исправьте класс.")]
    assert write_rejected(path, HEADERS, rows) == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["Фамилия;Класс;Строка;Поле;Причина", "'=cmd();5А;7;Класс;Исправьте класс."]


def test_the_organizations_file_has_its_own_three_columns(tmp_path):
    path = tmp_path / "f.rejected.csv"
    write_rejected(path, ["slug"], [RejectedRow(["www"], 3, "slug", "Занято.")], ORGANIZATIONS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == [{"slug": "www", "row": "3", "field": "slug", "reason": "Занято."}]


def test_with_nothing_refused_an_older_file_is_removed(tmp_path):
    path = tmp_path / "f.rejected.csv"
    path.write_text("old", encoding="utf-8")
    assert write_rejected(path, HEADERS, []) == 0
    assert list(tmp_path.iterdir()) == []


def test_values_right_of_the_last_header_stay_right_of_the_added_columns(tmp_path):
    path = tmp_path / "f.rejected.csv"
    write_rejected(path, HEADERS, [RejectedRow(["Ёлкин", "5А", "лишнее"], 2, "", "Лишнее.")])
    assert read_table(path).rows == [["Ёлкин", "5А", "2", "", "Лишнее.", "лишнее"]]


def test_the_file_lies_beside_its_source_or_in_the_given_folder():
    assert rejected_path(Path("a/list.xlsx")) == Path("a/list.xlsx.rejected.csv")
    assert rejected_path(Path("a/list.csv"), Path("out")) == Path("out/list.csv.rejected.csv")
