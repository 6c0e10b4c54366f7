"""Days as people write them, school years and ages."""

import datetime
import re
from functools import lru_cache
from typing import Final

SEPTEMBER: Final = 9
_RUSSIAN: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?г\.?)?(?: 0?0:00(?::00)?)?", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_SERIAL: Final = re.compile(r"[1-9]\d{4}", re.ASCII)


@lru_cache(maxsize=65536)
def parse_day(text: str) -> datetime.date:
    """ДД.ММ.ГГГГ or ISO.

    Raises: ValueError with the end of a sentence that begins with the name of the field.
    """
    if found := _RUSSIAN.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif _SERIAL.fullmatch(text):
        raise ValueError(f"число {text} вместо даты. Задайте ячейке формат «Дата» или напишите ДД.ММ.ГГГГ.")
    else:
        raise ValueError(f"«{text}» не читается как дата. Напишите дату как ДД.ММ.ГГГГ, например 01.09.2026.")
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise ValueError(f"«{text}», а такого дня нет в календаре. Исправьте дату.") from None


def academic_year_of(day: datetime.date) -> int:
    """The school year of a day, named by its 1 September (1 September – 31 August)."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def months_between(birth: datetime.date, day: datetime.date) -> int:
    """Full months lived on a day."""
    return (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)


def written(day: datetime.date) -> str:
    return f"{day:%d.%m.%Y}"
