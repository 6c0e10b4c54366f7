"""Cards of the demonstration's organizations: what the register says of them, beside it invented leaders and rooms."""

from __future__ import annotations

import datetime
import re
from random import Random
from typing import Any, Final

from django.utils import timezone

from config.demo.people import ADMINISTRATOR, DIRECTOR, PEOPLE, REGION, DemoPerson
from fleet.generation.naming import patronymic_of, surname_of
from fleet.generation.numbers import KPP, organization_inn, organization_ogrn
from fleet.generation.wordlists import FATHERS, FEMALE_NAMES, MALE_NAMES, SURNAMES
from shared.access.roles import Role
from shared.kernel.addresses import normalize_address
from shared.kernel.phones import normalize_phones
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.organization.documents import Paper, put_document
from tenants.organization.models import Building, OrganizationCard, OrganizationDocument, ResponsibleRole
from tenants.organization.premises import save_building, save_equipment, save_room
from tenants.organization.responsibles import Charge, put_in_charge
from tenants.organization.services import (
    confirm_card,
    explain_absence,
    lacking_fields,
    own_card,
    set_setup_step,
    write_card,
)

BY: Final = " ".join(ADMINISTRATOR.name)
NUMBER: Final = re.compile(r"№?\s*(\d{1,3})\b")
HEADS: Final = {"preschool": "заведующий"}
FORMS: Final = (("автоном", "mau"), ("казён", "mku"), ("казен", "mku"))
# Kind of a room, its name, seats, area: what a school and a kindergarten have.
SCHOOL_ROOMS: Final = (
    ("classroom", "Кабинет начальных классов", 28, 54),
    ("classroom", "Кабинет математики", 30, 56),
    ("laboratory", "Кабинет химии", 28, 66),
    ("computer_room", "Кабинет информатики", 16, 60),
    ("gym", "Спортивный зал", None, 288),
    ("library", "Библиотека", 24, 72),
    ("canteen", "Столовая", 120, 180),
    ("medical_room", "Медицинский кабинет", None, 22),
)
FEW_ROOMS: Final = 3  # where nobody of the demonstration works
GROUP_ROOMS: Final = (
    ("group_room", "Групповая «Ромашка»", 25, 62),
    ("group_room", "Групповая «Солнышко»", 25, 62),
    ("music_hall", "Музыкальный зал", 50, 90),
    ("medical_room", "Медицинский кабинет", None, 18),
)
SCHOOL_DUTIES: Final = {
    ResponsibleRole.DEPUTY_UVR: Role.DEPUTY_UVR,
    ResponsibleRole.COORDINATOR: Role.COORDINATOR,
    ResponsibleRole.SYSTEM_ADMIN: Role.ORG_ADMIN,
}


def create_organization_cards(slug: str) -> None:
    """Every organization of the region; one that has a building already is left alone."""
    for organization in (
        Organization.objects.filter(region_id=REGION).select_related("municipality", "region").order_by("slug")
    ):
        with scopes.enter(scopes.of_organization(organization.schema_name).by(BY, "", BY)):
            if not Building.objects.exists():
                _fill(organization, is_school_of_users=organization.slug == slug)


def _fill(organization: Organization, *, is_school_of_users: bool) -> None:
    rng, today = Random(organization.slug), timezone.localdate()
    year = today.year if today.month > 8 else today.year - 1
    since = datetime.date(year - rng.randint(1, 9), 8, 25)
    write_card(own_card(), _facts(organization, rng), by=BY)
    _leaders(organization, since, rng, is_school_of_users=is_school_of_users)
    _premises(organization, rng, most_rooms=len(SCHOOL_ROOMS) if is_school_of_users else FEW_ROOMS)
    _papers(organization, rng)
    set_setup_step(OrganizationCard.Setup.DONE)
    has_confirmed = is_school_of_users or rng.random() < 0.7
    if has_confirmed and not lacking_fields(own_card()):
        confirm_card(confirmed_on=datetime.date(year, 9, rng.randint(2, 20)), confirmed_by=BY)


def _facts(organization: Organization, rng: Random) -> dict[str, Any]:
    """Typed fields; what the register lacks stays empty where a person would have to look it up."""
    name, place = organization.full_name.lower(), organization.municipality
    number = NUMBER.search(organization.short_name)
    form = next((code for word, code in FORMS if word in name), "mbu")
    facts: dict[str, Any] = {
        "legal_form": form,
        "org_number": number[1] if number else "",
        "locality": _center(organization),
        "legal_address": normalize_address(organization.address) if organization.address else "",
        "oktmo": place.oktmo if place else "",
        "video_surveillance": True,
        "internet_computers": rng.randint(8, 90),
        "content_filter": [rng.choice(("skydns", "censor", "ics"))],
        "internet_speed_mbps": rng.choice((50, 100, 100, 200)),
        "shifts": rng.choice((1, 2)) if organization.org_type == "school" else 1,
        "school_week": "5",
        "capacity": rng.randint(4, 40) * 25,
    }
    if organization.phone:
        facts["phone"] = normalize_phones(organization.phone)
    return facts | _invented_numbers(organization)


def _invented_numbers(organization: Organization) -> dict[str, str]:
    """Numbers and contacts that the register lacks: right by every check and belonging to nobody."""
    invented = {
        "inn": organization_inn(organization.number),
        "kpp": KPP,
        "ogrn": organization_ogrn(organization.number, 2002),
        "phone": f"+7 900 000-{organization.number // 100:02d}-{organization.number % 100:02d}",
        "email": f"{organization.slug}@example.org",
    }
    return {name: value for name, value in invented.items() if not getattr(organization, name)}


def _leaders(organization: Organization, since: datetime.date, rng: Random, *, is_school_of_users: bool) -> None:
    def put(role: ResponsibleRole, name: str, position: str = "") -> None:
        charge = Charge(
            role=role,
            name=name,
            position=position,
            held_from=since,
            order_number=f"{rng.randint(3, 90)}-к",
            order_date=since,
        )
        put_in_charge(charge=charge, recorded_by=BY)

    head = HEADS.get(organization.org_type, "директор")
    put(ResponsibleRole.DIRECTOR, _full(DIRECTOR) if is_school_of_users else _invented(rng), head)
    if is_school_of_users:
        for duty, role in SCHOOL_DUTIES.items():
            put(duty, _full(_holder(role)))
        put(ResponsibleRole.SUPERVISOR, _full(_holder(Role.DEPUTY_UVR)))
        put(ResponsibleRole.DEPUTY_FACILITIES, _invented(rng))
    elif organization.org_type == "school":
        put(ResponsibleRole.DEPUTY_UVR, _invented(rng))
        put(ResponsibleRole.DEPUTY_FACILITIES, _invented(rng))
    explain_absence(code="deputy_it", reason="absent", by=BY)


def _premises(organization: Organization, rng: Random, *, most_rooms: int) -> None:
    is_school = organization.org_type == "school"
    building = save_building(
        facts={
            "name": "Главный корпус" if is_school else "Основное здание",
            "kind": Building.Kind.TEACHING,
            "address": organization.address or _center(organization),
            "year_built": rng.randint(1958, 2019),
            "area_m2": rng.randint(18, 62) * 100,
            "storeys": rng.randint(2, 3),
            "condition": rng.choice((Building.Condition.GOOD, Building.Condition.NEEDS_REPAIR)),
            "accessibility": rng.choice((Building.Accessibility.PARTIAL, Building.Accessibility.BY_HELP)),
            "ownership": Building.Ownership.OPERATIVE,
            "is_licensed_place": True,
        },
        by=BY,
    )
    rooms = (SCHOOL_ROOMS if is_school else GROUP_ROOMS)[:most_rooms]
    for place, (kind, name, seats, area) in enumerate(rooms, start=1):
        storey = 1 + place % 2
        facts = {"number": f"{storey}{place:02d}", "name": name, "kind": kind, "storey": storey}
        room = save_room(building=building, facts=facts | {"area_m2": area, "seats": seats}, by=BY)
        if kind in ("computer_room", "music_hall"):
            what = ("Ноутбук", "computers", 15) if kind == "computer_room" else ("Пианино", "music", 1)
            _things(building, *what, room=room)
    _things(building, "Пандус", "access", 1)
    _things(building, "Камера видеонаблюдения", "safety", rng.randint(6, 24))


def _things(building: Building, name: str, kind: str, quantity: int, room: Any = None) -> None:
    facts = {"name": name, "kind": kind, "quantity": quantity, "room": room, "state": "working"}
    save_equipment(building=building, facts=facts, by=BY)


def _papers(organization: Organization, rng: Random) -> None:
    kinds = [OrganizationDocument.Kind.CHARTER, OrganizationDocument.Kind.LICENSE]
    if organization.org_type == "school":
        kinds.append(OrganizationDocument.Kind.ACCREDITATION)
    else:
        explain_absence(code="accreditation", reason="absent", by=BY)
    for kind in kinds:
        issued_on = datetime.date(rng.randint(2014, 2022), rng.randint(1, 12), rng.randint(1, 28))
        number = f"{rng.randint(1000, 9999)}"
        put_document(paper=Paper(kind=kind, number=number, issued_on=issued_on), file=None, added_by=BY)


def _center(organization: Organization) -> str:
    place = organization.municipality
    return place.center if place and place.center else organization.region.name


def _holder(role: Role) -> DemoPerson:
    return next(person for person in PEOPLE if (role, "school") in person.places)


def _full(person: DemoPerson) -> str:
    return " ".join(person.name)


def _invented(rng: Random) -> str:
    sex = rng.choice("FFFM")
    first = rng.choice(FEMALE_NAMES if sex == "F" else MALE_NAMES)
    return f"{surname_of(rng.choice(SURNAMES), sex)} {first} {patronymic_of(rng.choice(FATHERS), sex)}"
