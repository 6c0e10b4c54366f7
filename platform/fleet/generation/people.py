"""Invented people: children in families that live at one address, and the municipality that remembers them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from fleet.generation.naming import patronymic_of, surname_of
from fleet.generation.numbers import Numbers, phone
from fleet.generation.sketches import OrganizationSketch
from fleet.generation.wordlists import FATHERS, FEMALE_NAMES, FOREIGN, MALE_NAMES, STREETS, SURNAMES, Community

FOREIGN_SHARE: Final = 0.03
SIBLING_SHARE: Final = 0.42
# The name the screens are drawn for; every world has one such boy.
LONGEST_SURNAME: Final = "Хворостьянов-Задунайский"
LONGEST_NAME: Final = "Константин"
BETWEEN_BIRTHS: Final = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Guardian:
    last_name: str
    first_name: str
    patronymic: str
    relation: str


@dataclass(frozen=True, slots=True)
class Document:
    kind: str
    series: str
    number: str
    issued_on: date
    issuer: str


@dataclass(slots=True)
class Family:
    """What brothers and sisters share."""

    surname: str
    father: str
    citizenship: str
    uses_patronymics: bool
    guardian: Guardian
    address: str
    registered_at: str
    phone: str
    email: str
    children: list["Person"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Person:
    last_name: str
    first_name: str
    patronymic: str
    sex: str
    born_on: date
    family: Family
    snils: str
    document: Document
    health_limits: bool
    disability: bool


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who left one organization for another and may turn up there."""

    person: Person
    group_key: str
    left_on: date


class World:
    """Everybody invented so far, so that organizations of one municipality share families."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.residents: dict[str, list[Person]] = {}
        self.movers: dict[str, list[Mover]] = {}
        self._families: dict[tuple[str, str], list[Family]] = {}
        self._family_count = 0
        self._numbers = Numbers()
        self._has_longest = False

    @property
    def term_start(self) -> date:
        """1 September of the academic year in which ``as_of`` lies."""
        return date(self.as_of.year if self.as_of.month >= 9 else self.as_of.year - 1, 9, 1)

    def newcomer(
        self, rng: Random, home: OrganizationSketch, born: tuple[date, date], *, health_limits: bool | None = None
    ) -> Person:
        """Somebody new born between two days, perhaps a brother or sister of somebody known."""
        born_on = born[0] + timedelta(days=rng.randint(0, (born[1] - born[0]).days))
        family = self._family_with_room(rng, home, born_on) or self._new_family(rng, home)
        return self._child(rng, home, family, born_on, health_limits)

    def twin(self, rng: Random, home: OrganizationSketch, of: Person) -> Person:
        """A twin: the same family and birth date, another name, documents of their own."""
        return self._child(rng, home, of.family, of.born_on, None)

    def _family_with_room(self, rng: Random, home: OrganizationSketch, born_on: date) -> Family | None:
        neighbors = self._families.get((home.oktmo, home.locality), [])
        if not neighbors or rng.random() > SIBLING_SHARE:
            return None
        for _attempt in range(6):
            family = rng.choice(neighbors)
            apart = all(abs(child.born_on - born_on) > BETWEEN_BIRTHS for child in family.children)
            if apart and len(family.children) < 4:
                return family
        return None

    def _new_family(self, rng: Random, home: OrganizationSketch) -> Family:
        self._family_count += 1
        citizenship = rng.choice(tuple(FOREIGN)) if rng.random() < FOREIGN_SHARE else ""
        community = FOREIGN.get(citizenship)
        surname = rng.choice(community.surnames if community else SURNAMES)
        if not community and not self._has_longest:
            surname, self._has_longest = LONGEST_SURNAME, True
        father = rng.choice(community.male if community else FATHERS)
        address = _address(rng, home)
        ordinal = self._family_count
        family = Family(
            surname=surname,
            father=father,
            citizenship=citizenship,
            uses_patronymics=not community or rng.random() < 0.7,
            guardian=_guardian(rng, surname, father, community),
            address=address,
            registered_at=address if rng.random() < 0.9 else _address(rng, home),
            phone=phone(ordinal),
            email=f"family{ordinal}@example.org" if rng.random() < 0.35 else "",
        )
        self._families.setdefault((home.oktmo, home.locality), []).append(family)
        return family

    def _child(
        self, rng: Random, home: OrganizationSketch, family: Family, born_on: date, health_limits: bool | None
    ) -> Person:
        is_longest = family.surname == LONGEST_SURNAME and not family.children
        sex = "M" if is_longest else rng.choice("MF")
        community = FOREIGN.get(family.citizenship)
        names = _first_names(community, sex)
        known = {child.first_name for child in family.children}
        first_name = LONGEST_NAME if is_longest else rng.choice([name for name in names if name not in known] or names)
        disability = rng.random() < 0.018
        limited = rng.random() < (0.6 if disability else 0.045)
        person = Person(
            last_name=surname_of(family.surname, sex),
            first_name=first_name,
            patronymic=patronymic_of(family.father, sex) if family.uses_patronymics else "",
            sex=sex,
            born_on=born_on,
            family=family,
            snils="" if rng.random() < (0.7 if community else 0.03) else self._numbers.snils(rng),
            document=self._document(rng, home, family, born_on),
            health_limits=limited if health_limits is None else health_limits,
            disability=disability,
        )
        family.children.append(person)
        self.residents.setdefault(home.oktmo, []).append(person)
        return person

    def _document(self, rng: Random, home: OrganizationSketch, family: Family, born_on: date) -> Document:
        """A birth certificate up to fourteen years, then a passport, obtained within two months of the birthday."""
        if family.citizenship:
            issued_on = min(born_on + timedelta(days=rng.randint(30, 900)), self.as_of)
            letter = family.citizenship[0]
            number = letter + self._numbers.document(rng, f"foreign {letter}", digits=8)
            return Document("Паспорт иностранного гражданина", "", number, issued_on, "")
        passport_on = anniversary(born_on, 14) + timedelta(days=rng.randint(5, 60))
        if passport_on <= self.as_of:
            series = f"{home.oktmo[:2] or '00'} {passport_on.year % 100:02d}"
            number = self._numbers.document(rng, series)
            issuer = f"ГУ МВД России, {home.region}" if home.region else "МВД России"
            return Document("Паспорт гражданина РФ", series, number, passport_on, issuer)
        issued_on = min(born_on + timedelta(days=rng.randint(5, 45)), self.as_of)
        series = f"{rng.choice(('I', 'II', 'III', 'IV', 'V', 'VI'))}-АГ"
        issuer = f"Отдел ЗАГС, {home.line['municipality'] or home.locality}"
        return Document("Свидетельство о рождении", series, self._numbers.document(rng, series), issued_on, issuer)


def anniversary(born_on: date, years: int) -> date:
    """The birthday on which somebody is ``years`` old; 29 February moves to 1 March."""
    if (born_on.month, born_on.day) == (2, 29):
        born_on += timedelta(days=1)
        return date(born_on.year + years, 3, 1)
    return born_on.replace(year=born_on.year + years)


def age_on(born_on: date, day: date) -> int:
    """Full years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _first_names(community: Community | None, sex: str) -> tuple[str, ...]:
    if community:
        return community.male if sex == "M" else community.female
    return MALE_NAMES if sex == "M" else FEMALE_NAMES


def _guardian(rng: Random, surname: str, father: str, community: Community | None) -> Guardian:
    """The parent who signs: mostly the mother, sometimes the father, now and then a guardian with another surname."""
    chance = rng.random()
    grandfather = rng.choice(community.male if community else FATHERS)
    if chance < 0.22:
        return Guardian(surname_of(surname, "M"), father, patronymic_of(grandfather, "M"), "Отец")
    mother = rng.choice(_first_names(community, "F"))
    if chance < 0.97:
        own = surname if rng.random() < 0.88 else rng.choice(SURNAMES)
        return Guardian(surname_of(own, "F"), mother, patronymic_of(grandfather, "F"), "Мать")
    return Guardian(surname_of(rng.choice(SURNAMES), "F"), mother, patronymic_of(grandfather, "F"), "Опекун")


def _address(rng: Random, home: OrganizationSketch) -> str:
    house = f"ул. {rng.choice(STREETS)}, д. {rng.randint(1, 180)}"
    flat = "" if home.is_rural else f"кв. {rng.randint(1, 120)}"
    return ", ".join(filter(None, (home.region, home.line["municipality"], home.locality, house, flat)))
