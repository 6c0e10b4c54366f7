"""State numbers are accepted in any usual writing and refused with a sentence."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.identifiers import (
    check_department_code,
    check_inn,
    check_inn_entity,
    check_inn_person,
    check_kpp,
    check_medical_policy,
    check_ogrn,
    check_okato,
    check_okogu,
    check_okpo,
    check_oktmo,
    classifier_controls,
    format_snils,
    normalize_snils,
    snils_control,
)

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
        (check_inn_person, "5001 007322 59", "500100732259"),
        (check_inn_entity, "7707083893", "7707083893"),
        (check_okpo, "00032537", "00032537"),
        (check_okpo, "00 040 778", "00040778"),
        (check_okato, "03401000000", "03401000000"),
        (check_oktmo, "03701000", "03701000"),
        (check_oktmo, "03 701 000 001", "03701000001"),
        (check_okogu, "4210007", "4210007"),
        (check_department_code, "230–015", "230-015"),
        (check_department_code, "230015", "230-015"),
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
        (check_inn_person, "7707083893", "ИНН человека состоит из 12 цифр"),
        (check_inn_person, "500100732258", "ИНН 500100732258 не проходит проверку"),
        (check_inn_person, "000000000000", "ИНН человека состоит из 12 цифр"),
        (check_inn_entity, "500100732259", "ИНН организации состоит из 10 цифр"),
        (check_inn_entity, "7707083894", "ИНН 7707083894 не проходит проверку"),
        (check_okpo, "00032538", "Код по ОКПО 00032538 не проходит проверку"),
        (check_okpo, "0003253", "Код по ОКПО состоит из 8 цифр"),
        (check_okato, "03401", "Код по ОКАТО состоит из 11 цифр"),
        (check_oktmo, "037010000", "Код по ОКТМО состоит из 8 или 11 цифр"),
        (check_okogu, "42100", "Код по ОКОГУ состоит из 7 цифр"),
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


def test_department_code_of_other_length_is_refused_with_the_page_where_it_stands() -> None:
    with pytest.raises(ValueError, match="Код подразделения состоит из 6 цифр"):
        check_department_code("23001")


def test_control_digit_of_a_classifier_is_counted_again_when_the_remainder_is_ten() -> None:
    digits = next(
        f"{n:07d}"
        for n in range(1, 9999)
        if sum(int(d) * w for d, w in zip(f"{n:07d}", range(1, 8), strict=True)) % 11 == 10
    )
    again = sum(int(d) * w for d, w in zip(digits, range(3, 10), strict=True)) % 11 % 10
    assert classifier_controls(digits) == {str(again)}
    assert check_okpo(f"{digits}{again}") == f"{digits}{again}"


@settings(deadline=None)
@given(st.integers(1, 9_999_999).map("{:07d}".format), st.integers(1, 9))
def test_okpo_with_another_control_digit_is_refused(digits: str, shift: int) -> None:
    (control,) = classifier_controls(digits)
    assert check_okpo(digits + control) == digits + control
    with pytest.raises(ValueError, match="не проходит проверку контрольной цифры"):
        check_okpo(f"{digits}{(int(control) + shift) % 10}")


def policy_control(digits: str) -> str:
    """The control digit of a policy as the rule of the fund words it, step by step."""
    doubled = str(int(digits[14::-2]) * 2)
    total = sum(map(int, digits[13::-2] + doubled))
    return str(-total % 10)


@settings(deadline=None)
@given(st.integers(10**14, 10**15 - 1).map(str), st.integers(1, 9))
def test_medical_policy_is_checked_by_the_rule_of_the_fund(digits: str, shift: int) -> None:
    control = policy_control(digits)
    assert check_medical_policy(f"{digits[:4]} {digits[4:]}{control}") == digits + control
    with pytest.raises(ValueError, match="не проходит проверку контрольной цифры"):
        check_medical_policy(f"{digits}{(int(control) + shift) % 10}")


@pytest.mark.parametrize("written", ["", "123456789", "0000000000000000", "77015300A0000001"])
def test_medical_policy_of_other_form_is_refused_with_a_way_out(written: str) -> None:
    with pytest.raises(ValueError, match="состоит из 16 цифр"):
        check_medical_policy(written)
