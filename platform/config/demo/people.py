"""Accounts of the demonstration: one for every role, and one with several places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from config.demo.state import DemoState
from fleet import staff
from shared.access.roles import Role
from shared.access.services import one_time_password
from shared.accounts.models import Account
from shared.organizations.models import Organization
from shared.tenancy import scopes

ACTOR: Final = "console:demo"
REGION: Final = "03"


@dataclass(frozen=True)
class DemoPerson:
    """Who signs in where: a place is a role and ``school``, ``another``, ``office``, ``ministry`` or nothing."""

    login: str
    name: tuple[str, str, str]
    places: tuple[tuple[Role, str], ...]


@dataclass(frozen=True)
class DemoAccess:
    """A line of the table that the demonstration prints."""

    place: str
    host: str
    login: str
    password: str


DIRECTOR: Final = DemoPerson("director", ("Лебедь", "Ольга", "Тимофеевна"), ((Role.DIRECTOR, "school"),))
SECRETARY: Final = DemoPerson("secretary", ("Крылова", "Нина", "Павловна"), ((Role.SECRETARY, "school"),))
PEOPLE: Final = (
    DemoPerson("operator", ("Орлов", "Глеб", "Ильич"), ((Role.OPERATOR, ""),)),
    DemoPerson("ministry", ("Савельева", "Марина", "Юрьевна"), ((Role.MINISTRY_OFFICER, "ministry"),)),
    DemoPerson("municipality", ("Беляев", "Борис", "Олегович"), ((Role.MUNICIPAL_OFFICER, "office"),)),
    DIRECTOR,
    DemoPerson("deputy", ("Соколова", "Мария", "Андреевна"), ((Role.DEPUTY_UVR, "school"),)),
    DemoPerson("coordinator", ("Гордеев", "Павел", "Сергеевич"), ((Role.COORDINATOR, "school"),)),
    DemoPerson("administrator", ("Шевченко", "Артём", "Викторович"), ((Role.ORG_ADMIN, "school"),)),
    SECRETARY,
    DemoPerson("teacher", ("Никитина", "Елена", "Борисовна"), ((Role.TEACHER, "school"),)),
    DemoPerson(
        "several",
        ("Жукова", "Анна", "Львовна"),
        ((Role.DEPUTY_UVR, "school"), (Role.TEACHER, "another"), (Role.MUNICIPAL_OFFICER, "office")),
    ),
)


def create_people(state: DemoState) -> None:
    """Give every person the account and the roles that he lacks; passwords are permanent and kept in the state."""
    for person in PEOPLE:
        state.passwords.setdefault(person.login, one_time_password())
    state.write()
    places = _places(state.school)
    for person in PEOPLE:
        with scopes.enter(scopes.of_accounts().by(ACTOR)):
            _create(person, state.passwords[person.login], places)


def _create(person: DemoPerson, password: str, places: dict[str, dict[str, str | None]]) -> None:
    if Account.objects.filter(login=person.login).exists():
        return
    last_name, first_name, patronymic = person.name
    first, *others = (staff.find_place(role=role, **places[where]) for role, where in person.places)
    staff.create_person(
        login=person.login,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        place=first,
        password=password,
    )
    for place in others:
        staff.add_role(login=person.login, place=place)


def _places(slug: str) -> dict[str, dict[str, str | None]]:
    school = Organization.objects.get(slug=slug)
    another = (
        Organization.objects.filter(municipality=school.municipality_id, org_type=school.org_type)
        .exclude(pk=school.pk)
        .order_by("slug")
        .first()
    )
    return {
        "": {"slug": None, "code": None},
        "school": {"slug": slug, "code": None},
        "another": {"slug": another.slug if another else slug, "code": None},
        "office": {"slug": None, "code": f"office-{school.municipality_id}"},
        "ministry": {"slug": None, "code": f"ministry-{REGION}"},
    }


def accesses(state: DemoState) -> list[DemoAccess]:
    """What to print: every place of every person."""
    places = _places(state.school)
    lines = []
    for person in PEOPLE:
        for role, where in person.places:
            place = staff.find_place(role=role, **places[where])
            title = place.organization.short_name if place.organization else ""
            lines.append(
                DemoAccess(
                    ", ".join(filter(None, [str(role.label), title])),
                    place.host,
                    person.login,
                    state.passwords[person.login],
                )
            )
    return lines
