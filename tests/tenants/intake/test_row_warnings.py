import pytest

from tenants.intake import fields as f


def warned(parsed):
    assert parsed.errors == []
    return [warning.field for warning in parsed.warnings]


@pytest.mark.parametrize(
    ("field", "text", "attribute", "value"),
    [
        (f.CITIZENSHIP, "Атлантида", "citizenship", ""),
        (f.DOC_TYPE, "Членский билет", "doc_type", "other"),
        (f.SHIFT, "4", "shift", None),
        (f.FORM, "вечерняя", "form_of_study", "full_time"),
        (f.HEALTH_LIMITS, "ЗПР", "health_limits", False),
        (f.CLASS_TYPE, "особый", "class_type", ""),
        (f.GRADE, "пятая", "grade", 5),
        (f.GRADE, "13", "grade", 5),
        (f.EMAIL, "нет почты", "email", "нет почты"),
        (f.PATRONYMIC, "Иванович2", "patronymic", "Иванович2"),
        (f.PHONE, "1" * 60, "phone", "1" * 50),
    ],
)
def test_an_optional_value_that_is_not_understood_is_a_warning(read, field, text, attribute, value):
    parsed = read({field: text, f.DOC_NUMBER: "1" if field == f.DOC_TYPE else None})
    assert warned(parsed) == [field]
    assert getattr(parsed.row, attribute) == value


def test_latin_look_alikes_are_corrected_and_reported(read):
    parsed = read({f.SURNAME: "Пeтров", f.CLASS: "5A"})
    assert (parsed.row.surname, parsed.row.group_name) == ("Петров", "5А")
    assert warned(parsed) == [f.SURNAME, f.CLASS]
    assert "«Петров»" in parsed.warnings[0].reason


@pytest.mark.parametrize(
    ("birth", "text", "form", "expected"),
    [
        ("02.03.2020", "1А", "", [f.BIRTH_DATE]),  # 6 y 5 m on 1 September
        ("01.03.2020", "1А", "", []),
        ("01.09.2016", "5А", "", []),
        ("02.09.2016", "5А", "", [f.BIRTH_DATE]),
        ("02.09.2011", "5А", "", []),
        ("01.09.2011", "5А", "", [f.BIRTH_DATE]),
        ("01.09.1980", "9А", "заочная", []),
        ("01.09.2018", "Солнышко", "", [f.BIRTH_DATE]),
        ("02.09.2018", "Солнышко", "", []),
    ],
)
def test_an_age_that_does_not_fit_is_a_warning(read, birth, text, form, expected):
    assert warned(read({f.BIRTH_DATE: birth, f.CLASS: text, f.FORM: form})) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f.ORDER_DATE: "21.09.2026", f.ENROLLED_ON: "21.09.2026"}, [f.ORDER_DATE, f.ENROLLED_ON]),
        ({f.CONSENT_ON: "01.10.2026"}, [f.CONSENT_ON]),
        ({f.ORDER_DATE: "12.09.2026"}, [f.ORDER_DATE]),
        ({f.ORDER_DATE: "11.09.2026"}, []),
    ],
)
def test_days_ahead_and_gaps_are_warnings(read, changes, expected):
    assert warned(read(changes)) == expected


def test_a_departure_ordered_before_the_enrollment_is_a_warning(read, departure):
    assert warned(read({**departure, f.DEPARTURE_ORDER_DATE: "01.08.2026"})) == [f.DEPARTURE_ORDER_DATE]


def test_an_enrollment_after_the_year_of_the_file_moves_the_class_and_says_so(read):
    parsed = read({f.ENROLLED_ON: "01.09.2026"}, year=2025)
    assert warned(parsed) == [f.ENROLLED_ON]
    assert parsed.row.academic_year == 2026
    assert "2025/26" in parsed.warnings[0].reason


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f.DOC_NUMBER: "123456"}, [f.DOC_TYPE]),
        ({f.DOC_TYPE: "passport_rf"}, [f.DOC_NUMBER]),
        ({f.DOC_TYPE: "passport_rf", f.DOC_SERIES: "304", f.DOC_NUMBER: "12345"}, [f.DOC_SERIES, f.DOC_NUMBER]),
        ({f.DOC_TYPE: "passport_rf", f.DOC_SERIES: "03 04", f.DOC_NUMBER: "123456"}, []),
    ],
)
def test_an_incomplete_or_unusual_document_is_a_warning(read, changes, expected):
    assert warned(read(changes)) == expected


def test_a_guardian_without_a_name_is_a_warning(read):
    assert warned(read({f.GUARDIAN_PHONE: "8 918 000 00 00"})) == [f.GUARDIAN_SURNAME]
    assert warned(read({f.GUARDIAN_SURNAME: "Ёлкина"})) == [f.GUARDIAN_NAME]


def test_a_group_that_reads_as_a_class_is_a_warning(read):
    assert f.CLASS in warned(read({f.CLASS: "2 младшая группа"}))
