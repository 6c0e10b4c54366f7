"""Values of cards: one reading for forms, files and the API."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.fields import Category
from shared.cards.layout import Field, Need
from shared.cards.values import KINDS, is_filled, plain, read, unplain, written


def field(kind: str, **facts: object) -> Field:
    known = {"code": "some", "label": "Поле", "need": Need.SOFT, "path": "some", "category": Category.PUBLIC}
    known |= {"is_masked": False, "basis": "", "clause": "", "keeper": "secretary", "kind": kind}
    return Field(**known | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "value", "shown"),
    [
        ("text", "  два   слова ", "два слова", "два слова"),
        ("name", "Пeтров", "Петров", "Петров"),
        ("date", "01.09.2026", datetime.date(2026, 9, 1), "01.09.2026"),
        ("date", "2026-09-01", datetime.date(2026, 9, 1), "01.09.2026"),
        ("flag", "Да", True, "да"),
        ("flag", "нет", False, "нет"),
        ("flag", "", None, ""),
        ("yes", "", False, "нет"),
        ("integer", "1 200", 1200, "1200"),
        ("decimal", "12,50", Decimal("12.50"), "12,5"),
        ("months", "63", 63, "5 лет 3 месяца"),
        ("snils", "112-233-445 95", "11223344595", "112-233-445 95"),
        ("email", "anna@example.ru", "anna@example.ru", "anna@example.ru"),
        ("url", "school1.example.ru", "https://school1.example.ru", "https://school1.example.ru"),
    ],
)
def test_a_text_becomes_a_value_and_is_written_back(kind: str, typed: str, value: object, shown: str) -> None:
    assert read(field(kind), typed) == value
    assert written(field(kind), value) == shown


def test_choices_are_read_by_label_or_code_and_shown_by_label() -> None:
    one = field("choice", classifier="sex")
    assert read(one, "мужской") == "M" == read(one, "M")
    assert written(one, "F") == "Женский"
    several = field("choices", classifier="sex")
    assert read(several, "Женский; M; женский") == ["F", "M"]
    assert written(several, ["F", "M"]) == "Женский; Мужской"


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("name", "1234", "не похоже на имя"),
        ("date", "31.02.2026", "такого дня нет"),
        ("past_date", "01.01.2199", "ещё не наступила"),
        ("flag", "наверное", "«да» или «нет»"),
        ("integer", "-5", "не целое число"),
        ("integer", "12345678901234567890", "слишком большое"),
        ("decimal", "1e30", "слишком большое"),
        ("book_number", "К-999999999999999999", "после буквы не больше 6 цифр"),
        ("decimal", "NaN", "не число"),
        ("decimal", "-1", "не число"),
        ("email", "почта", "не адрес почты"),
        ("url", "javascript:alert(1)", "не адрес сайта"),
        ("url", "http://[", "не адрес сайта"),
        ("person", "Иванов", "Выберите из списка"),
        ("snils", "112-233-445 96", "контрольное число"),
    ],
)
def test_a_wrong_text_is_refused_with_a_sentence(kind: str, typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(field(kind), typed)


@pytest.mark.parametrize(
    ("kind", "table", "column", "most", "over"),
    [
        ("integer", "staff_stafftraining", "hours", "32767", "32768"),
        ("integer", "organization_organizationcard", "shifts", "32767", "40000"),
        ("integer", "organization_organizationcard", "capacity", "2147483647", "2147483648"),
        ("decimal", "organization_organizationcard", "internet_speed_mbps", "999999999,99", "999999999,999"),
    ],
)
def test_a_number_is_bounded_by_the_column_that_holds_it(
    kind: str, table: str, column: str, most: str, over: str
) -> None:
    one = field(kind, table=table, column=column)
    assert written(one, read(one, most)) == most
    with pytest.raises(ValueError, match=f"наибольшее — {most}"):
        read(one, over)


def test_an_unknown_choice_names_what_may_be_chosen() -> None:
    with pytest.raises(ValueError, match="Выберите: «Мужской», «Женский»"):
        read(field("choice", classifier="sex"), "оно")


def test_a_text_longer_than_its_column_is_refused() -> None:
    with pytest.raises(ValueError, match="длиннее 5 знаков"):
        read(field("text", max_length=5), "шесть!")


@given(st.sampled_from(sorted(set(KINDS) - {"choice", "choices"})), st.text(max_size=60))
def test_any_text_is_read_or_refused_and_what_is_read_is_read_again(kind: str, typed: str) -> None:
    one = field(kind, max_length=200)
    try:
        value = read(one, typed)
    except ValueError:
        return  # refused with a sentence, as the tests above show
    assert unplain(one, plain(value)) == value
    if is_filled(value) and kind != "months":
        assert read(one, written(one, value)) == value
