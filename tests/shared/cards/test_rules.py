"""Every rule of the cards speaks where it must, is silent where it must, and never fails on a value of a right type."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.cards.rules import RULES, findings, rules_of, stored_document

TODAY = datetime.date(2026, 11, 22)
BORN = datetime.date(2016, 5, 1)
GROWN = datetime.date(1980, 3, 15)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


PASSPORT = {"doc_type": "passport_rf", "doc_series": "0312", "doc_number": "345678"}
CERTIFICATE = {"doc_type": "birth_certificate", "doc_series": "II-АГ", "doc_number": "512345"}

# rule, card, values that it finds, values that it passes
CASES: list[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = [
    ("last_name_digits", "student", {"last_name": "Иван0в"}, {"last_name": "Иванов-Крамской"}),
    ("first_name_digits", "staff", {"first_name": "Мария1"}, {"first_name": "Мария"}),
    ("patronymic_digits", "guardian", {"patronymic": "Иванов3на"}, {"patronymic": "Ивановна"}),
    ("last_name_alphabets", "student", {"last_name": "Ивanов"}, {"last_name": "Smith"}),
    ("first_name_alphabets", "student", {"first_name": "Jон"}, {"first_name": "Анна Maria"}),
    ("patronymic_alphabets", "student", {"patronymic": "Иваnовна"}, {"patronymic": "Гасан оглы"}),
    ("birth_in_future", "student", {"birth_date": day("2026-11-23")}, {"birth_date": TODAY}),
    ("birth_too_early", "guardian", {"birth_date": day("1925-11-01")}, {"birth_date": day("1926-11-22")}),
    ("staff_too_young", "staff", {"birth_date": day("2012-11-23")}, {"birth_date": day("2012-11-22")}),
    ("staff_unusual_age", "staff", {"birth_date": day("2011-01-01")}, {"birth_date": day("2010-11-22")}),
    ("staff_unusual_age", "staff", {"birth_date": day("1940-01-01")}, {"birth_date": GROWN}),
    ("guardian_too_young", "guardian", {"birth_date": day("2012-01-01")}, {"birth_date": GROWN}),
    ("sex_patronymic", "staff", {"patronymic": "Ивановна", "sex": "M"}, {"patronymic": "Ивановна", "sex": "F"}),
    ("sex_patronymic", "student", {"patronymic": "Ильич", "sex": "F"}, {"patronymic": "Ильич", "sex": "M"}),
    ("sex_patronymic", "student", {"patronymic": "Гасан оглы", "sex": "F"}, {"patronymic": "Юн", "sex": "F"}),
    ("document_in_future", "staff", {"doc_issued_on": day("2026-11-23")}, {"doc_issued_on": TODAY}),
    (
        "document_before_birth",
        "student",
        {"doc_issued_on": day("2016-04-30"), "birth_date": BORN},
        {"doc_issued_on": BORN, "birth_date": BORN},
    ),
    ("document_series", "student", {**PASSPORT, "doc_series": "031"}, PASSPORT),
    ("document_series", "guardian", {**CERTIFICATE, "doc_series": "2-АГ"}, CERTIFICATE),
    ("document_number", "staff", {**PASSPORT, "doc_number": "34567"}, PASSPORT),
    ("document_number", "staff", {**PASSPORT, "doc_series": ""}, {**PASSPORT, "doc_number": None}),
    (
        "passport_too_early",
        "student",
        {**PASSPORT, "birth_date": BORN, "doc_issued_on": day("2026-05-01")},
        {**PASSPORT, "birth_date": day("2012-05-01"), "doc_issued_on": day("2026-05-01")},
    ),
    (
        "passport_too_early",
        "student",
        {**PASSPORT, "birth_date": BORN, "doc_issued_on": day("2016-06-01")},
        {**CERTIFICATE, "birth_date": BORN, "doc_issued_on": day("2016-06-01")},
    ),
    (
        "passport_overdue",
        "staff",
        {**PASSPORT, "birth_date": GROWN, "doc_issued_on": day("2000-06-01")},
        {**PASSPORT, "birth_date": GROWN, "doc_issued_on": day("2025-03-20")},
    ),
    (
        "passport_overdue",
        "guardian",
        {**PASSPORT, "birth_date": day("2000-01-01"), "doc_issued_on": day("2014-02-01")},
        {**PASSPORT, "birth_date": day("2006-10-01"), "doc_issued_on": day("2020-10-05")},  # ninety days are not over
    ),
    (
        "birth_certificate_outgrown",
        "student",
        {**CERTIFICATE, "birth_date": day("2011-01-01")},
        {**CERTIFICATE, "birth_date": day("2012-10-01")},
    ),
    (
        "birth_certificate_outgrown",
        "student",
        {**CERTIFICATE, "birth_date": day("2011-01-01"), "citizenship": "RUS"},
        {**CERTIFICATE, "birth_date": day("2011-01-01"), "citizenship": "ARM"},
    ),
    (
        "enrolled_before_birth",
        "student",
        {"enrolled_on": BORN, "birth_date": BORN},
        {"enrolled_on": day("2023-09-01"), "birth_date": BORN},
    ),
    ("age_for_grade", "student", {"birth_date": BORN, "grade": 9}, {"birth_date": BORN, "grade": 4}),
    (
        "age_for_grade",
        "student",
        {"birth_date": day("2005-01-01"), "grade": 5},
        {"birth_date": day("2005-01-01"), "grade": 5, "form_of_study": "part_time"},
    ),
    (
        "age_for_preschool",
        "student",
        {"birth_date": BORN, "program_kind": "preschool"},
        {"birth_date": day("2022-05-01"), "program_kind": "preschool"},
    ),
    (
        "hired_too_young",
        "staff",
        {"hire_date": day("1990-09-01"), "birth_date": GROWN},
        {"hire_date": day("1994-03-15"), "birth_date": GROWN},
    ),
    (
        "dismissed_before_hired",
        "staff",
        {"dismissed_on": day("2020-01-01"), "hire_date": day("2020-01-02")},
        {"dismissed_on": day("2020-01-02"), "hire_date": day("2020-01-02")},
    ),
    (
        "teaching_before_work",
        "staff",
        {"experience_teaching_from": day("2001-09-01"), "experience_total_from": day("2002-09-01")},
        {"experience_teaching_from": day("2003-09-01"), "experience_total_from": day("2002-09-01")},
    ),
    (
        "experience_before_birth",
        "staff",
        {"experience_total_from": day("1970-09-01"), "birth_date": GROWN},
        {"experience_total_from": day("2002-09-01"), "birth_date": GROWN},
    ),
    ("diploma_in_future", "staff.diplomas", {"issued_on": day("2027-06-30")}, {"issued_on": day("2002-06-30")}),
    (
        "diploma_before_birth",
        "staff.diplomas",
        {"issued_on": day("1979-06-30"), "birth_date": GROWN},
        {"issued_on": day("2002-06-30"), "birth_date": GROWN},
    ),
    (
        "pmpk_on_before_birth",
        "student",
        {"pmpk_on": day("2015-01-01"), "birth_date": BORN},
        {"pmpk_on": day("2022-01-01"), "birth_date": BORN},
    ),
    (
        "disability_on_before_birth",
        "student",
        {"disability_on": day("2015-01-01"), "birth_date": BORN},
        {"disability_on": day("2022-01-01"), "birth_date": BORN},
    ),
    (
        "certification_ended",
        "staff",
        {"certification_valid_to": day("2026-11-21")},
        {"certification_valid_to": TODAY},
    ),
    ("pmpk_ended", "student", {"health_limits_valid_to": day("2026-09-01")}, {"health_limits_valid_to": TODAY}),
    ("disability_ended", "student", {"disability_valid_to": day("2026-09-01")}, {"disability_valid_to": TODAY}),
    ("email_typo", "guardian", {"email": "anna@gmial.com"}, {"email": "anna@gmail.com"}),
    ("email_typo", "staff", {"email": "anna@Mial.ru"}, {"email": "anna@school37.ru"}),
    ("email_typo", "organization", {"email": "school@yandx.ru"}, {"email": "school@inbox.eu"}),
    ("website_not_web", "organization", {"website": "school37.ru"}, {"website": "https://school37.ru/about"}),
    ("website_not_web", "organization", {"website": "ftp://school37.ru"}, {"website": "http://школа37.рф"}),
    ("internet_computers_negative", "organization", {"internet_computers": -1}, {"internet_computers": 0}),
    ("internet_speed_mbps_negative", "organization", {"internet_speed_mbps": -5}, {"internet_speed_mbps": 100}),
    ("capacity_negative", "organization", {"capacity": -10}, {"capacity": 900}),
    ("shifts_negative", "organization", {"shifts": -1}, {"shifts": 2}),
    (
        "internet_too_fast",
        "organization",
        {"internet_speed_mbps": Decimal("10000.1")},
        {"internet_speed_mbps": Decimal(10000)},
    ),
    (
        "regions_differ",
        "organization",
        {"oktmo": "36701000", "okato": "03401000000"},
        {"oktmo": "03701000", "okato": "03401000000"},
    ),
    (
        "inn_other_form",
        "organization",
        {"inn": "500100732259", "legal_form": "mbu"},
        {"inn": "500100732259", "legal_form": "ip"},
    ),
    (
        "ogrn_other_form",
        "organization",
        {"ogrn": "1027700132195", "legal_form": "ip"},
        {"ogrn": "1027700132195", "legal_form": "private"},
    ),
    (
        "kpp_of_entrepreneur",
        "organization",
        {"kpp": "231001001", "legal_form": "ip"},
        {"kpp": "231001001", "legal_form": "mbu"},
    ),
    ("license_ended", "organization", {"license_valid_to": day("2025-01-01")}, {"license_valid_to": None}),
    ("accreditation_ended", "organization", {"accreditation_valid_to": day("2025-01-01")}, {}),
]


def codes(card: str, values: Mapping[str, Any]) -> set[str]:
    return {finding.code for finding in findings(card, values, TODAY)}


@pytest.mark.parametrize(("rule", "card", "wrong", "right"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_finds_what_contradicts_and_passes_what_does_not(
    rule: str, card: str, wrong: Mapping[str, Any], right: Mapping[str, Any]
) -> None:
    assert rule in codes(card, wrong)
    assert rule not in codes(card, right)


def test_every_rule_has_a_case_a_code_of_its_own_and_a_clause() -> None:
    assert [rule.code for rule in RULES] == list(dict.fromkeys(rule.code for rule in RULES))
    assert {rule.code for rule in RULES} == {case[0] for case in CASES}
    assert all(rule.clause and rule.fields and rule.cards for rule in RULES)


def test_every_sentence_says_what_is_wrong_and_what_to_do() -> None:
    for rule, card, wrong, _right in CASES:
        (finding,) = [one for one in findings(card, wrong, TODAY) if one.code == rule]
        assert finding.sentence[0].isupper()
        assert finding.sentence.endswith(".")
        assert ". " in finding.sentence
        assert "!" not in finding.sentence


@pytest.mark.parametrize("card", ["staff", "student", "guardian", "organization"])
def test_an_empty_card_contradicts_nothing(card: str) -> None:
    assert not findings(card, {}, TODAY)
    assert not findings(card, {field: None for rule in RULES for field in rule.fields}, TODAY)
    assert not findings(card, {field: "" for rule in RULES for field in rule.fields}, TODAY)


def test_blocking_findings_come_first_and_name_the_field_to_blame() -> None:
    values = {"email": "a@gmial.com", "birth_date": day("2030-01-01"), "sex": "M", "patronymic": "Ивановна"}
    found = findings("student", values, TODAY)
    assert [one.level for one in found] == ["hard", "soft", "soft"]
    assert [one.field for one in found] == ["birth_date", "patronymic", "email"]
    assert found[1].fields == ("patronymic", "sex")


def test_rules_of_people_do_not_stand_on_the_card_of_an_organization() -> None:
    assert "sex_patronymic" not in {rule.code for rule in rules_of("organization")}
    assert not rules_of("unheard_of")


def test_a_document_is_stored_in_its_normal_form_and_a_refused_one_is_left_alone() -> None:
    typed = {"doc_type": "birth_certificate", "doc_series": "11 - aг", "doc_number": "512 345"}
    assert stored_document(typed) == {"doc_series": "II-АГ", "doc_number": "512345"}
    assert stored_document({**typed, "doc_series": "2-АГ"}) == {}
    assert stored_document({"doc_type": None, "doc_series": "", "doc_number": None}) == {}


DAYS = st.dates()
TEXTS = st.text(max_size=20) | st.sampled_from(["", "Иванов", "ip", "M", "F", "passport_rf", "birth_certificate", "@"])
NUMBERS = st.integers(-(10**9), 10**9)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=2)
KINDS = {
    "grade": st.integers(-1, 99),
    "internet_computers": NUMBERS,
    "internet_speed_mbps": DECIMALS | NUMBERS,
    "capacity": NUMBERS,
    "shifts": NUMBERS,
}
FIELDS = sorted({field for rule in RULES for field in rule.fields} | {"citizenship", "form_of_study"})
ANY_CARD = st.fixed_dictionaries(
    {},
    optional={
        field: st.none() | KINDS.get(field, DAYS if field.endswith(("_on", "_date", "_to", "_from")) else TEXTS)
        for field in FIELDS
    },
)


@settings(deadline=None)
@given(
    st.sampled_from(["staff", "staff.diplomas", "student", "guardian", "organization"]),
    ANY_CARD,
    st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)),
)
def test_no_value_of_a_right_type_makes_the_rules_fail(
    card: str, values: Mapping[str, Any], today: datetime.date
) -> None:
    for finding in findings(card, values, today):
        assert finding.sentence
        assert finding.field in values
