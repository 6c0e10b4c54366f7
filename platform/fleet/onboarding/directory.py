"""What the rows of an organizations file are checked against, as plain facts: territories and organizations known."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from shared.kernel.names import collapse, sort_key

Identity = tuple[str, ...]

_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    """A municipality of the directory."""

    oktmo: str
    region_code: str
    name: str
    center: str


@dataclass(frozen=True, slots=True)
class Territory:
    """Where an organization belongs: a municipality, or the region itself when ``oktmo`` is empty."""

    region_code: str
    oktmo: str = ""


@dataclass(frozen=True, slots=True)
class KnownOrganization:
    """A connected organization, as much of it as identity needs."""

    slug: str
    full_name: str
    ogrn: str
    kpp: str
    territory: Territory


def title_key(name: str) -> str:
    """What makes two names of a place equal: case, ё, spaces and kinds of quotes do not count."""
    return sort_key(collapse(name.translate(_QUOTES)))


def full_name_key(name: str) -> str:
    """What makes two full names of an organization equal: letters and digits alone, «№3» and «№ 3» are one."""
    return _NOT_WORD.sub(" ", sort_key(collapse(name))).strip()


def registration_identity(ogrn: str, kpp: str) -> Identity:
    """Identity by state registration; a branch shares the ОГРН and has a КПП of its own."""
    return ("ogrn", ogrn, kpp)


def name_identity(territory: Territory, full_name: str) -> Identity:
    return ("name", territory.region_code, territory.oktmo, full_name_key(full_name))


@dataclass
class Directory:
    """Lookups over regions, municipalities and connected organizations.

    ``default_region`` is the region of the installation (setting REGION), if it serves one; ``last_number`` is the
    running number of the last organization added. ``founders`` are the bodies outside education: code → region.
    ``taken`` are addresses of copies, which are no organizations.
    """

    regions: dict[str, str]
    municipalities: dict[str, MunicipalityFacts]
    default_region: str | None = None
    last_number: int = 0
    founders: dict[str, str] = field(default_factory=dict)
    by_slug: dict[str, KnownOrganization] = field(default_factory=dict)
    by_identity: dict[Identity, KnownOrganization] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._by_name: dict[str, list[MunicipalityFacts]] = defaultdict(list)
        for municipality in self.municipalities.values():
            self._by_name[title_key(municipality.name)].append(municipality)
        self._region_patterns = {code: _any_case(name) for code, name in self.regions.items()}

    def add(self, organization: KnownOrganization) -> None:
        """Make an organization known."""
        self.by_slug[organization.slug] = organization
        self.by_identity[name_identity(organization.territory, organization.full_name)] = organization
        if organization.ogrn:
            self.by_identity[registration_identity(organization.ogrn, organization.kpp)] = organization

    def municipalities_named(self, name: str) -> list[MunicipalityFacts]:
        return self._by_name.get(title_key(name), [])

    def regions_in(self, text: str) -> list[str]:
        """Codes of the regions that a text names in any case: «… Самарской области …»."""
        prepared = title_key(text)
        return [code for code, pattern in self._region_patterns.items() if pattern.search(prepared)]


def _any_case(region_name: str) -> re.Pattern[str]:
    """A Russian name in any grammatical case: stems of its words with short endings («Самарск-ой област-и»)."""
    words = title_key(region_name).split()
    stems = (re.escape(word[:-2] if len(word) > 4 else word[:-1]) + r"\w{1,3}" for word in words)
    return re.compile(r"\b" + r"\s+".join(stems) + r"\b")
