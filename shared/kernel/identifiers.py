"""State numbers of people and organizations: written one way, checked by their control digits.

Every check returns the number as it is stored or raises ``ValueError`` whose text is a Russian sentence for the person
who typed it: which field, what is wrong, where to look.
"""

import re
from typing import Final

from stdnum import luhn
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.ru import inn as stdnum_inn
from stdnum.ru import ogrn as stdnum_ogrn

_SEPARATORS: Final = re.compile(r"[\s\-\u00ad\u200b\u2010-\u2015\u2212\ufeff]+")
_DIGITS: Final = re.compile(r"[0-9]+")
_KPP: Final = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")
_OGRNIP: Final = re.compile(r"[34][0-9]{14}")
_SNILS_LAST_UNCHECKED: Final = 1_001_998


def normalize_snils(text: str) -> str:
    """Eleven digits of a СНИЛС written in any usual way («112-233-445 95»).

    Numbers up to 001-001-998 were given out without a control number; the zero number is a placeholder, not a number.
    Source: требования ПФР к формату отчётности, п. 8 «Алгоритм формирования контрольного числа Страхового номера».

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(digits) or len(digits) != 11:
        raise ValueError("СНИЛС состоит из 11 цифр, например 112-233-445 95. Проверьте номер по документу.")
    if int(digits[:9]) == 0:
        raise ValueError("СНИЛС не может состоять из нулей. Укажите номер по документу или оставьте поле пустым.")
    if int(digits[:9]) > _SNILS_LAST_UNCHECKED and digits[9:] != snils_control(digits[:9]):
        raise ValueError(
            f"В СНИЛС {format_snils(digits)} контрольное число не сходится с номером. Сверьте его с документом."
        )
    return digits


def snils_control(number: str) -> str:
    """The two control digits that follow the nine digits of a СНИЛС: the sum by places, 101 and 100 read as 00."""
    weighted = sum(int(digit) * weight for digit, weight in zip(number, range(9, 0, -1), strict=True))
    return f"{weighted % 101 % 100:02d}"


def format_snils(digits: str) -> str:
    """«112-233-445 95» of the eleven digits, as the document prints it."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


def check_inn(text: str) -> str:
    """Digits of an ИНН: 10 of a legal entity, 12 of a person.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    try:
        if digits.isascii() and digits.strip("0"):
            return str(stdnum_inn.validate(digits))
    except InvalidChecksum:
        raise ValueError(
            f"ИНН {digits} не проходит проверку контрольных цифр. Сверьте его со свидетельством или выпиской ЕГРЮЛ."
        ) from None
    except ValidationError:
        pass  # wrong length or not digits: the sentence below says what is expected
    raise ValueError("ИНН состоит из 10 цифр (у предпринимателя — из 12). Сверьте его с выпиской ЕГРЮЛ.")


def check_kpp(text: str) -> str:
    """Nine characters of a КПП: tax office, reason of registration (may hold Latin letters), ordinal number.

    It has no control digits. Source: приказ ФНС от 29.06.2012 № ММВ-7-6/435@.

    Raises: ValueError with a sentence for the person.
    """
    code = _SEPARATORS.sub("", text).upper()
    if not _KPP.fullmatch(code):
        raise ValueError("КПП состоит из 9 цифр, например 231001001. Сверьте его с выпиской ЕГРЮЛ.")
    return code


def check_ogrn(text: str) -> str:
    """Digits of an ОГРН (13, legal entity) or ОГРНИП (15, entrepreneur).

    The control digit is the last digit of the remainder by 11 or 13. Source: приказ Минфина от 30.10.2017 № 165н.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if _OGRNIP.fullmatch(digits) and digits[-1] == str(int(digits[:-1]) % 13 % 10):
        # stdnum compares the last digit with the whole remainder and so refuses one OGRNIP in four (remainders 10-12).
        return digits
    try:
        if digits.isascii():
            return str(stdnum_ogrn.validate(digits))
    except InvalidChecksum:
        raise ValueError(
            f"ОГРН {digits} не проходит проверку контрольной цифры. Сверьте его с выпиской ЕГРЮЛ или ЕГРИП."
        ) from None
    except ValidationError:
        pass  # wrong length, first digit or not digits: the sentence below says what is expected
    raise ValueError("ОГРН состоит из 13 цифр (у предпринимателя — из 15). Сверьте его с выпиской ЕГРЮЛ или ЕГРИП.")


def check_inn_person(text: str) -> str:
    """Twelve digits of a person's ИНН.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_number(digits, 12):
        raise ValueError("ИНН человека состоит из 12 цифр. Сверьте его со свидетельством или личным кабинетом ФНС.")
    if not stdnum_inn.is_valid(digits):
        raise ValueError(
            f"ИНН {digits} не проходит проверку контрольных цифр. Сверьте его со свидетельством о постановке на учёт."
        )
    return digits


def check_inn_entity(text: str) -> str:
    """Ten digits of a legal entity's ИНН.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_number(digits, 10):
        raise ValueError("ИНН организации состоит из 10 цифр. Сверьте его с выпиской ЕГРЮЛ.")
    return check_inn(digits)


def check_okpo(text: str) -> str:
    """Digits of a code by ОКПО: 8 of a legal entity, 10 of an entrepreneur; the last digit is the control one.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_number(digits, 8, 10):
        raise ValueError("Код по ОКПО состоит из 8 цифр (у предпринимателя — из 10). Сверьте его с письмом Росстата.")
    if digits[-1] not in classifier_controls(digits[:-1]):
        raise ValueError(
            f"Код по ОКПО {digits} не проходит проверку контрольной цифры. Сверьте его с уведомлением Росстата."
        )
    return digits


def classifier_controls(digits: str) -> frozenset[str]:
    """The control digit of an all-Russian classifier's code: the sum by weights 1, 2 … 10 and over again, modulo 11.

    A remainder of 10 is counted once more by weights moved two places (3, 4, 5 …), and 10 again is written 0. For codes
    over eight digits the text does not say whether 11 or 1 follows 10 in the moved weights: both answers are given.
    Source: ПР 50.1.024-2005, приложение В.
    """
    remainder = _weighted(digits, [place % 10 + 1 for place in range(len(digits))])
    if remainder < 10:
        return frozenset(str(remainder))
    moved = ([place + 3 for place in range(len(digits))], [(place + 2) % 10 + 1 for place in range(len(digits))])
    return frozenset(str(_weighted(digits, weights) % 10) for weights in moved)


def check_okato(text: str) -> str:
    """Eleven digits of a code by ОКАТО. The classifier prints its control number beside the code, not in it.

    Raises: ValueError with a sentence for the person.
    """
    return _check_territory("ОКАТО", _SEPARATORS.sub("", text), (11,), "из 11 цифр, например 03401000000")


def check_oktmo(text: str) -> str:
    """Digits of a code by ОКТМО: 8 of a municipality, 11 of a settlement; without a control number, as ОКАТО.

    Raises: ValueError with a sentence for the person.
    """
    return _check_territory("ОКТМО", _SEPARATORS.sub("", text), (8, 11), "из 8 или 11 цифр, например 03701000001")


def check_okogu(text: str) -> str:
    """Seven digits of a code by ОКОГУ; it has no control digit.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_number(digits, 7):
        raise ValueError("Код по ОКОГУ состоит из 7 цифр, например 4210007. Сверьте его с письмом Росстата.")
    return digits


def check_medical_policy(text: str) -> str:
    """Sixteen digits of the unified number of a policy of compulsory medical insurance (ЕНП).

    Its last digit is the HL7 «Mod 10» one: the digits of the doubled number of odd places and of the number of even
    places are summed. A carry of the doubling never meets another, so this is the Luhn digit.
    Source: приказ ФФОМС от 07.04.2011 № 79 (Общие принципы), порядок вычисления контрольной суммы ЕНП.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_number(digits, 16):
        raise ValueError("Номер медицинского полиса состоит из 16 цифр. Перепишите его с полиса без серии и пробелов.")
    if not luhn.is_valid(digits):
        raise ValueError(f"Номер полиса {digits} не проходит проверку контрольной цифры. Сверьте его с полисом.")
    return digits


def check_department_code(text: str) -> str:
    """«230-015»: the code of the department that issued a passport.

    Raises: ValueError with a sentence for the person.
    """
    digits = _SEPARATORS.sub("", text)
    if not _is_number(digits, 6):
        raise ValueError(
            "Код подразделения состоит из 6 цифр, например 230-015. Он напечатан на странице паспорта с датой выдачи."
        )
    return f"{digits[:3]}-{digits[3:]}"


def _check_territory(name: str, digits: str, lengths: tuple[int, ...], words: str) -> str:
    if not _is_number(digits, *lengths):
        raise ValueError(f"Код по {name} состоит {words}. Сверьте его с уведомлением Росстата.")
    return digits


def _is_number(digits: str, *lengths: int) -> bool:
    """Whether these are so many digits, and not only zeros."""
    return len(digits) in lengths and _DIGITS.fullmatch(digits) is not None and int(digits) > 0


def _weighted(digits: str, weights: list[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
