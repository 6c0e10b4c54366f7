import datetime

import pytest

from tenants.intake import fields as f
from tenants.intake.rows import RowReader


@pytest.mark.parametrize("field", f.REQUIRED)
def test_an_empty_required_field_is_refused_by_name(read, field):
    parsed = read({field: None})
    assert parsed.row is None
    assert [problem.field for problem in parsed.errors] == [field]
    assert f"«{field}» не заполнено" in parsed.errors[0].reason


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (f.SURNAME, "12345"),
        (f.SURNAME, "-"),
        (f.NAME, "\u200b"),
        (f.NAME, "и" * 101),
        (f.SEX, "х"),
        (f.CLASS, "\u200b"),
        (f.BIRTH_DATE, "31.02.2015"),
        (f.BIRTH_DATE, "вчера"),
        (f.BIRTH_DATE, "42068"),
        (f.BIRTH_DATE, "05.03.15"),
        (f.BIRTH_DATE, "21.09.2026"),
        (f.BIRTH_DATE, "05.03.1815"),
        (f.SNILS, "112-233-445 96"),
        (f.SNILS, "1122334459"),
        (f.ENROLLED_ON, "05.03.2015"),
        (f.ORDER_DATE, "01.01.2015"),
        (f.DOC_ISSUED_ON, "01.01.2027"),
        (f.DOC_ISSUED_ON, "01.01.2010"),
        (f.DOC_ISSUED_ON, "30.02.2020"),
        (f.CONSENT_ON, "да"),
        (f.CONSENT_ON, "01.01.2010"),
    ],
)
def test_a_malformed_required_value_a_bad_number_or_an_impossible_date_is_refused(read, field, text):
    parsed = read({field: text})
    assert parsed.row is None
    assert [problem.field for problem in parsed.errors] == [field]


def test_every_fault_of_a_row_is_named_at_once(read):
    parsed = read({f.SURNAME: None, f.SEX: "?", f.SNILS: "1", f.BIRTH_DATE: "32.01.2015"})
    assert [problem.field for problem in parsed.errors] == [f.SURNAME, f.BIRTH_DATE, f.SEX, f.SNILS]


def test_lost_zeros_of_a_number_are_explained(read):
    assert "сделайте ячейку текстовой" in read({f.SNILS: "1234567890"}).errors[0].reason
    assert "формат «Дата»" in read({f.BIRTH_DATE: "42068"}).errors[0].reason


@pytest.mark.parametrize("left", ["01.09.2026", "31.08.2026"])
def test_a_departure_not_after_the_enrollment_is_refused(read, departure, left):
    parsed = read({**departure, f.LEFT_ON: left})
    assert [problem.field for problem in parsed.errors] == [f.LEFT_ON]
    assert "01.09.2026" in parsed.errors[0].reason


@pytest.mark.parametrize("absent", f.DEPARTURE)
def test_a_departure_is_filled_whole_or_not_at_all(read, departure, absent):
    parsed = read({**departure, absent: None})
    assert [problem.field for problem in parsed.errors] == [absent]
    assert "очистите все" in parsed.errors[0].reason


@pytest.mark.parametrize(("text", "parallel"), [("5А", "6"), ("Солнышко", "5"), ("А", "5")])
def test_a_parallel_that_contradicts_the_class_is_refused(read, text, parallel):
    assert [problem.field for problem in read({f.CLASS: text, f.GRADE: parallel}).errors] == [f.GRADE]


def test_a_parallel_that_repeats_the_class_is_taken_in_silence(read):
    parsed = read({f.GRADE: "5"})
    assert (parsed.row.grade, parsed.warnings) == (5, [])


def test_a_club_has_no_parallel_to_contradict(read):
    parsed = read({f.CLASS: "1 группа", f.GRADE: "5"}, org_type="supplementary")
    assert parsed.errors == []
    assert [warning.field for warning in parsed.warnings] == [f.GRADE]


def test_values_right_of_the_last_header_refuse_the_row(read):
    reader = RowReader("school", year=2026, today=datetime.date(2026, 9, 20))
    reader.headers(["Фамилия"])
    assert "лишние значения" in reader.read(["Ёлкин", "5А"], 2).errors[0].reason
