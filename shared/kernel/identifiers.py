"""State numbers of people and organizations: written one way, checked by their control digits.

Every check returns the number as it is stored or raises ``ValueError`` whose text is a Russian sentence for the person
who typed it: which field, what is wrong, where to look.
"""

import re
from typing import Final

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
