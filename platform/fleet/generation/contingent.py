"""The contingent file of one organization: who has a place in it, since when, by which order."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from fleet.generation.groups import Group, club_groups, kindergarten_groups, school_groups
from fleet.generation.orders import Order, OrderBook
from fleet.generation.people import Mover, Person, World, age_on, anniversary
from fleet.generation.sketches import OrganizationSketch
from fleet.generation.wordlists import PROGRAMS
from shared.kernel.names import sort_key

ARRIVAL_SHARE: Final = 0.03
DEPARTURE_SHARE: Final = 0.025
WITHOUT_CONSENT_SHARE: Final = 0.015
TWIN_SHARE: Final = 0.008
SHARED_PER_NEWCOMER: Final = 4
_TO_ANOTHER: Final = "Выбытие: в другую образовательную организацию"
_REASONS: Final = {
    "school": (_TO_ANOTHER, _TO_ANOTHER, "Выбытие: переезд", "Выбытие: на семейное образование, самообразование"),
    "preschool": (_TO_ANOTHER, "Выбытие: переезд", "Выбытие: по состоянию здоровья"),
    "supplementary": ("Выбытие: иные причины", "Выбытие: переезд"),
}


@dataclass(slots=True)
class Place:
    """A place of one person; becomes one row."""

    person: Person
    group: Group
    enrolled_on: date
    order: Order
    consent_on: date | None = None
    left_on: date | None = None
    reason: str = ""
    departure: Order | None = None


def contingent_rows(org: OrganizationSketch, learners: int, rng: Random, world: World) -> list[dict[str, str]]:
    """Rows of one organization's file, classes in order, names in alphabetical order.

    ``learners`` is how many new people the organization brings into the world. Besides them a supplementary
    organization (and a school's clubs) takes in those who already live in its municipality, and schools and
    kindergartens take over those who moved from another one. Other types of organizations have no rows.
    """
    return _Filling(org, rng, world).rows(learners)


class _Filling:
    """One organization being filled."""

    def __init__(self, org: OrganizationSketch, rng: Random, world: World) -> None:
        self._org = org
        self._rng = rng
        self._world = world
        self._orders = OrderBook(rng)
        self._places: list[Place] = []

    def rows(self, learners: int) -> list[dict[str, str]]:
        term = self._world.term_start
        if self._org.type == "school":
            groups = school_groups(self._org, learners, term, self._rng)
        elif self._org.type == "preschool":
            groups = kindergarten_groups(self._org, learners, term, self._rng)
        elif self._org.type == "supplementary":
            groups = club_groups(learners, term, self._rng)
        else:
            return []
        for group in groups:
            self._fill_with_newcomers(group)
        self._take_movers(groups)
        if self._org.type == "supplementary":
            self._fill_with_residents(groups, self._world.residents.get(self._org.oktmo, []))
        elif self._org.type == "school" and learners >= 60:
            self._open_school_clubs()
        self._record_departures()
        self._record_consents()
        self._orders.close()
        position = {group.label: number for number, group in enumerate(groups)}
        ordered = sorted(
            self._places,
            key=lambda place: (position.get(place.group.label, len(groups)), place.group.label, _name(place.person)),
        )
        return [_row(place) for place in ordered]

    def _fill_with_newcomers(self, group: Group) -> None:
        previous: Person | None = None
        for _seat in range(group.size):
            if previous and self._rng.random() < TWIN_SHARE:
                person = self._world.twin(self._rng, self._org, previous)
                previous = None
            else:
                limited = group.health_limits
                person = previous = self._world.newcomer(self._rng, self._org, group.born, health_limits=limited)
            self._place(person, group, self._enrollment_day(person, group))

    def _fill_with_residents(self, groups: list[Group], residents: list[Person]) -> None:
        """Give places to people the municipality already has, at most one in each group."""
        seated = {(place.person, place.group.label) for place in self._places}
        for group in groups:
            for _seat in range(group.size * SHARED_PER_NEWCOMER):
                person = self._rng.choice(residents)
                fits = group.born[0] <= person.born_on <= group.born[1]
                if fits and (person, group.label) not in seated:
                    seated.add((person, group.label))
                    self._place(person, group, self._enrollment_day(person, group))

    def _open_school_clubs(self) -> None:
        """Two programs in some schools, for the school's own learners."""
        if self._rng.random() < 0.5:
            return
        own = [place.person for place in self._places if place.group.level == "school"]
        clubs = club_groups(26, self._world.term_start, self._rng, programs=self._rng.sample(PROGRAMS, 2))
        self._fill_with_residents(clubs, own)

    def _take_movers(self, groups: list[Group]) -> None:
        """Take over some of those who left another organization of the municipality for a class like ours."""
        by_key = {group.key: group for group in groups if group.health_limits is None}
        waiting: list[Mover] = []
        for mover in self._world.movers.pop(self._org.oktmo, []):
            group = by_key.get(mover.group_key)
            day = mover.left_on + timedelta(days=self._rng.randint(0, 2))
            if group and day <= self._world.as_of and self._rng.random() < 0.7:
                self._place(mover.person, group, day, ground="transfer")
            else:
                waiting.append(mover)
        self._world.movers[self._org.oktmo] = waiting

    def _place(self, person: Person, group: Group, enrolled_on: date, ground: str | None = None) -> None:
        basis = ground or f"{group.level} {'first' if enrolled_on.month == 9 and enrolled_on.day == 1 else 'later'}"
        self._places.append(Place(person, group, enrolled_on, self._orders.enrollment(basis, enrolled_on)))

    def _enrollment_day(self, person: Person, group: Group) -> date:
        """Mostly a 1 September, sometimes a day between, for a few a day of this autumn."""
        term = self._world.term_start
        if self._rng.random() < ARRIVAL_SHARE and self._world.as_of > term:
            return _workday(self._rng, term + timedelta(days=1), self._world.as_of)
        if group.level == "preschool":
            return self._kindergarten_day(person)
        if group.level == "supplementary":
            years_ago = self._rng.choice((0, 0, 0, 1, 2))
            began = term.replace(year=term.year - years_ago)
            return began if age_on(person.born_on, began) >= 5 else term
        started = term.replace(year=term.year - ((group.grade or 1) - (10 if (group.grade or 1) >= 10 else 1)))
        if self._rng.random() < 0.8 or started == term:
            return started
        return _workday(self._rng, started, term - timedelta(days=60))

    def _kindergarten_day(self, person: Person) -> date:
        """One of four days of intake a year, from the age of fourteen months on."""
        term = self._world.term_start
        ready_on = anniversary(person.born_on, 1) + timedelta(days=60)
        days = [date(year, month, 1) for year in range(term.year - 4, term.year + 1) for month in (3, 6, 8, 9)]
        possible = [day for day in days if ready_on <= day <= term]
        if possible:
            return self._rng.choice(possible)
        return max(min(ready_on, self._world.as_of), person.born_on + timedelta(days=60))

    def _record_departures(self) -> None:
        """Some leave this autumn; those who go to another organization may be met there."""
        first = self._world.term_start + timedelta(days=1)
        for place in self._places:
            earliest = max(first, place.enrolled_on + timedelta(days=3))
            if earliest >= self._world.as_of or self._rng.random() >= DEPARTURE_SHARE:
                continue
            place.left_on = _workday(self._rng, earliest, self._world.as_of)
            place.reason = self._rng.choice(_REASONS[place.group.level])
            place.departure = self._orders.departure(place.left_on)
            if place.reason == _TO_ANOTHER:
                mover = Mover(place.person, place.group.key, place.left_on)
                self._world.movers.setdefault(self._org.oktmo, []).append(mover)

    def _record_consents(self) -> None:
        """The consent belongs to the person in this organization, whatever places he has in it."""
        consents: dict[Person, date | None] = {}
        for place in self._places:
            if place.person not in consents:
                signed_on = place.enrolled_on - timedelta(days=self._rng.randint(0, 12))
                if self._rng.random() < 0.1:  # signed again or for the first time this autumn
                    signed_on = _workday(self._rng, self._world.term_start, self._world.as_of)
                without = self._rng.random() < WITHOUT_CONSENT_SHARE
                consents[place.person] = None if without else max(signed_on, place.person.born_on)
            place.consent_on = consents[place.person]


def _row(place: Place) -> dict[str, str]:
    return _person_fields(place.person) | _place_fields(place) | _family_fields(place.person)


def _person_fields(person: Person) -> dict[str, str]:
    document = person.document
    return {
        "Фамилия": person.last_name,
        "Имя": person.first_name,
        "Отчество": person.patronymic,
        "Дата рождения": _day(person.born_on),
        "Пол": "М" if person.sex == "M" else "Ж",
        "СНИЛС": person.snils,
        "Гражданство": person.family.citizenship,
        "Тип документа": document.kind,
        "Серия": document.series,
        "Номер": document.number,
        "Дата выдачи": _day(document.issued_on),
        "Кем выдан": document.issuer,
        "ОВЗ": _yes(person.health_limits),
        "Инвалидность": _yes(person.disability),
    }


def _place_fields(place: Place) -> dict[str, str]:
    group = place.group
    return {
        "Класс": group.label,
        "Параллель": str(group.grade or ""),
        "Программа": group.program,
        "Направленность": group.direction,
        "Вид класса (группы)": group.kind,
        "Возрастная категория": group.age_band,
        "Режим пребывания": group.stay,
        "Источник финансирования": group.financing,
        "Класс-комплект": group.class_set,
        "Смена": group.shift,
        "Форма обучения": "" if group.level == "preschool" else "очная",
        "Дата зачисления": _day(place.enrolled_on),
        "№ приказа": place.order.number,
        "Дата приказа": _day(place.order.signed_on),
        "Дата выбытия": _day(place.left_on),
        "Причина выбытия": place.reason,
        "№ приказа о выбытии": place.departure.number if place.departure else "",
        "Дата приказа о выбытии": _day(place.departure.signed_on if place.departure else None),
        "Согласие на обработку ПДн": _day(place.consent_on),
    }


def _family_fields(person: Person) -> dict[str, str]:
    family = person.family
    return {
        "Адрес места жительства": family.address,
        "Адрес регистрации": family.registered_at,
        "Телефон": family.phone,
        "Эл. почта": family.email,
        "Представитель: Фамилия": family.guardian.last_name,
        "Представитель: Имя": family.guardian.first_name,
        "Представитель: Отчество": family.guardian.patronymic,
        "Представитель: Степень родства": family.guardian.relation,
        "Представитель: Телефон": family.phone,
    }


def _name(person: Person) -> tuple[str, str]:
    return sort_key(f"{person.last_name} {person.first_name} {person.patronymic}"), _day(person.born_on)


def _workday(rng: Random, first: date, last: date) -> date:
    """A random day from Monday to Friday, when the span has one."""
    day = first + timedelta(days=rng.randint(0, max(0, (last - first).days)))
    back = max(0, day.weekday() - 4)
    return day - timedelta(days=back) if day - timedelta(days=back) >= first else day


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _yes(fact: bool) -> str:
    return "да" if fact else "нет"
