"""Russian cases of full names, for papers: «выдана Антипову Льву Павловичу».

``pytrovich`` carries the rules; here stand the corrections where it is wrong, and what it cannot know: Latin letters,
initials, foreign patronymics, first halves that never change. The sex comes from the card and is never guessed.
Fugitive vowels of surnames waver in practice (Перецу, Перцу), so a paper lets the clerk correct the name.

Source: Правила русской орфографии и пунктуации (2006); Калакуцкая Л. П., «Склонение фамилий и личных имён».
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from pytrovich.enums import Case as LibraryCase
from pytrovich.enums import Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker


class Case(StrEnum):
    """The six cases, each with its question."""

    NOMINATIVE = "nominative"  # кто
    GENITIVE = "genitive"  # кого
    DATIVE = "dative"  # кому
    ACCUSATIVE = "accusative"  # вижу кого
    INSTRUMENTAL = "instrumental"  # кем
    PREPOSITIONAL = "prepositional"  # о ком


class Ending(NamedTuple):
    """How many letters of the nominative are dropped and what the five other cases add."""

    drop: int
    genitive: str
    dative: str
    accusative: str
    instrumental: str
    prepositional: str

    def applied(self, word: str, case: Case) -> str:
        stem = word[: len(word) - self.drop]
        return stem + str(getattr(self, case.value))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MALE: Final = "M"
FEMALE: Final = "F"
_GENDER: Final = {MALE: Gender.MALE, FEMALE: Gender.FEMALE}
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁё]{2,}")
_VOWELS: Final = "аеёиоуыэюя"

# Not changed before a hyphen: particles, and halves that no longer mean a name of their own.
_FIRST_HALVES: Final = _words(
    "аль эль ад ас аз аш ибн бен абд абдул абу ван фон дон сен сент сан сант мак нор тер тян бонч грум кара мелик "
    "доливо демут жан де дер дель ди да дю ла ле"
)
_INVARIABLE_SURNAMES: Final = _words("золя труайя мюра")  # French, stressed on the last vowel
# Women's surnames that are nouns; the others on -ова, -ева, -ина, -ына are adjectives by form.
_NOUN_SURNAMES: Final = _words("сова голова мова подкова корова щербина кручина скотина")
_ADJECTIVE_FEMALE: Final = ("ова", "ева", "ёва", "ина", "ына")
_THIRD_DECLENSION: Final = _words("ассоль адель")  # beside those that the library knows
_STRESSED_SIBILANT: Final = _words(
    "ткач грач сыч врач калач рогач усач пугач деркач головач скрипач ключ кулич хрущ лещ плющ борщ хвощ клещ"
)

_NOUN_A: Final = Ending(1, "ы", "е", "у", "ой", "е")  # Война
_THIRD: Final = Ending(1, "и", "и", "ь", "ью", "и")  # Ассоль
_MALE_IYA: Final = Ending(1, "и", "и", "ю", "ей", "и")  # Захария
_MALE_SURNAMES: Final[tuple[tuple[re.Pattern[str], Ending], ...]] = (
    (re.compile(r"^лев$"), Ending(2, "ьва", "ьву", "ьва", "ьвом", "ьве")),
    (re.compile(r"^(?:кий|бокий|топчий)$"), Ending(1, "я", "ю", "я", "ем", "и")),
    (re.compile(r"^(?:кузнец|жнец)$"), Ending(0, "а", "у", "а", "ом", "е")),
    (re.compile(r"^(?:соловей|воробей|муравей)$"), Ending(2, "ья", "ью", "ья", "ьём", "ье")),
    # German; Russian surnames on -их do not change.
    (re.compile(rf"[рл]их$|^[^{_VOWELS}]*их$|^мюних$"), Ending(0, "а", "у", "а", "ом", "е")),
    # Nouns on -ой and -юй; a surname of one syllable on -ой is never an adjective.
    (
        re.compile(rf"(?:прибой|громобой|разбой|герой|юй)$|^[^{_VOWELS}]*ой$"),
        Ending(1, "я", "ю", "я", "ем", "е"),
    ),
    (re.compile(rf"[ёо]нок$|[{_VOWELS}].*чок$"), Ending(2, "ка", "ку", "ка", "ком", "ке")),
    (re.compile(r"[бвгдзклмнпрстф]ёк$"), Ending(2, "ька", "ьку", "ька", "ьком", "ьке")),
)


def decline_full_name(last_name: str, first_name: str, patronymic: str, *, sex: str, case: Case) -> str:
    """«Антиповой Вере Романовне»: surname, name and patronymic in a case, empty parts left out."""
    parts = (
        decline_surname(last_name, sex=sex, case=case),
        decline_first_name(first_name, sex=sex, case=case),
        decline_patronymic(patronymic, sex=sex, case=case),
    )
    return " ".join(part for part in parts if part)


def decline_surname(text: str, *, sex: str, case: Case) -> str:
    """Each half of a double surname by its own rule: Римскому-Корсакову."""
    return _by_words(NamePart.LASTNAME, text, sex, case)


def decline_first_name(text: str, *, sex: str, case: Case) -> str:
    """Of a name in several words only the last changes when all are of one syllable: Чен Иру."""
    words = text.split() if case is not Case.NOMINATIVE else []
    if len(words) > 1 and all(_syllables(word) <= 1 for word in words):
        return " ".join([*words[:-1], _by_words(NamePart.FIRSTNAME, words[-1], sex, case)])
    return _by_words(NamePart.FIRSTNAME, text, sex, case)


def decline_patronymic(text: str, *, sex: str, case: Case) -> str:
    """Only patronymics on -ич and -на change; «Гасан оглы» and foreign ones stay as they are."""
    if not text.lower().endswith("ич" if sex == MALE else "на") or " " in text.strip():
        return text
    return _by_words(NamePart.MIDDLENAME, text, sex, case)


def _by_words(part: NamePart, text: str, sex: str, case: Case) -> str:
    if case is Case.NOMINATIVE or sex not in _GENDER:
        return text
    return " ".join(_by_halves(part, word, sex, case) if word[:1].isupper() else word for word in text.split())


def _by_halves(part: NamePart, word: str, sex: str, case: Case) -> str:
    halves = word.split("-")
    last = len(halves) - 1
    return "-".join(_half(part, half, sex, case, is_last=number == last) for number, half in enumerate(halves))


def _half(part: NamePart, half: str, sex: str, case: Case, *, is_last: bool) -> str:
    """One half in its own letter case: ИВАНОВУ, Иванову."""
    if not _CYRILLIC.fullmatch(half) or (not is_last and half.lower() in _FIRST_HALVES):
        return half
    if half.isupper():
        return _declined(part, half.capitalize(), sex, case).upper()
    return _declined(part, half, sex, case)


def _declined(part: NamePart, word: str, sex: str, case: Case) -> str:
    correction = _surname_ending(word.lower(), sex) if part is NamePart.LASTNAME else None
    if part is NamePart.FIRSTNAME:
        correction = _first_name_ending(word.lower(), sex)
    if correction is not None:
        return correction.applied(word, case)
    if part is NamePart.LASTNAME and word.lower() in _INVARIABLE_SURNAMES:
        return word
    found = _maker().make(part, _GENDER[sex], LibraryCase[case.name], word)
    return _instrumental(word, found, part) if case is Case.INSTRUMENTAL else found


def _surname_ending(word: str, sex: str) -> Ending | None:
    """What the library gets wrong about surnames."""
    if sex == MALE:
        return next((ending for pattern, ending in _MALE_SURNAMES if pattern.search(word)), None)
    is_noun = word in _NOUN_SURNAMES or not word.endswith(_ADJECTIVE_FEMALE)
    return _NOUN_A if is_noun and word.endswith(("на", "ва")) else None


def _first_name_ending(word: str, sex: str) -> Ending | None:
    if sex == MALE:
        return _MALE_IYA if word.endswith("ия") else None
    return _THIRD if word in _THIRD_DECLENSION else None


def _instrumental(word: str, found: str, part: NamePart) -> str:
    """-им after г, к, х and sibilants (Плохим), -ом under stress (Ткачом), -ей without it (Грушей)."""
    lower = word.lower() if part is NamePart.LASTNAME else ""
    if lower.endswith("ой") and found.endswith("ым") and lower[-3:-2] in "гкхжшчщ":
        return f"{found[:-2]}им"
    if lower in _STRESSED_SIBILANT and found.endswith("ем"):
        return f"{found[:-2]}ом"
    if lower.endswith(("ша", "жа", "ча", "ща")) and found.endswith("ой") and _syllables(lower) > 1:
        return f"{found[:-2]}ей"
    return found


def _syllables(word: str) -> int:
    return sum(letter in _VOWELS for letter in word.lower())


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()
