"""Telephone numbers: read in any usual writing, stored in one.

The stored form is the international one people read: «+7 918 123-45-67», with an extension «+7 861 262-12-34 доб. 12».
"""

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from shared.kernel.text import NBSP

COUNTRY: Final = "RU"  # of a number written without a country code

_WRITTEN: Final = re.compile(r"[+]?[\d\s().\-\u2010-\u2015\u2212]+", re.ASCII)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LABEL: Final = re.compile(r"^(?:тел(?:ефон)?|моб(?:ильный)?|сот(?:овый)?|факс)\b[.:\s]*", re.IGNORECASE)
_EXTENSION: Final = re.compile(
    r"[\s,(]*(?:доб(?:авочный)?|вн(?:утр(?:енний)?)?|ext(?:ension)?)\b[.:\s]*(?P<digits>\d{1,6})\s*\)?$", re.IGNORECASE
)
_COMMA_BEFORE_EXTENSION: Final = re.compile(r"\s*[,;]\s*(?=(?:доб|вн|ext))", re.IGNORECASE)
_BETWEEN_NUMBERS: Final = re.compile(r"\s*[,;\n/]\s*|\s+и\s+")
# The library takes a tenth of a millisecond a number; a file has as many numbers as rows, and nearly all are these.
_MOBILE: Final = re.compile(r"(?:(?:\+?7|8)[ (-]*)?(9\d\d)[ )-]*(\d{3})[ -]?(\d\d)[ -]?(\d\d)", re.ASCII)
_RUSSIAN_NUMBER: Final = re.compile(r"[3489]\d{9}", re.ASCII)  # «7…» of the same country code is Kazakhstan


def normalize_phone(text: str) -> str:
    """One number as it is stored: «8(918)1234567» becomes «+7 918 123-45-67»; a foreign number is written with its «+».

    Raises: ValueError with a sentence for the person.
    """
    if mobile := _MOBILE.fullmatch(text):
        return "+7 {} {}-{}-{}".format(*mobile.groups())
    written = _LABEL.sub("", " ".join(_INVISIBLE.sub("", text).split()))
    main, extension = _split_extension(written)
    if not _WRITTEN.fullmatch(main):
        raise ValueError(
            f"В телефоне «{text.strip()}» есть лишние знаки. Оставьте один номер цифрами, например +7 918 123-45-67."
        )
    try:
        number = phonenumbers.parse(main, COUNTRY)
    except NumberParseException as error:
        is_long = error.error_type == NumberParseException.TOO_LONG
        raise (_too_long(main) if is_long else _unreadable(main)) from None
    _refuse_wrong(number, main)
    stored = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return f"{stored} доб. {extension}" if extension else stored


def normalize_phones(text: str) -> str:
    """Several numbers between commas, semicolons or slashes, each normal, each once, in their order.

    Raises: ValueError with a sentence for the person.
    """
    joined = _COMMA_BEFORE_EXTENSION.sub(" ", text.strip())
    numbers = [normalize_phone(part) for part in _BETWEEN_NUMBERS.split(joined) if part.strip()]
    if not numbers:
        raise ValueError("В поле нет ни одного номера телефона. Напишите номер, например +7 918 123-45-67.")
    return ", ".join(dict.fromkeys(numbers))


def format_phone(stored: str) -> str:
    """Stored numbers for the screen: a number does not break at a line's end, between two numbers a line may break."""
    return ", ".join(number.replace(" ", NBSP) for number in stored.split(", "))


def _split_extension(written: str) -> tuple[str, str]:
    found = _EXTENSION.search(written)
    return (written[: found.start()], found["digits"]) if found else (written, "")


def _refuse_wrong(number: PhoneNumber, written: str) -> None:
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict in (ValidationResult.IS_POSSIBLE_LOCAL_ONLY, ValidationResult.TOO_SHORT):
        raise _unreadable(written)
    if verdict != ValidationResult.IS_POSSIBLE:
        raise _too_long(written)
    if not _is_given_out(number):
        raise ValueError(f"Телефона «{written.strip()}» не бывает: такого кода нет. Проверьте первые цифры номера.")


def _is_given_out(number: PhoneNumber) -> bool:
    """Whether the number can exist. New codes inside Russia are opened faster than the library learns them."""
    national = phonenumbers.national_significant_number(number)
    return phonenumbers.is_valid_number(number) or (
        number.country_code == phonenumbers.country_code_for_region(COUNTRY)
        and _RUSSIAN_NUMBER.fullmatch(national) is not None
    )


def _unreadable(written: str) -> ValueError:
    return ValueError(
        f"В телефоне «{written.strip()}» не хватает цифр. Допишите код города или оператора, например +7 861 262-12-34."
    )


def _too_long(written: str) -> ValueError:
    return ValueError(f"В телефоне «{written.strip()}» лишние цифры. Проверьте номер, два номера разделите запятой.")
