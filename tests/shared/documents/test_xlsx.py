import datetime
import io

import openpyxl
import pytest

from shared.documents.imprint import Imprint
from shared.documents.xlsx import write_workbook

pytestmark = pytest.mark.proves("R-171")

DAY = datetime.date(2026, 9, 1)


@pytest.fixture
def write(imprint, columns):
    def write_rows(rows):
        stream = io.BytesIO()
        write_workbook(stream, title="Список: 5А/5Б", columns=columns, rows=rows, imprint=imprint)
        return openpyxl.load_workbook(stream).active

    return write_rows


def test_the_imprint_stands_above_a_frozen_filtered_header(write):
    sheet = write([("Ёлкин", 1200, DAY, 0.25)])
    assert [sheet.cell(row, 1).value for row in range(1, 5)] == [
        "АСУ СО. МБОУ «СОШ № 14»",
        "Список: 5А/5Б",
        "Сформировано 20.09.2026 14:05, исполнитель: Лебедь О. Т.",
        "Класс: 5А",
    ]
    assert [cell.value for cell in sheet[6]] == ["Имя", "Всего", "С", "Доля"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A7", "A6:D7", "$6:$6")
    assert sheet.title == "Список  5А 5Б"


def test_values_keep_their_kinds(write):
    name, count, day, share = write([("Ёлкин", 1200, DAY, 0.25)])[7]
    assert (name.value, count.value, share.value) == ("Ёлкин", 1200, 0.25)
    assert (day.value, day.number_format) == (datetime.datetime(2026, 9, 1), "dd.mm.yyyy")
    assert [cell.value for cell in write([(None, None, None, None), ("", 0, DAY, 0)])[7]] == [None] * 4


@pytest.mark.parametrize("text", ["=1+1", "+7918", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.ru"])
def test_a_text_is_never_a_formula_or_a_link(write, text):
    cell = write([(text, 1, DAY, 0)])["A7"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix is (not text.startswith("http"))


def test_rows_are_counted_and_a_longer_text_than_a_cell_holds_is_cut(imprint, columns):
    rows = (("Ю" * 40_000, number, DAY, 0.5) for number in range(3))
    stream = io.BytesIO()
    assert write_workbook(stream, title="Т", columns=columns, rows=rows, imprint=imprint) == 3
    assert len(openpyxl.load_workbook(stream).active["A7"].value) == 32_767


def test_a_row_of_another_width_is_a_fault(imprint, columns):
    with pytest.raises(ValueError, match="zip"):
        write_workbook(io.BytesIO(), title="Т", columns=columns, rows=[("а",)], imprint=imprint)


def test_an_imprint_without_a_time_zone_is_a_fault():
    with pytest.raises(ValueError, match="aware"):
        Imprint(organization="", title="", made_at=datetime.datetime(2026, 9, 20), executor="")
