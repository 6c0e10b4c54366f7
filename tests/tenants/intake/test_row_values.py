import datetime

import pytest

from tenants.intake import fields as f


def test_the_smallest_row_is_taken_with_its_defaults(read):
    parsed = read()
    assert (parsed.errors, parsed.warnings) == ([], [])
    row = parsed.row
    assert (row.number, row.surname, row.name, row.patronymic, row.sex) == (7, "Ёлкин", "Пётр", "", "M")
    assert (row.citizenship, row.form_of_study, row.form_of_education) == ("RUS", "full_time", "in_organization")
    assert (row.program_kind, row.grade, row.letter, row.group_name) == ("general", 5, "А", "5А")
    assert (row.health_limits, row.disability, row.shift, row.consent_on, row.left_on) == (
        False,
        False,
        None,
        None,
        None,
    )
    assert (row.enrolled_on, row.order_date) == (datetime.date(2026, 9, 1), datetime.date(2026, 8, 28))


@pytest.mark.parametrize(
    ("field", "text", "attribute", "value"),
    [
        (f.SEX, "жен.", "sex", "F"),
        (f.SEX, "Мужской", "sex", "M"),
        (f.SNILS, "112-233-445 95", "snils", "11223344595"),
        (f.CITIZENSHIP, "Республика Казахстан", "citizenship", "KAZ"),
        (f.CITIZENSHIP, "arm", "citizenship", "ARM"),
        (f.BIRTH_DATE, "2015-03-05", "birth_date", datetime.date(2015, 3, 5)),
        (f.BIRTH_DATE, "5.3.2015 г.", "birth_date", datetime.date(2015, 3, 5)),
        (f.PATRONYMIC, "отсутствует", "patronymic", ""),
        (f.PATRONYMIC, "-", "patronymic", ""),
        (f.CLASS, "5 «а»", "group_name", "5А"),
        (f.CLASS, "11 гум.", "letter", "ГУМ."),
        (f.SHIFT, "2 смена", "shift", 2),
        (f.HEALTH_LIMITS, "Да", "health_limits", True),
        (f.DISABILITY, "НЕТ", "disability", False),
        (f.FORM, "Заочная", "form_of_study", "correspondence"),
        (f.FORM, "семейная", "form_of_education", "family"),
        (f.FORM, "самообразование", "form_of_education", "self"),
        (f.CLASS_TYPE, "Лицейский", "class_type", "lyceum"),
        (f.FINANCING, "paid", "financing", "paid"),
        (f.CLASS_SET, "1-3", "class_set", "1-3"),
        (f.CONSENT_ON, "20.08.2026", "consent_on", datetime.date(2026, 8, 20)),
        (f.HOME_ADDRESS, " г. Ейск,\n ул. Мира ", "home_address", "г. Ейск, ул. Мира"),
    ],
)
def test_a_value_is_read_however_people_write_it(read, field, text, attribute, value):
    parsed = read({field: text})
    assert parsed.errors == []
    assert getattr(parsed.row, attribute) == value


def test_a_document_is_kept_as_codes_and_plain_numbers(read):
    cells = {f.DOC_TYPE: "свидетельство о рождении", f.DOC_SERIES: "ii - аг", f.DOC_NUMBER: "123 456"}
    parsed = read({**cells, f.DOC_ISSUED_ON: "10.03.2015", f.DOC_ISSUED_BY: "ЗАГС г. Ейска"})
    row = parsed.row
    assert (row.doc_type, row.doc_series, row.doc_number) == ("birth_certificate", "II-АГ", "123456")
    assert (row.doc_issued_on, row.doc_issued_by) == (datetime.date(2015, 3, 10), "ЗАГС г. Ейска")
    assert parsed.warnings == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("переезд", "leave_move"),
        ("Выбытие: переезд", "leave_move"),
        ("leave_move", "leave_move"),
        ("в другую образовательную организацию", "leave_transfer"),
        ("Смерть", "deceased"),
        ("Выпускники", "graduate"),
    ],
)
def test_a_reason_of_departure_is_found_with_or_without_its_prefix(read, departure, text, code):
    parsed = read({**departure, f.DEPARTURE_REASON: text})
    assert (parsed.row.departure_reason, parsed.row.departure_note, parsed.warnings) == (code, "", [])


def test_an_unknown_reason_of_departure_becomes_other_and_keeps_its_text(read, departure):
    parsed = read({**departure, f.DEPARTURE_REASON: "Призван в армию"})
    assert (parsed.row.departure_reason, parsed.row.departure_note) == ("leave_other", "Призван в армию")
    assert "«Призван в армию»" in parsed.warnings[0].reason


def test_a_guardian_is_read(read):
    parsed = read(
        {f.GUARDIAN_SURNAME: "Ёлкина", f.GUARDIAN_NAME: "Анна", f.GUARDIAN_RELATION: "мать", f.GUARDIAN_PHONE: "8 918"}
    )
    row = parsed.row
    assert (row.guardian_surname, row.guardian_name, row.guardian_relation) == ("Ёлкина", "Анна", "mother")
    assert parsed.warnings == []


@pytest.mark.parametrize(
    ("org_type", "text", "program", "kind", "grade", "group"),
    [
        ("school", "5-А", "", "general", 5, "5А"),
        ("school", "Солнышко", "", "preschool", None, "Солнышко"),
        ("school", "1 группа", "Шахматы", "supplementary", None, "1 группа"),
        ("preschool", "2 младшая", "", "preschool", None, "2 младшая"),
        ("preschool", "Логопункт", "Говоруша", "supplementary", None, "Логопункт"),
        ("supplementary", "1  группа", "", "supplementary", None, "1 группа"),
        ("boarding", "7", "", "general", 7, "7"),
        ("vocational", "ЭК-21", "", "general", None, "ЭК-21"),
    ],
)
def test_the_kind_of_program_follows_the_organization_the_program_and_the_class(
    read, org_type, text, program, kind, grade, group
):
    row = read({f.CLASS: text, f.PROGRAM: program}, org_type=org_type).row
    assert (row.program_kind, row.grade, row.group_name) == (kind, grade, group)


def test_the_kind_of_a_preschool_group_is_its_orientation(read):
    row = read({f.CLASS: "Солнышко", f.BIRTH_DATE: "05.03.2022", f.CLASS_TYPE: "Комбинированная"}).row
    assert row.class_type == "combined"


def test_direction_belongs_to_supplementary_programs(read):
    assert read({f.DIRECTION: "техническая", f.PROGRAM: "Робот"}).row.direction == "technical"
    parsed = read({f.DIRECTION: "техническая"})
    assert parsed.row.direction == ""
    assert [warning.field for warning in parsed.warnings] == [f.DIRECTION]


@pytest.mark.parametrize(
    ("today", "year", "enrolled", "left", "expected"),
    [
        ("2026-09-20", None, "01.09.2026", None, 2026),
        ("2027-08-31", None, "01.09.2026", None, 2026),
        ("2026-09-20", 2025, "01.09.2025", None, 2025),
        ("2026-09-20", None, "15.01.2026", None, 2026),
        ("2026-09-20", None, "01.09.2024", "01.09.2026", 2025),
        ("2026-09-20", 2026, "01.09.2024", "02.09.2026", 2026),
        ("2026-08-25", None, "01.09.2026", None, 2026),
    ],
)
def test_a_class_belongs_to_the_year_of_the_file_or_of_the_last_counted_day(
    read, departure, today, year, enrolled, left, expected
):
    cells = {f.ENROLLED_ON: enrolled, f.ORDER_DATE: enrolled, **({**departure, f.LEFT_ON: left} if left else {})}
    row = read(cells, year=year, today=datetime.date.fromisoformat(today)).row
    assert row.academic_year == expected


def test_a_place_older_than_its_class_enters_the_class_on_the_first_of_september(read):
    row = read({f.ENROLLED_ON: "01.09.2022", f.ORDER_DATE: "30.08.2022"}).row
    assert (row.enrolled_on, row.class_from) == (datetime.date(2022, 9, 1), datetime.date(2026, 9, 1))
    assert read({f.ENROLLED_ON: "10.09.2026"}).row.class_from == datetime.date(2026, 9, 10)
