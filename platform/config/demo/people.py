"""Accounts of the demonstration: one for every role, and one with several places."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from config.demo.state import DemoState
from fleet import staff
from region.training.claims import Job
from region.training.registering import Person, register_self
from shared.access.roles import SECOND_FACTOR_ROLES, Role
from shared.accounts.factors import new_secret, save_app
from shared.accounts.models import Account
from shared.accounts.passwords import one_time_password
from shared.kernel.ids import new_id
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

    @property
    def needs_second_factor(self) -> bool:
        return any(role in SECOND_FACTOR_ROLES for role, _ in self.places)


@dataclass(frozen=True)
class DemoAccess:
    """A line of the table that the demonstration prints; ``secret`` is for the codes of a second factor (TOTP)."""

    place: str
    host: str
    login: str
    password: str
    secret: str = ""


DIRECTOR: Final = DemoPerson("director", ("Лебедь", "Ольга", "Тимофеевна"), ((Role.DIRECTOR, "school"),))
SECRETARY: Final = DemoPerson("secretary", ("Крылова", "Нина", "Павловна"), ((Role.SECRETARY, "school"),))
ADMINISTRATOR: Final = DemoPerson("administrator", ("Шевченко", "Артём", "Викторович"), ((Role.ORG_ADMIN, "school"),))
TEACHER: Final = DemoPerson("teacher", ("Никитина", "Елена", "Борисовна"), ((Role.TEACHER, "school"),))
SUBSTITUTE: Final = DemoPerson("substitute", ("Мельник", "Вера", "Игоревна"), ((Role.EMPLOYEE, "school"),))
PARENT: Final = DemoPerson("parent", ("Антипова", "Ксения", "Юрьевна"), ((Role.GUARDIAN, "school"),))
WORKER: Final = DemoPerson("worker", ("Рябова", "Татьяна", "Олеговна"), ((Role.EDUCATION_WORKER, ""),))
PEOPLE: Final = (
    DemoPerson("operator", ("Орлов", "Глеб", "Ильич"), ((Role.OPERATOR, ""),)),
    DemoPerson(
        "ministry",
        ("Савельева", "Марина", "Юрьевна"),
        ((Role.MINISTRY_SPECIALIST, "ministry"), (Role.REGION_REGISTRY_OPERATOR, "ministry")),
    ),
    DemoPerson("municipality", ("Беляев", "Борис", "Олегович"), ((Role.MUN_SPECIALIST, "office"),)),
    DemoPerson("region-admin", ("Костенко", "Игорь", "Степанович"), ((Role.REGION_ADMIN, "ministry"),)),
    DemoPerson("municipality-admin", ("Тарасова", "Ирина", "Викторовна"), ((Role.MUN_ADMIN, "office"),)),
    DemoPerson("training-operator", ("Громова", "Лидия", "Марковна"), ((Role.TRAINING_OPERATOR, ""),)),
    WORKER,
    DIRECTOR,
    DemoPerson("deputy", ("Соколова", "Мария", "Андреевна"), ((Role.DEPUTY_UVR, "school"),)),
    DemoPerson("coordinator", ("Гордеев", "Павел", "Сергеевич"), ((Role.COORDINATOR, "school"),)),
    ADMINISTRATOR,
    SECRETARY,
    TEACHER,
    SUBSTITUTE,
    PARENT,
    DemoPerson(
        "several",
        ("Жукова", "Анна", "Львовна"),
        ((Role.DEPUTY_UVR, "school"), (Role.TEACHER, "another"), (Role.MUN_SPECIALIST, "office")),
    ),
)


def create_people(state: DemoState) -> None:
    """Give every person the account and the roles that he lacks; passwords are permanent and kept in the state."""
    for person in PEOPLE:
        state.passwords.setdefault(person.login, one_time_password())
        if person.needs_second_factor:
            state.secrets.setdefault(person.login, new_secret())
    state.places = state.places or _chosen_places(state.school)
    state.write()
    places = _places(state)
    for person in PEOPLE:
        with scopes.enter(scopes.of_accounts().by(ACTOR)):
            _create(person, state, places)


def _create(person: DemoPerson, state: DemoState, places: dict[str, dict[str, str | None]]) -> None:
    if Account.objects.filter(login=person.login).exists():
        return
    if person is WORKER:
        _register_worker(state)
        return
    last_name, first_name, patronymic = person.name
    first, *others = (staff.find_place(role=role, **places[where]) for role, where in person.places)
    staff.create_person(
        login=person.login,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        place=first,
        password=state.passwords[person.login],
    )
    for place in others:
        staff.add_role(login=person.login, place=place)
    if person.needs_second_factor:
        save_app(account=Account.objects.get(login=person.login), secret=state.secrets[person.login])


def _register_worker(state: DemoState) -> None:
    """A teacher who has registered by the public form and waits for the operator of training."""
    last_name, first_name, patronymic = WORKER.name
    register_self(
        person=Person(last_name, first_name, patronymic, datetime.date(1984, 5, 17), "worker@example.org"),
        job=Job("Учитель", Organization.objects.get(slug=state.school)),
        login=WORKER.login,
        password=state.passwords[WORKER.login],
        key=new_id(),
    )


def _chosen_places(slug: str) -> dict[str, str]:
    """Where people work, by keys that outlive another address or municipality of the school."""
    school = Organization.objects.get(slug=slug)
    another = another_of(school) or school
    return {"school": str(school.pk), "another": str(another.pk), "office": f"office-{school.municipality_id}"}


def _places(state: DemoState) -> dict[str, dict[str, str | None]]:
    chosen = state.places or _chosen_places(state.school)
    found = Organization.objects.filter(pk__in=[chosen["school"], chosen["another"]])
    slugs = {str(key): slug for key, slug in found.values_list("pk", "slug")}
    return {
        "": {"slug": None, "code": None},
        "school": {"slug": slugs[chosen["school"]], "code": None},
        "another": {"slug": slugs[chosen["another"]], "code": None},
        "office": {"slug": None, "code": chosen["office"]},
        "ministry": {"slug": None, "code": f"ministry-{REGION}"},
    }


def another_of(school: Organization) -> Organization | None:
    """A neighbor of the same type, where somebody of this school works too."""
    near = Organization.objects.filter(municipality=school.municipality_id, org_type=school.org_type)
    return near.exclude(pk=school.pk).order_by("slug").first()


def accesses(state: DemoState) -> list[DemoAccess]:
    """What to print: every place of every person."""
    places = _places(state)
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
                    state.secrets.get(person.login, ""),
                )
            )
    return lines
