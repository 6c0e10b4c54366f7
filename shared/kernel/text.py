"""Russian text for the screen and for paper: numerals that agree, spaces that do not break, initials.

Every function here is pure and changes only how a value is written, never what it means.
"""

import re
from decimal import Decimal
from typing import Final

NBSP: Final = "\u00a0"
GROUP: Final = NBSP  # between groups of three digits: the narrow U+202F is all but invisible in Golos Text
MINUS: Final = "\u2212"

_ABBREVIATIONS: Final = "г|гг|ул|пр|пер|пл|д|кв|корп|стр|каб|с|пос|ст|п|пп|ч|ст-ца|х|р|им|тел|кл|гр"
_UNITS: Final = (
    "%|‰|₽|°|руб|коп|тыс|млн|млрд|чел|шт|ед|экз|ч|мин|с|сек|мс|кг|г|гг|т|км|м|см|мм|га|КБ|МБ|ГБ|ТБ|"
    "год|года|лет|месяц|месяца|месяцев|день|дня|дней|час|часа|часов|класс|класса|классов"
)
_SPACES: Final = r"[ \t\u00a0\u2009\u202f]+"
_PATRONYMIC_TAILS: Final = frozenset({"оглы", "оглу", "кызы", "кизи", "угли", "улы", "уулу"})

# (what is joined, with what): only the kind of the space between two words changes.
_JOINTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(rf"(?<=[№§]){_SPACES}(?=\w)"), NBSP),
    (re.compile(rf"(?<=\d){_SPACES}(?=\d{{3}}(?!\d))"), GROUP),
    (re.compile(rf"(?<=\d){_SPACES}(?=(?:{_UNITS})(?![\w-]))"), NBSP),
    (re.compile(rf"(?<=\b[А-ЯЁ]\.){_SPACES}(?=[А-ЯЁ](?:\.|[а-яё]))"), NBSP),
    (re.compile(rf"(?<=[а-яё]){_SPACES}(?=[А-ЯЁ]\.(?:\W|$))"), NBSP),
    (re.compile(rf"(\b(?:{_ABBREVIATIONS})\.){_SPACES}(?=[\dА-ЯЁ«])"), rf"\1{NBSP}"),
    (re.compile(rf"(?<=\S){_SPACES}(?=—(?:\s|$))"), NBSP),
)


def plural(number: int, forms: str) -> str:
    """The word that agrees with a number: ``plural(5, "урок,урока,уроков")`` is «уроков».

    Raises: ValueError when there are not three forms (for 1, for 2, for 5).
    """
    words = [form.strip() for form in forms.split(",")]
    if len(words) != 3:
        raise ValueError(f"Three forms are needed (for 1, 2 and 5), got {forms!r}")
    one, few, many = words
    tail = abs(number) % 100
    if 11 <= tail <= 14:
        return many
    if tail % 10 == 1:
        return one
    return few if 2 <= tail % 10 <= 4 else many


def thousands(number: int | float | Decimal) -> str:
    """A number as it is written in Russian: «1 186», «−12 400,5»; groups do not break at a line's end."""
    text = f"{abs(number):,}".replace(",", GROUP).replace(".", ",")
    return f"{MINUS}{text}" if number < 0 else text


def typo(text: str) -> str:
    """Put non-breaking spaces after №, in initials, before units, in thousands and before a dash.

    Spaces are exchanged, letters and their order are not: the result reads and searches the same.
    """
    for pattern, joint in _JOINTS:
        text = pattern.sub(joint, text)
    return text


def initials(*names: str) -> str:
    """«М. А.» of «Мария», «Андреевна»; both halves of a double name are kept: «А.-М.»."""
    return NBSP.join(_initial(name) for name in names if name.strip())


def _initial(name: str) -> str:
    first, *tail = name.split()
    letters = "-".join(f"{part[0].upper()}." for part in first.split("-") if part)
    return NBSP.join([letters or first, *(word for word in tail if word.lower() in _PATRONYMIC_TAILS)])


def short_name(full_name: str) -> str:
    """«Соколова М. А.» of «Соколова Мария Андреевна», for lists; a single word stays as it is.

    The first word is taken for the surname; «Алиев Рашид Гасан оглы» gives «Алиев Р. Г. оглы».
    """
    last_name, *names = full_name.split() or [""]
    given = names[:1]
    patronymic = " ".join(names[1:])
    return NBSP.join(part for part in (last_name, initials(*given, patronymic)) if part)
