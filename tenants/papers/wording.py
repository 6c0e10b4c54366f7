"""What a certificate says: its facts, taken from places and orders on the day of issue, and the sentences of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.classifiers.catalog import load_catalog
from shared.kernel.days import academic_year_of
from shared.kernel.declension import FEMALE, Case, decline_full_name
from tenants.papers.models import Certificate, PaperKind
from tenants.people.models import Student
from tenants.people.places import PlaceOn, places_of

Fact = Mapping[str, Any]  # Any: what JSON holds
PERIOD_COLUMNS: Final = (
    ("Период", 20),
    ("Класс, группа, программа", 24),
    ("Форма обучения", 14),
    ("Зачисление: приказ", 21),
    ("Отчисление: приказ", 21),
)
_STAYS: Final = {
    "general": "обучается в {group} классе данной образовательной организации",
    "preschool": "посещает группу «{group}» данной образовательной организации",
    "supplementary": "занимается в объединении «{group}» данной образовательной организации",
}
_WITHOUT_GROUP: Final = "обучается в данной образовательной организации"


def facts_of(student: Student, kind: str, day: datetime.date) -> dict[str, Any] | None:
    """What the paper will say, without the name; None when there is nothing to certify on this day."""
    places = [one for one in places_of(student, day) if one.is_held or kind == PaperKind.PERIOD]
    if not places:
        return None
    if kind == PaperKind.PERIOD:
        places.sort(key=lambda one: one.enrollment.enrolled_on)
    return {"academic_year": academic_year_of(day), "places": [_fact(one) for one in places]}


def dative_of(student: Student) -> str:
    """«Антиповой Вере Романовне»: to whom it is issued."""
    return decline_full_name(
        student.last_name, student.first_name, student.patronymic, sex=student.sex, case=Case.DATIVE
    )


def paragraphs_of(certificate: Certificate) -> list[str]:
    """The text above the signature."""
    student, facts = certificate.student, certificate.facts
    is_she = student.sex == FEMALE
    who = f"Выдана {certificate.holder_dative}, {student.birth_date:%d.%m.%Y} года рождения, в том, что"
    given = f"Справка дана для предъявления {certificate.destination}."
    purpose = [f"Цель: {certificate.purpose}."] if certificate.purpose else []
    if certificate.kind == PaperKind.PERIOD:
        stayed = _stayed(facts["places"], is_she=is_she)
        return [f"{who} {stayed} в данной образовательной организации:", given, *purpose]
    pronoun = "она" if is_she else "он"
    year = f"{facts['academic_year']}/{facts['academic_year'] + 1}"
    stays = "; ".join(map(_stays, facts["places"]))
    enrolled = "Зачислена" if is_she else "Зачислен"
    orders = [f"{enrolled} с {_day(one['enrolled_on'])}, приказ {one['order']}." for one in facts["places"]]
    return [f"{who} {pronoun} в {year} учебном году {stays}.", " ".join(orders), given, *purpose]


def rows_of(certificate: Certificate) -> list[list[str]]:
    """The table of a certificate on the period of study, in the columns of ``PERIOD_COLUMNS``."""
    if certificate.kind != PaperKind.PERIOD:
        return []
    rows = []
    for one in certificate.facts["places"]:
        until = f" — {_day(one['left_on'])}" if one["left_on"] else " — по настоящее время"
        group = ", ".join(filter(None, [one["group"], one["program"]]))
        rows.append([f"{_day(one['enrolled_on'])}{until}", group, one["form"], one["order"], one["departure"]])
    return rows


def _fact(place: PlaceOn) -> dict[str, Any]:
    one, group = place.enrollment, place.placement.group if place.placement else None
    catalog = load_catalog()
    return {
        "kind": one.program_kind,
        "group": group.name if group else "",
        "program": group.program if group else "",
        "form": catalog.label("form_of_study", one.form_of_study).lower() if one.form_of_study else "",
        "enrolled_on": one.enrolled_on.isoformat(),
        "order": str(one.order),
        "left_on": "" if place.is_held or one.left_on is None else one.left_on.isoformat(),
        "departure": "" if place.is_held else str(one.departure_order or ""),
    }


def _stays(place: Fact) -> str:
    words = _STAYS[place["kind"]].format(group=place["group"]) if place["group"] else _WITHOUT_GROUP
    program = f", программа «{place['program']}»" if place["program"] else ""
    return f"{words}{program}" + (f", форма обучения: {place['form']}" if place["form"] else "")


def _stayed(places: Sequence[Fact], *, is_she: bool) -> str:
    pronoun, past = ("она", "обучалась") if is_she else ("он", "обучался")
    return f"{pronoun} обучается" if any(not one["left_on"] for one in places) else f"{pronoun} {past}"


def _day(text: str) -> str:
    return f"{datetime.date.fromisoformat(text):%d.%m.%Y}"
