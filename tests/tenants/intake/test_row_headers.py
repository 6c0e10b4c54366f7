import datetime

import pytest

from shared.imports.errors import FileUnreadable
from tenants.intake import fields as f
from tenants.intake.rows import RowReader

TODAY = datetime.date(2026, 9, 20)


@pytest.fixture
def reader():
    return RowReader("school", year=None, today=TODAY)


def test_all_columns_of_the_contract_are_known(reader):
    report = reader.headers([f"{header} *" for header in f.HEADERS])
    assert (report.unknown, report.missing, report.repeated) == ([], [], [])
    assert len(set(f.HEADERS)) == len(f.HEADERS)


def test_unknown_columns_are_reported_and_missing_required_ones_named(reader):
    report = reader.headers(["№ п/п", "фамилия", "ИМЯ*", "Фамилия"])
    assert report.unknown == ["№ п/п"]
    assert report.missing == [header for header in f.REQUIRED if header not in (f.SURNAME, f.NAME)]
    assert report.repeated == ["фамилия"]
    with pytest.raises(FileUnreadable, match="нет обязательных колонок: «Дата рождения», «Пол»"):
        report.refuse_if_missing("список.csv")


def test_the_columns_of_an_earlier_refusal_are_not_unknown(reader):
    report = reader.headers([*f.HEADERS, "Строка", "Поле", "Причина"])
    assert report.unknown == []
    report.refuse_if_missing("список.csv.rejected.csv")


def test_columns_may_stand_in_any_order(reader):
    cells = {
        "дата приказа": "28.08.2026",
        "№ ПРИКАЗА": "1",
        "Дата зачисления": "01.09.2026",
        "Класс": "5А",
        "Пол": "Ж",
        "дата рождения": "05.03.2015",
        "Имя": "Анна",
        "Комментарий": "x",
        "Фамилия*": "Ёлкина",
    }
    reader.headers(list(cells))
    row = reader.read(list(cells.values()), 2).row
    assert (row.surname, row.name, row.sex, row.order_number) == ("Ёлкина", "Анна", "F", "1")
