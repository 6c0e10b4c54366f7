"""The label of a class or group as people write it: «5-А», «5 «А»», «11 гум.», «Солнышко»."""

import re
import unicodedata
from typing import Final, NamedTuple

from shared.kernel.names import look_alikes_to_cyrillic

LAST_GRADE: Final = 12
LETTER_LENGTH: Final = 15

_CLASS: Final = re.compile(r"([0-9]{1,2})(?![0-9])(.*)", re.DOTALL)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_DECORATION: Final = re.compile(r"[\s\-\u2010-\u2015\u2212«»\"'`\u2018-\u201f\u2039\u203a]+")
_SPACES: Final = re.compile(r"\s+")


class ClassLabel(NamedTuple):
    """A class has a grade and a letter (may be empty), a group has neither; ``name`` is how both are written."""

    grade: int | None
    letter: str
    name: str


def parse_class_label(text: str) -> ClassLabel:
    """Read what stands in the column «Класс».

    Leading one or two digits from 1 to 12 are the grade; the rest without quotes, hyphens and spaces, in upper case, is
    the letter, with Latin look-alikes exchanged (5A typed in Latin is 5А). Anything else, a letter longer than 15
    included, is the name of a group, in which only the spaces are put in order. In a kindergarten «5-6 лет» is a group
    although it begins with a digit: there the caller asks for ``group_name``.
    Source: INTERFACES 5, «Класс».

    Raises: ValueError when there is no name at all.
    """
    name = group_name(text)
    match = _CLASS.fullmatch(name)
    if match is None or not 1 <= int(match[1]) <= LAST_GRADE:
        return ClassLabel(None, "", name)
    grade = int(match[1])
    letter = unicodedata.normalize("NFC", look_alikes_to_cyrillic(_DECORATION.sub("", match[2]).upper()))
    if len(letter) > LETTER_LENGTH:
        return ClassLabel(None, "", name)
    # 5-1 keeps its hyphen: without it the name would read as the fifty-first.
    joint = "-" if letter[:1].isdigit() else ""
    return ClassLabel(grade, letter, f"{grade}{joint}{letter}")


def group_name(text: str) -> str:
    """The name of a group with single spaces and nothing invisible.

    Raises: ValueError when nothing is left.
    """
    name = _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()
    if not name:
        raise ValueError("Не указан класс или группа. Заполните колонку «Класс», например «5А» или «Солнышко».")
    return name
