"""Addresses of organizations: transliterated, checked, made free."""

from __future__ import annotations

import re
from collections.abc import Callable

from slugify import slugify

from fleet.onboarding.directory import MunicipalityFacts

MAX_LENGTH = 40
SLUG = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{MAX_LENGTH - 2}}}[a-z0-9])?")
_LETTERS = [
    ("№", " "),
    ("ё", "e"),
    ("й", "y"),
    ("ю", "yu"),
    ("я", "ya"),
    ("Ё", "e"),
    ("Й", "y"),
    ("Ю", "yu"),
    ("Я", "ya"),
]
_KIND_OF_PLACE = re.compile(
    r"\b(?:город-курорт|город|г|село|с|станица|ст-ца|поселок|посёлок|пос|п|пгт|рп|ж/д|ст|хутор|х|аул|деревня|д"
    r"|зато|муниципальный|муниципальное|образование|городской|район|округ)\b\.?",
    re.IGNORECASE,
)


def transliterate(text: str) -> str:
    """«ЦДТ «Хибины»» → «tsdt-khibiny», at most 40 characters, cut between words where possible."""
    return str(slugify(text, max_length=MAX_LENGTH, word_boundary=True, save_order=True, replacements=_LETTERS))


def is_valid(slug: str) -> bool:
    return SLUG.fullmatch(slug) is not None


def make_free(slug: str, municipality: MunicipalityFacts | None, is_taken: Callable[[str], bool]) -> str:
    """A slug nobody has: itself, else with the municipality's center, else with a number. Source: INTERFACES 4."""
    if not is_taken(slug):
        return slug
    center = transliterate(_KIND_OF_PLACE.sub(" ", municipality.center or municipality.name)) if municipality else ""
    if center:
        slug = _joined(slug, center)
    number, found = 2, slug
    while is_taken(found):
        found = _joined(slug, str(number))
        number += 1
    return found


def _joined(slug: str, suffix: str) -> str:
    suffix = suffix[: MAX_LENGTH // 2].strip("-")
    return f"{slug[: MAX_LENGTH - len(suffix) - 1].rstrip('-')}-{suffix}"
