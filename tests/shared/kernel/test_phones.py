"""Telephone numbers of every usual writing become one text, or are refused with what is missing."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.phones import format_phone, normalize_phone, normalize_phones


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("8 (918) 123-45-67", "+7 918 123-45-67"),
        ("+79181234567", "+7 918 123-45-67"),
        ("9181234567", "+7 918 123-45-67"),
        (" 8-918-123-45-67 ", "+7 918 123-45-67"),
        ("8\u00a0918\u00a01234567", "+7 918 123-45-67"),
        ("тел. 8 918 1234567", "+7 918 123-45-67"),
        ("8 (861) 262-12-34", "+7 861 262-12-34"),
        ("8 (86141) 2-34-56", "+7 861 412-34-56"),
        ("8 861 262–12–34 доб. 12", "+7 861 262-12-34 доб. 12"),
        ("8 861 262-12-34, вн.5", "+7 861 262-12-34 доб. 5"),
        ("8 861 262-12-34 (добавочный 105)", "+7 861 262-12-34 доб. 105"),
        ("8-800-555-35-35", "+7 800 555-35-35"),
        ("+375 29 123 45 67", "+375 29 123-45-67"),
    ],
)
def test_usual_writings_become_one(typed: str, stored: str) -> None:
    assert normalize_phone(typed) == stored
    assert normalize_phone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2-12-34", "Допишите код города"),
        ("123-45-67", "Допишите код города"),
        ("112", "Допишите код города"),
        ("8918123456789", "лишние цифры"),
        ("8 918 123 45 67 8 918 123 45 68", "два номера разделите запятой"),
        ("8 918 123-45-67 мама", "есть лишние знаки"),
        ("89181234567, 89181234568", "есть лишние знаки"),
        ("8-800-ШКОЛА", "есть лишние знаки"),
        ("", "есть лишние знаки"),
        ("+7 018 123-45-67", "такого кода нет"),
        ("٨٩١٨١٢٣٤٥٦٧", "есть лишние знаки"),
    ],
)
def test_what_cannot_be_dialed_is_refused_with_a_way_out(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        normalize_phone(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("89181234567,8 918 123-45-68", "+7 918 123-45-67, +7 918 123-45-68"),
        ("8 918 123-45-67; +7(918)1234567", "+7 918 123-45-67"),
        ("8 861 262-12-34, доб. 12 / 89181234567", "+7 861 262-12-34 доб. 12, +7 918 123-45-67"),
        ("89181234567 и 89181234568", "+7 918 123-45-67, +7 918 123-45-68"),
    ],
)
def test_several_numbers_are_kept_in_order_and_once(typed: str, stored: str) -> None:
    assert normalize_phones(typed) == stored
    assert normalize_phones(stored) == stored


@pytest.mark.parametrize("typed", ["", " , "])
def test_a_list_without_a_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="нет ни одного номера"):
        normalize_phones(typed)


@settings(deadline=None)
@given(st.integers(900_0000000, 999_9999999).map(str), st.sampled_from(["", "8", "+7", "7"]))
def test_mobile_numbers_are_written_as_the_library_writes_them(national: str, prefix: str) -> None:
    number = phonenumbers.parse(f"+7{national}")
    expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert normalize_phone(prefix + national) == expected


@settings(deadline=None)
@given(st.text(alphabet="0123456789+-() .,;/добвни", max_size=30))
def test_a_normal_number_is_normal_again(typed: str) -> None:
    try:
        stored = normalize_phones(typed)
    except ValueError:
        return
    assert normalize_phones(stored) == stored


def test_a_number_on_screen_does_not_break_and_two_numbers_may() -> None:
    assert format_phone("+7 861 262-12-34 доб. 12, +7 918 123-45-67") == (
        "+7\u00a0861\u00a0262-12-34\u00a0доб.\u00a012, +7\u00a0918\u00a0123-45-67"
    )
