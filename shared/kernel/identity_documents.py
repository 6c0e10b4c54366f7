"""Identity documents: how the series and number of each kind are written.

The table is data; kinds are codes of the classifier document_type. Where the classifier says nothing the lengths are
wide on purpose: a right document that is refused costs more than a wrong one that is stored.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from shared.kernel.names import LOOK_ALIKE

SERIES: Final = "doc_series"
NUMBER: Final = "doc_number"
PASSPORT: Final = "passport_rf"
BIRTH_CERTIFICATE: Final = "birth_certificate"
GENERAL: Final = "(general knowledge)"

_DASHES: Final = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff№]")
_TO_CYRILLIC: Final = str.maketrans({latin.upper(): letter.upper() for latin, letter in LOOK_ALIKE.items()})
# What stands for a Roman numeral on a Russian keyboard and on old typewriters (1 У Х Л С for I V X L C).
_TO_ROMAN: Final = str.maketrans(
    {"1": "I", "|": "I", "І": "I", "У": "V", "Х": "X", "Л": "L", "С": "C"}
) | str.maketrans({"П": "II", "Ш": "III"})
_BIRTH_SERIES: Final = re.compile(r"(?P<roman>[^-]+)-?(?P<letters>[А-ЯЁ]{2})")
_ROMAN: Final = re.compile(r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_FREE: Final = re.compile(r"[0-9A-ZА-ЯЁ][0-9A-ZА-ЯЁ./-]*")


class DocumentNumber(NamedTuple):
    """Series and number as they are stored."""

    series: str
    number: str


class DocumentRefused(ValueError):
    """Series or number cannot be those of the document; ``field`` says which (``doc_series``, ``doc_number``)."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Part:
    """How a series or a number is written: its form, the words for people and whether it may be missing."""

    pattern: re.Pattern[str]
    words: str
    is_required: bool = True
    clean: Callable[[str], str] = str.upper


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of document: named in the genitive («У паспорта…»), with an example and the source of the rule."""

    of_what: str
    series: Part
    number: Part
    example: str
    source: str


def _plain(text: str) -> str:
    return _DASHES.sub("-", text.upper().replace(" ", ""))  # two hyphens may have met


def _digits(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _cyrillic(text: str) -> str:
    return _digits(text).upper().translate(_TO_CYRILLIC)


def _birth_series(text: str) -> str:
    """«ІІ - AГ» of any keyboard as «II-АГ»: the numeral in Latin letters, the two letters in Cyrillic ones."""
    written = text.upper().replace(" ", "")
    head, letters = written[:-2], written[-2:].translate(_TO_CYRILLIC)
    found = _BIRTH_SERIES.fullmatch(head + letters)
    return f"{found['roman'].translate(_TO_ROMAN)}-{found['letters']}" if found else written


def _part(pattern: str, words: str, clean: Callable[[str], str] = _digits, *, is_required: bool = True) -> Part:
    return Part(re.compile(pattern, re.ASCII), words, is_required, clean)


_ANY_SERIES: Final = Part(re.compile(rf"(?=.{{1,20}}$){_FREE.pattern}"), "до 20 цифр и букв", False, _plain)
_ANY_NUMBER: Final = Part(
    re.compile(rf"(?=.{{1,30}}$)(?=.*[0-9]){_FREE.pattern}"), "до 30 цифр и букв, хотя бы одна цифра", True, _plain
)
_MILITARY: Final = (
    _part(r"[А-ЯЁ]{2}", "две буквы, например АН", _cyrillic),
    _part(r"[0-9]{6,7}", "6 или 7 цифр"),
)


def _any(of_what: str, example: str) -> Shape:
    return Shape(of_what, _ANY_SERIES, _ANY_NUMBER, example, GENERAL)


SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        PASSPORT: Shape(
            "паспорта гражданина РФ",
            _part(r"[0-9]{4}", "4 цифры, например 0312"),
            _part(r"[0-9]{6}", "6 цифр, например 345678"),
            "0312 345678",
            "classifier document_type; Положение о паспорте гражданина РФ",
        ),
        BIRTH_CERTIFICATE: Shape(
            "свидетельства о рождении",
            Part(
                re.compile(rf"{_ROMAN.pattern}-[А-ЯЁ]{{2}}"),
                "римское число и две русские буквы, например II-АГ",
                True,
                _birth_series,
            ),
            _part(r"[0-9]{6}", "6 цифр, например 512345"),
            "II-АГ 512345",
            "classifier document_type",
        ),
        "passport_rf_foreign": Shape(
            "заграничного паспорта РФ",
            _part(r"[0-9]{2}", "2 цифры, например 75"),
            _part(r"[0-9]{7}", "7 цифр, например 1234567"),
            "75 1234567",
            GENERAL,
        ),
        "military_id": Shape("военного билета", *_MILITARY, "АН 1234567", GENERAL),
        "serviceman_id": Shape("удостоверения личности военнослужащего", *_MILITARY, "МО 1234567", GENERAL),
        "military_temp": _any("временного удостоверения взамен военного билета", "АН 123456"),
        "foreign_passport": _any("иностранного паспорта", "AA 1234567"),
        "foreign_birth_certificate": _any("иностранного свидетельства о рождении", "ТТ-А 0123456"),
        "refugee_application": _any("свидетельства о ходатайстве о признании беженцем", "0012345"),
        "refugee_id": _any("удостоверения беженца", "У 012345"),
        "residence_permit": _any("вида на жительство", "82 1234567"),
        "temp_id": _any("временного удостоверения личности", "123456"),
        "temp_residence": _any("разрешения на временное проживание", "23 123456"),
        "temp_asylum": _any("свидетельства о временном убежище", "АА 0123456"),
        "other": _any("этого документа", "12345"),
    }
)


@lru_cache(maxsize=1024)  # several rules ask about one document
def check_document(doc_type: str, series: str, number: str) -> DocumentNumber:
    """Series and number as they are stored; both empty is «not filled in» and passes.

    A kind that the table does not know is read as any other document.

    Raises: DocumentRefused with the field and a sentence for the person.
    """
    shape = SHAPES.get(doc_type, SHAPES["other"])
    typed = DocumentNumber(_tidy(series), _tidy(number))
    if not typed.series and not typed.number:
        return typed
    return DocumentNumber(
        _checked(SERIES, "Серия", shape.of_what, shape.series, typed.series),
        _checked(NUMBER, "Номер", shape.of_what, shape.number, typed.number),
    )


def _tidy(text: str) -> str:
    return " ".join(_DASHES.sub("-", _INVISIBLE.sub("", text)).split())


def _checked(field: str, name: str, of_what: str, part: Part, text: str) -> str:
    if not text:
        if not part.is_required:
            return ""
        raise DocumentRefused(field, f"{name} {of_what} — {part.words}, а поле пустое. Перепишите с документа.")
    value = part.clean(text)
    if not part.pattern.fullmatch(value):
        raise DocumentRefused(field, f"{name} {of_what} — {part.words}, а указано «{text}». Сверьте с документом.")
    return value
