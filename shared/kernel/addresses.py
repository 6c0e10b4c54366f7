"""Postal addresses written by people: one normal form, so that the same address is the same text.

Only the writing changes: spaces, commas, the words «город», «улица», «дом» and Latin look-alikes. Nothing is added,
dropped or moved but the postal index, which comes first. Source: приказ Минфина от 05.11.2015 № 171н (abbreviations).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from shared.kernel.names import look_alikes_to_cyrillic, sort_key

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")
_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ]")
_LATIN: Final = re.compile(r"[A-Za-zËë]")
_WORD: Final = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_HOUSE_LETTER: Final = re.compile(r"\b(\d+)([A-Za-z])\b", re.ASCII)
_COMMAS: Final = re.compile(r"\s*[,;]+(?:\s*[,;]+)*\s*")
_INDEX: Final = re.compile(r"(?:индекс\s*:?\s*)?(\d{6})(?:$|\s+(?=\D))", re.IGNORECASE)

# Canonical abbreviation: other ways to write it. A word in full is exchanged where it begins a part («город Сочи») or
# is written small («Красная улица»): «ул. Новый Город» keeps its name.
_KINDS: Final = {
    "обл.": "область|обл",
    "Респ.": "республика|респ",
    "р-н": "район|р-он|р-н",
    "г.": "город|гор",
    "пгт": "пгт",
    "рп": "рп",
    "пос.": "посёлок|поселок|пос",
    "ст-ца": "станица|ст-ца|стца",
    "с.": "село",
    "дер.": "деревня|дер",
    "х.": "хутор|хут",
    "мкр.": "микрорайон|мкрн|мкр|мк-н|м-н",
    "кв-л": "квартал|кв-л",
    "ул.": "улица|ул",
    "пер.": "переулок|пер",
    "пр-кт": "проспект|просп|пр-кт|пр-т",
    "пр-д": "проезд|пр-д",
    "б-р": "бульвар|бульв|бул|б-р",
    "пл.": "площадь|пл",
    "ш.": "шоссе",
    "наб.": "набережная|наб",
    "туп.": "тупик|туп",
    "тер.": "территория|тер",
}
# What stands before a number in a building.
_UNITS: Final = {
    "д.": "дом|д",
    "корп.": "корпус|корп|кор",
    "стр.": "строение|стр",
    "лит.": "литера|литер|лит",
    "кв.": "квартира|кв",
    "оф.": "офис|оф",
    "ком.": "комната|комн|ком",
    "пом.": "помещение|пом",
}
# One letter means a kind of place only before a name: «г Краснодар», not «литера Г».
_LETTERS: Final = {"г": "г.", "с": "с.", "х": "х.", "п": "пос."}

_BY_WRITING: Final = {writing: canonical for canonical, text in _KINDS.items() for writing in text.split("|")}
_KIND: Final = re.compile(r"(?<![\w./-])(?P<word>[^\W\d_]+(?:-[^\W\d_]+)?)(?:\.|(?![\w/-]))(?!/)")
_UNIT_BY_WRITING: Final = {writing: canonical for canonical, text in _UNITS.items() for writing in text.split("|")}
_UNIT: Final = re.compile(
    rf"(?P<before>^|\s|(?<=\d))(?P<word>{'|'.join(sorted(_UNIT_BY_WRITING, key=len, reverse=True))})"
    r"\.?\s*№?\s*(?=\d)",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(r"^(?P<word>[гсхп])(?:\.\s*|\s+)(?=[А-ЯЁ])", re.IGNORECASE)
_DOTTED: Final = re.compile(r"^(?:(?P<pgt>п\. ?г\. ?т\.?)|р\. ?п\.?) ?(?=[^\W\d_])", re.IGNORECASE)
_CLOSE_DOT: Final = re.compile(r"(?<=[^\W\d_]{2}\.)(?=[^\W_])")  # «ул.Мира», «корп.2», not «А.С.Пушкин»
_DOTS: Final = re.compile(r"(?<=\.)[ .]*\.|^[ .]+| \.+")
_PLACE_THEN_STREET: Final = re.compile(
    r"^(?P<place>(?:г\.|пос\.|ст-ца|с\.|дер\.|х\.|пгт|рп) [^,]*?\S) (?=(?:ул\.|пер\.|пр-кт|пр-д|б-р|пл\.|ш\.|наб\.) \w)"
)
_COUNTRY: Final = frozenset({"россия", "рф", "российская федерация"})
_UNSAID: Final = re.compile(r"\b(?:г|д|ул)\.(?=\s|$)")
_NOT_KEY: Final = re.compile(r"[^\w/-]+")


def normalize_address(text: str) -> str:
    """The stored form: «г Краснодар,ул.Красная д5 кв 3, 350000» is «350000, г. Краснодар, ул. Красная, д. 5, кв. 3».

    Normal text stays as it is; empty text stays empty.

    Raises: ValueError with a sentence when the text names no place at all.
    """
    parts = [part for part in _COMMAS.split(_cleaned(text)) if part.strip(" .")]
    if not parts:
        return ""
    index, parts = _take_index(parts)
    if not any(char.isalpha() for part in parts for char in part):
        raise ValueError(
            "В адресе нет названий. Напишите населённый пункт, улицу и дом, например г. Краснодар, ул. Красная, д. 5."
        )
    written = ", ".join(_normal_part(part) for part in parts)
    return ", ".join(filter(None, (index, written)))


def same_address(one: str, other: str) -> bool:
    """Whether two texts are one address: index, country, case, ё and the words «г.», «ул.», «д.» do not count.

    Two empty texts are not an address and are not the same.
    """
    key = _address_key(one)
    return bool(key) and key == _address_key(other)


def _cleaned(text: str) -> str:
    visible = _DASHES.sub("-", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    spaced = " ".join(unicodedata.normalize("NFC", visible).split())
    if not (_LATIN.search(spaced) and _CYRILLIC.search(spaced)):
        return spaced
    # Composed once more: a diacritic that had no Latin letter to join may join the Cyrillic one.
    exchanged = _WORD.sub(_to_cyrillic, _HOUSE_LETTER.sub(_house_letter, spaced))
    return unicodedata.normalize("NFC", exchanged)


def _to_cyrillic(match: re.Match[str]) -> str:
    word = match.group()
    return look_alikes_to_cyrillic(word) if _CYRILLIC.search(word) else word


def _house_letter(match: re.Match[str]) -> str:
    """«12A» of a house with a Latin letter; in an address that is otherwise Cyrillic the letter is Cyrillic."""
    return match[1] + look_alikes_to_cyrillic(match[2])


def _take_index(parts: list[str]) -> tuple[str, list[str]]:
    """The postal index: six digits that stand as a part of their own or begin one."""
    for place, part in enumerate(parts):
        if found := _INDEX.match(part.strip(" .")):
            rest = part.strip(" .")[found.end() :]
            return found[1], [*parts[:place], *([rest] if rest else ()), *parts[place + 1 :]]
    return "", parts


@lru_cache(maxsize=8192)  # towns and streets repeat from row to row of a file
def _normal_part(part: str) -> str:
    part = _CLOSE_DOT.sub(" ", _DOTS.sub("", part))
    part = _DOTTED.sub(lambda found: "пгт " if found["pgt"] else "рп ", part)
    part = _LETTER.sub(lambda found: f"{_LETTERS[found['word'].lower()]} ", part.strip(" "))
    part = _UNIT.sub(_unit, _KIND.sub(_kind, part))
    part = ", ".join(piece.strip() for piece in _COMMAS.split(" ".join(part.split())) if piece.strip())
    return _PLACE_THEN_STREET.sub(r"\g<place>, ", part)


def _kind(found: re.Match[str]) -> str:
    word = found["word"]
    canonical = _BY_WRITING.get(word.lower())
    if canonical is None:
        return found.group()
    is_abbreviation = found.group().endswith(".") or "-" in word or word.lower() in ("пгт", "рп")
    if found.start() and word != word.lower() and not is_abbreviation:
        return found.group()  # a name: «ул. Новый Город»
    return f"{canonical} " if found.string[found.end() :][:1].isalnum() else canonical


def _unit(found: re.Match[str]) -> str:
    lead = ", " if found.start() or found["before"] else ""
    return f"{lead}{_UNIT_BY_WRITING[found['word'].lower()]} "


def _address_key(text: str) -> str:
    try:
        normal = normalize_address(text)
    except ValueError:
        return ""
    parts = [sort_key(part) for part in normal.split(", ") if not _INDEX.fullmatch(part)]
    said = [part for part in parts if part not in _COUNTRY]
    return " ".join(filter(None, (_NOT_KEY.sub(" ", _UNSAID.sub(" ", part)).strip() for part in said)))
