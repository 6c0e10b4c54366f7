"""Names of people as they are stored, sorted and compared.

Files and keyboards bring spaces that are not spaces, dashes that are not hyphens and Latin letters that look
Cyrillic. A name with one of them is on screen the same as its neighbor and is never found beside it.
"""

import re
import unicodedata
from typing import Final, NamedTuple

# Latin letters that print as a Cyrillic one. Small h, m, t, b and n are not here: they do not look alike.
LOOK_ALIKE: Final = dict(zip("ABCEËHKMOPTXYaceëkopxy", "АВСЕЁНКМОРТХУасеёкорху", strict=True))

_LOOK_ALIKE_TABLE: Final = str.maketrans(LOOK_ALIKE)
_CYRILLIC: Final = re.compile(r"[Ѐ-ӿ]")
_OTHER_LETTER: Final = re.compile(rf"[^\W\d_Ѐ-ӿ{''.join(LOOK_ALIKE)}]")
_LOOK_ALIKE_LETTER: Final = re.compile(f"[{''.join(LOOK_ALIKE)}]")
_WORD: Final = re.compile(r"[^\s-]+")
_PLAIN: Final = re.compile(r"[А-Яа-яЁё]+(?:[ -][А-Яа-яЁё]+)*")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_HYPHENS: Final = re.compile(r"\s*[-\u2010-\u2015\u2212]+(?:\s*[-\u2010-\u2015\u2212]+)*\s*")
_SPACES: Final = re.compile(r"\s+")


class CleanName(NamedTuple):
    """A name ready to be stored; ``corrected`` when Latin letters were exchanged, which a person must be told."""

    value: str
    corrected: bool


def clean_name(text: str) -> CleanName:
    """Make a typed name storable: «  Пeтров –  Водкин» becomes «Петров-Водкин», corrected.

    Trims, collapses spaces and hyphens, drops invisible characters, and in a word that is otherwise Cyrillic exchanges
    Latin look-alikes. A word with another Latin letter («John») or wholly of look-alikes («MAX») is left as it is.
    Case is never touched. Source: INTERFACES 5, CONTINGENT 3 step 0.
    """
    if _PLAIN.fullmatch(text):
        return CleanName(text, corrected=False)
    composed = collapse(text)
    # Composed once more: a diacritic that had no Latin letter to join may join the Cyrillic one.
    value = unicodedata.normalize("NFC", _WORD.sub(_to_cyrillic, composed))
    return CleanName(value, corrected=value != composed)


def collapse(text: str) -> str:
    """One space between words, one hyphen without spaces between halves, nothing invisible, letters composed (й, ё)."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    # Composed again: an invisible character may have stood between a letter and its diacritic.
    composed = unicodedata.normalize("NFC", visible)
    return _SPACES.sub(" ", _HYPHENS.sub("-", composed)).strip(" -")


def look_alikes_to_cyrillic(word: str) -> str:
    """Exchange every Latin look-alike, unless the word has a letter that is neither Cyrillic nor a look-alike."""
    return word if _OTHER_LETTER.search(word) else word.translate(_LOOK_ALIKE_TABLE)


def sort_key(text: str) -> str:
    """The key by which names are listed and searched: lower case, ё as е.

    Exactly ``translate(lower(text), 'ё', 'е')`` of the generated columns. PostgreSQL lowers letter by letter, so a
    word-final Σ stays σ and İ becomes i; ``str.lower`` of the whole word would differ there.
    """
    return "".join(map(str.lower, text.replace("İ", "i"))).replace("ё", "е")


def match_key(text: str) -> str:
    """The key by which two records of one person are compared: upper case, Ё as Е, spaces and hyphens collapsed.

    Source: CONTINGENT 3 step 0.
    """
    return clean_name(text).value.upper().replace("Ё", "Е")


def _to_cyrillic(match: re.Match[str]) -> str:
    word = match.group()
    if not _CYRILLIC.search(word) or not _LOOK_ALIKE_LETTER.search(word):
        return word
    return look_alikes_to_cyrillic(word)
