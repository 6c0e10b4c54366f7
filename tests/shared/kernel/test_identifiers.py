"""State numbers are accepted in any usual writing and refused with a sentence."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.identifiers import check_inn, check_kpp, check_ogrn, format_snils, normalize_snils, snils_control

NUMBERS = st.integers(min_value=1_001_999, max_value=999_999_999).map("{:09d}".format)


@pytest.mark.parametrize("written", ["112-233-445 95", "11223344595", " 112 233 445 95 ", "112–233–445\u00a095"])
def test_snils_is_read_in_any_usual_writing(written: str) -> None:
    assert normalize_snils(written) == "11223344595"


@pytest.mark.parametrize(("number", "control"), [("112233445", "95"), ("087654303", "00"), ("087654302", "00")])
def test_snils_control_number_of_known_numbers(number: str, control: str) -> None:
    assert snils_control(number) == control


def test_snils_sums_of_100_and_101_have_control_number_zero() -> None:
    by_sum = {}
    for number in range(900_000_000, 900_001_000):
        digits = str(number)
        by_sum[sum(int(d) * w for d, w in zip(digits, range(9, 0, -1), strict=True))] = digits
    assert snils_control(by_sum[100]) == snils_control(by_sum[101]) == "00"
    assert snils_control(by_sum[102]) == "01"


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(NUMBERS)
def test_every_number_with_its_control_is_accepted_and_survives_formatting(number: str) -> None:
    digits = number + snils_control(number)
    assert normalize_snils(format_snils(digits)) == digits


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(NUMBERS, st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    if int(wrong) <= 1_001_998 or snils_control(wrong) == snils_control(number):
        return  # an old number without control; or 00 standing for both 100 and 101
    with pytest.raises(ValueError, match="контрольное число не сходится"):
        normalize_snils(wrong + snils_control(number))


def test_old_numbers_have_no_control_number() -> None:
    assert normalize_snils("001-001-998 11") == "00100199811"


@pytest.mark.parametrize("written", ["", "1122334459", "112233445951", "112-233-445 9А", "٠١٢٣٤٥٦٧٨٩٠"])
def test_snils_that_is_not_eleven_digits_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="СНИЛС состоит из 11 цифр"):
        normalize_snils(written)


def test_a_row_of_zeros_is_not_a_snils() -> None:
    with pytest.raises(ValueError, match="не может состоять из нулей"):
        normalize_snils("000-000-000 00")


@pytest.mark.parametrize(
    ("check", "written", "stored"),
    [
        (check_inn, "7707083893", "7707083893"),
        (check_inn, " 77 07 083893 ", "7707083893"),
        (check_inn, "500100732259", "500100732259"),
        (check_kpp, "231001001", "231001001"),
        (check_kpp, "7727aa001", "7727AA001"),
        (check_ogrn, "1027700132195", "1027700132195"),
        (check_ogrn, "1-02-77-00-132195", "1027700132195"),
        (check_ogrn, "304500116000157", "304500116000157"),
    ],
)
def test_true_numbers_are_stored_as_plain_characters(check: Callable[[str], str], written: str, stored: str) -> None:
    assert check(written) == stored


@pytest.mark.parametrize(
    ("check", "written", "sentence"),
    [
        (check_inn, "7707083894", "ИНН 7707083894 не проходит проверку"),
        (check_inn, "770708389", "ИНН состоит из 10 цифр"),
        (check_inn, "0000000000", "ИНН состоит из 10 цифр"),
        (check_inn, "٧٧٠٧٠٨٣٨٩٣", "ИНН состоит из 10 цифр"),
        (check_kpp, "23100100", "КПП состоит из 9 цифр"),
        (check_kpp, "2310АА001", "КПП состоит из 9 цифр"),
        (check_ogrn, "1027700132196", "ОГРН 1027700132196 не проходит проверку"),
        (check_ogrn, "102770013219", "ОГРН состоит из 13 цифр"),
        (check_ogrn, "0000000000000", "ОГРН состоит из 13 цифр"),
        (check_ogrn, "", "ОГРН состоит из 13 цифр"),
    ],
)
def test_wrong_numbers_are_refused_with_the_field_and_the_way_out(
    check: Callable[[str], str], written: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence) as refusal:
        check(written)
    assert "Сверьте" in str(refusal.value)


def test_entrepreneur_numbers_with_a_two_digit_remainder_are_accepted() -> None:
    body = next(str(30450011600000 + n) for n in range(13) if (30450011600000 + n) % 13 == 12)
    assert check_ogrn(body + "2") == body + "2"
