"""Organizations to fill with people: real ones of the register, or invented ones in real municipalities."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Final

from slugify import slugify

from fleet.generation.numbers import KPP, organization_inn, organization_ogrn, phone

COLUMNS: Final = (
    "full_name",
    "short_name",
    "type",
    "municipality",
    "oktmo",
    "inn",
    "kpp",
    "ogrn",
    "address",
    "phone",
    "email",
    "website",
    "urban_rural",
    "slug",
)
REGIONS: Final = {"03": "Краснодарский край", "36": "Самарская область", "47": "Мурманская область"}
SLUG_LENGTH: Final = 40

# What the first, second, … organization of a municipality is, so that three of them already teach every age.
_TYPES: Final = ("school", "preschool", "supplementary", "school", "preschool", "school", "school", "preschool")
_SETTLEMENT: Final = re.compile(r"(?:г\.|с\.|п\.|х\.|ст\.|ст-ца|станица|пгт)\s.+")


@dataclass(frozen=True, slots=True)
class OrganizationSketch:
    """One organization: its line of the organizations file and the place its families live in."""

    line: Mapping[str, str]
    locality: str

    @property
    def slug(self) -> str:
        return self.line["slug"]

    @property
    def type(self) -> str:
        return self.line["type"]

    @property
    def oktmo(self) -> str:
        return self.line["oktmo"]

    @property
    def is_rural(self) -> bool:
        return self.line["urban_rural"] == "rural"

    @property
    def region(self) -> str:
        return REGIONS.get(self.oktmo[:2], "")

    def is_called(self, *words: str) -> bool:
        """Whether the name has one of the words: «гимназия», «основная»…"""
        name = f"{self.line['full_name']} {self.line['short_name']}".lower()
        return any(word in name for word in words)


SourceOrganizations = Sequence[OrganizationSketch]


@dataclass(frozen=True, slots=True)
class _Municipality:
    oktmo: str
    name: str
    center: str
    center_kind: str
    villages: tuple[str, ...]


def read_register(path: Path, *, region_prefix: str, slugs: Mapping[int, str] | None = None) -> SourceOrganizations:
    """Organizations of one region from the register file, values as they stand there.

    ``slugs``: by ordinal number (from 0) among the chosen rows; where it is silent, the file's own slug, else a
    transliteration of the short name.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["oktmo"].startswith(region_prefix)]
    centers = {place.oktmo: place.center for place in _municipalities()}
    taken = set((slugs or {}).values())
    sketches = []
    for ordinal, row in enumerate(rows):
        line = {column: row.get(column) or "" for column in COLUMNS}
        center = centers.get(line["oktmo"], line["municipality"])
        given = (slugs or {}).get(ordinal) or line["slug"]
        line["slug"] = given or _free_slug(line["short_name"] or line["full_name"], center, taken)
        taken.add(line["slug"])
        sketches.append(OrganizationSketch(line, _locality(line["address"]) or center))
    return sketches


def invent_organizations(count: int, rng: Random) -> SourceOrganizations:
    """Invented organizations, about four to a municipality, so that families meet in several of them."""
    places = list(_municipalities())
    chosen = rng.sample(places, min(len(places), max(1, count // 4)))
    taken: set[str] = set()
    return [
        _invent(ordinal, chosen[ordinal % len(chosen)], ordinal // len(chosen), rng, taken) for ordinal in range(count)
    ]


def _invent(ordinal: int, place: _Municipality, turn: int, rng: Random, taken: set[str]) -> OrganizationSketch:
    kind = _TYPES[turn % len(_TYPES)]
    number = turn + 1
    in_village = kind != "supplementary" and bool(place.villages) and rng.random() < 0.4
    locality = rng.choice(place.villages) if in_village else place.center
    full_name, short_name = _names(kind, number, rural=in_village, rng=rng)
    slug = _free_slug(f"{short_name.split()[1]} {number} {place.center.split(' ', 1)[1]}", "", taken)
    taken.add(slug)
    street = rng.choice(("Школьная", "Мира", "Ленина", "Красная", "Садовая"))
    line = {
        "full_name": f"{full_name} ({locality}, {place.name})",
        "short_name": short_name,
        "type": kind,
        "municipality": place.name,
        "oktmo": place.oktmo,
        "inn": organization_inn(ordinal + 1),
        "kpp": KPP,
        "ogrn": organization_ogrn(ordinal + 1, 2002),
        "address": f"{REGIONS['03']}, {place.name}, {locality}, ул. {street}, д. {rng.randint(1, 150)}",
        "phone": phone(9_000_000 + ordinal),
        "email": f"{slug}@example.org",
        "website": f"https://{slug}.example.org",
        "urban_rural": "rural" if in_village else place.center_kind,
        "slug": slug,
    }
    return OrganizationSketch(line, locality)


def _names(kind: str, number: int, *, rural: bool, rng: Random) -> tuple[str, str]:
    if kind == "preschool":
        title = rng.choice(("Солнышко", "Теремок", "Сказка", "Ромашка", "Берёзка", "Алёнушка"))
        words = "муниципальное бюджетное дошкольное образовательное учреждение детский сад"
        return f"{words} № {number} «{title}»", f"МБДОУ ДС № {number} «{title}»"
    if kind == "supplementary":
        words = "муниципальное бюджетное учреждение дополнительного образования «Центр творчества"
        return f"{words} № {number}»", f"МБУДО ЦТ № {number}"
    words = "муниципальное бюджетное общеобразовательное учреждение"
    if rural and rng.random() < 0.35:
        return f"{words} основная общеобразовательная школа № {number}", f"МБОУ ООШ № {number}"
    if not rural and rng.random() < 0.2:
        kind_name = rng.choice(("гимназия", "лицей"))
        return f"{words} {kind_name} № {number}", f"МБОУ {kind_name} № {number}"
    return f"{words} средняя общеобразовательная школа № {number}", f"МБОУ СОШ № {number}"


def _municipalities() -> Iterator[_Municipality]:
    """Municipalities of Краснодарский край with their center and some villages, from ``places.csv``."""
    text = files("fleet.generation").joinpath("places.csv").read_text(encoding="utf-8")
    rows: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        rows.setdefault(row["oktmo"], []).append(row)
    for oktmo, (center, *villages) in rows.items():
        localities = tuple(row["locality"] for row in villages)
        yield _Municipality(oktmo, center["municipality"], center["locality"], center["urban_rural"], localities)


def _locality(address: str) -> str:
    """The settlement of an address: its last part that begins with a kind of settlement."""
    found = [part.strip() for part in address.split(",") if _SETTLEMENT.fullmatch(part.strip())]
    return found[-1] if found else ""


def _free_slug(name: str, center: str, taken: set[str]) -> str:
    """A free host name: the name, else the name with its municipality's center, else with a number."""
    plain = slugify(name, max_length=SLUG_LENGTH, replacements=[("№", "")])
    wide = slugify(f"{name} {center}", max_length=SLUG_LENGTH, replacements=[("№", "")])
    candidates = [plain, wide, *(f"{wide[: SLUG_LENGTH - 4]}-{number}" for number in range(2, 1000))]
    return next(slug for slug in candidates if slug and slug not in taken)
