import datetime
import io
import zipfile

import pytest
import xlsxwriter
from openpyxl import Workbook

from shared.imports import errors, tables
from shared.imports.tables import read_table

TEXT = "Фамилия;Имя;Класс\nЁлкин;Пётр;5А\n"


def workbook_bytes(rows, *, sheets=("Лист1",), first_cell=(1, 1)):
    book = Workbook()
    book.active.title = sheets[0]
    for row_index, row in enumerate(rows):
        for column_index, value in enumerate(row):
            book.active.cell(first_cell[0] + row_index, first_cell[1] + column_index, value)
    for name in sheets[1:]:
        book.create_sheet(name)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_found(encoding, delimiter):
    table = read_table(TEXT.replace(";", delimiter).encode(encoding), "file.csv")
    assert table.headers == ["Фамилия", "Имя", "Класс"]
    assert list(table.numbered()) == [(2, ["Ёлкин", "Пётр", "5А"])]


def test_an_unusual_encoding_is_noted():
    assert read_table(TEXT.encode(), "f.csv").notes == []
    assert "Windows-1251" in read_table(TEXT.encode("cp1251"), "f.csv").notes[0]


def test_quotes_keep_delimiters_newlines_and_quotes():
    table = read_table('Имя;Адрес\n"Иван ""Младший""";"г. Ейск;\nул. Мира, 1"\n'.encode(), "f.csv")
    assert table.rows == [['Иван "Младший"', "г. Ейск;\nул. Мира, 1"]]


def test_a_comma_inside_a_quoted_header_is_not_the_delimiter():
    assert read_table('"Фамилия, имя, отчество";Класс\nИван;5А\n'.encode(), "f.csv").headers[1] == "Класс"


def test_cells_are_kept_as_they_are_and_rows_keep_their_numbers():
    table = read_table(b"A;B\n\n 007 ;=1+1\n;\nx;y\n", "f.csv")
    assert list(table.numbered()) == [(3, [" 007 ", "=1+1"]), (5, ["x", "y"])]


def test_a_short_row_is_filled_and_extra_values_stay_visible():
    table = read_table(b"A,B\n1\n1,2,,\n1,2,3\n", "f.csv")
    assert table.rows == [["1", ""], ["1", "2"], ["1", "2", "3"]]


def test_a_sheet_gives_iso_dates_whole_numbers_and_text_with_its_zeros():
    values = [["007", 7, 7.5, datetime.date(2015, 9, 1), datetime.datetime(2015, 9, 1, 8, 30), True, None]]
    table = read_table(workbook_bytes([list("ABCDEFG"), *values]), "f.xlsx")
    assert table.rows == [["007", "7", "7.5", "2015-09-01", "2015-09-01 08:30:00", "да", ""]]


def test_a_table_that_does_not_begin_in_the_corner_is_read_with_the_rows_own_numbers():
    table = read_table(workbook_bytes([["Имя", "Класс"], ["Иван", "5А"]], first_cell=(3, 2)), "f.xlsx")
    assert list(table.numbered()) == [(4, ["Иван", "5А"])]


def test_only_the_first_sheet_is_read_and_the_person_is_told():
    table = read_table(workbook_bytes([["A"], ["1"]], sheets=("Первый", "Второй")), "f.xlsx")
    assert table.notes == ["Прочитан первый лист «Первый», остальные листы не читались."]


def test_a_column_without_a_header_is_noted():
    assert read_table(b"A;;B\n1;2;3\n", "f.csv").notes == ["У колонки 2 нет заголовка, её значения не читались."]
    assert read_table(b"A;;B\n1;;3\n", "f.csv").notes == []


def test_a_file_is_read_from_a_path_under_its_own_name(tmp_path):
    (tmp_path / "список.csv").write_bytes(b"")
    with pytest.raises(errors.FileEmpty, match=r"«список\.csv» пуст"):
        read_table(tmp_path / "список.csv")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.FileEmpty),
        (b"\xef\xbb\xbf", errors.FileEmpty),
        (b" \r\n;;\r\n", errors.FileEmpty),
        (TEXT.splitlines()[0].encode(), errors.FileWithoutRows),
        ("Иванов;01.02.2015;5А\n".encode(), errors.HeaderMissing),
        ("Класс;Имя; класс *\n1;2;3\n".encode(), errors.HeadersRepeated),
        (b"%PDF-1.7 ...", errors.NotATable),
        (b"\x89PNG\r\n", errors.NotATable),
        (b"abc\0def", errors.NotATable),
        (b"\x98\xff\xfe\n", errors.NotATable),
        (b"<html><table></table></html>", errors.NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, errors.NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), errors.FileEncrypted),
        (b"PK\x03\x04 broken", errors.FileUnreadable),
        ('Имя;Адрес\nИван;"г. Ейск\nПётр;г. Анапа\n'.encode(), errors.QuoteNotClosed),
        (b"\xff\xfeA", errors.FileUnreadable),
    ],
)
def test_what_is_not_a_table_is_refused_in_one_clear_sentence(content, refusal):
    with pytest.raises(refusal) as caught:
        read_table(content, "мой файл.csv")
    assert caught.type is refusal
    assert "«мой файл.csv»" in str(caught.value)


def test_a_document_in_a_zip_is_not_a_table():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(errors.NotATable):
        read_table(stream.getvalue(), "письмо.docx")


def test_quotes_inside_quotes_written_by_hand_do_not_stop_the_file():
    table = read_table('Имя;Школа\nИван;"МБОУ "СОШ 5""\n'.encode(), "f.csv")
    assert table.rows[0][0] == "Иван"


def test_a_cell_far_away_from_the_table_is_refused_before_it_takes_all_memory():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Имя")
        sheet.write(1_048_575, 0, "x")
    with pytest.raises(errors.TooManyRows, match="удалите пустые строки"):
        read_table(stream.getvalue(), "f.xlsx")
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write(0, 16_383, "x")
    with pytest.raises(errors.TooManyColumns):
        read_table(stream.getvalue(), "f.xlsx")


def test_size_and_number_of_rows_are_limited(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    with pytest.raises(errors.TooManyRows, match="больше 2 строк"):
        read_table(b"A\n1\n2\n3\n", "f.csv")
    monkeypatch.setattr(tables, "MAX_BYTES", 3)
    with pytest.raises(errors.FileTooLarge):
        read_table(b"A\n1\n", "f.csv")
