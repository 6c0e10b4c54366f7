"""Numerals agree, spaces do not break, initials are written as in official papers."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.text import GROUP, NBSP, initials, plural, short_name, thousands, typo

LESSONS = "урок,урока,уроков"
RUSSIAN = st.text(alphabet="АБВабвгдёЁ 0123456789№.,-—«»%\u00a0чмс", max_size=60)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        *((0, "уроков"), (1, "урок"), (2, "урока"), (5, "уроков"), (11, "уроков"), (12, "уроков"), (14, "уроков")),
        *((21, "урок"), (22, "урока"), (111, "уроков"), (101, "урок"), (1004, "урока"), (-1, "урок"), (-12, "уроков")),
    ],
)
def test_a_word_agrees_with_its_number(number: int, word: str) -> None:
    assert plural(number, LESSONS) == word


@given(st.integers(min_value=0, max_value=10**9))
def test_agreement_depends_on_the_last_two_digits_only(number: int) -> None:
    assert plural(number, LESSONS) == plural(number % 100, LESSONS)


def test_two_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="Three forms"):
        plural(1, "урок,уроки")


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (999, "999"), (1186, "1 186"), (148316, "148 316"), (-386, "−386"), (Decimal("12400.5"), "12 400,5")],
)
def test_thousands_are_grouped_with_a_decimal_comma(number: int | Decimal, written: str) -> None:
    assert thousands(number) == written.replace(" ", GROUP)


@given(st.integers())
def test_grouping_keeps_the_number(number: int) -> None:
    written = thousands(number)
    assert int(written.replace(GROUP, "").replace("−", "-")) == number
    assert all(len(group) == 3 for group in written.split(GROUP)[1:])


@pytest.mark.parametrize(
    "text",
    [
        "№~14",
        "приказ №~112-у",
        "Соколова~М.~А.",
        "М.~А.~Соколова",
        "96~%",
        "84~мс",
        "1~186 учеников",
        "г.~Анапа, ул.~Садовая, д.~18",
        "тире~— здесь",
        "5~лет и 3~месяца",
    ],
)
def test_spaces_that_must_not_break_are_joined(text: str) -> None:
    assert typo(text.replace("~", " ")) == text.replace("~", NBSP)


@pytest.mark.parametrize("text", ["5 секций", "в 2026 году", "Школа открыта", "7 мячей", "14.03.2012 в 14:05"])
def test_ordinary_spaces_stay(text: str) -> None:
    assert typo(text) == text


@given(RUSSIAN)
def test_typography_changes_only_the_kind_of_spaces(text: str) -> None:
    assert re.sub(r"\s+", " ", typo(text)) == re.sub(r"\s+", " ", text)


@given(RUSSIAN)
def test_typography_of_typography_is_the_same(text: str) -> None:
    assert typo(typo(text)) == typo(text)


@pytest.mark.parametrize(
    ("full_name", "short"),
    [
        ("Соколова Мария Андреевна", "Соколова М. А."),
        ("Хворостьянов-Задунайский Константин", "Хворостьянов-Задунайский К."),
        ("Алиев Рашид Гасан оглы", "Алиев Р. Г. оглы"),
        ("Петрова Анна-Мария Ильинична", "Петрова А.-М. И."),
        ("Соколова", "Соколова"),
        ("", ""),
    ],
)
def test_a_full_name_is_shortened_to_initials(full_name: str, short: str) -> None:
    assert short_name(full_name) == short.replace(" ", NBSP)


def test_absent_names_give_no_initials() -> None:
    assert initials("Мария", "") == "М."
