"""What is printed of a learner's card and of a class: only what the person's own rights open. Source: ORGANIZATION 22.

Special facts are never part of a common paper: they open with a reason, one learner at a time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

from shared.cards.layout import Absence, Field, Section
from shared.cards.values import is_filled, value_of
from shared.classifiers.catalog import load_catalog
from shared.documents.papers import PaperSection, Part
from tenants.cards.sections import CardLook, rows_of
from tenants.groups.models import Group
from tenants.papers.forms import LIST_COLUMNS
from tenants.people.models import GuardianLink, Student
from tenants.people.places import PlaceOn

WITHHELD: Final = "Не напечатано: нет права на документы, адреса и телефоны."
PROTECTED: Final = "Не напечатано: адрес под защитой."
DERIVED: Final = "enrollment"  # said by the places below, with their orders
_WIDTHS: Final = {"birth_date": 13, "sex": 10, "enrolled": 28, "guardians": 44, "blank": 24}


def card_sections(look: CardLook, places: Sequence[PlaceOn], links: Iterable[GuardianLink]) -> list[PaperSection]:
    """The card by its layout; values under masks only for who may look behind them."""
    consent = f"от {look.card.consent_on:%d.%m.%Y}"  # type: ignore[attr-defined]  # the card of a learner
    return [
        *(_section(look, section) for section in look.kind.sections() if section.code != DERIVED),
        PaperSection(title="Обучение", lines=[_place(one) for one in places]),
        PaperSection(title="Представители", lines=[_guardian(link, look.may_identify) for link in links]),
        PaperSection(title="Согласие", lines=[("Согласие на обработку ПДн", consent)]),
    ]


def _section(look: CardLook, section: Section) -> PaperSection:
    withheld = any(field.is_masked for field in section.fields) and not look.may_identify
    shown = [field for field in section.fields if look.may_identify or not field.is_masked]
    note = WITHHELD if withheld else ""
    if section.rows:
        rows = enumerate(rows_of(look.card, section), start=1)
        lines = [(str(number), _row(look, row, shown)) for number, row in rows]
        return PaperSection(title=section.title, lines=lines, note=note)
    return PaperSection(title=section.title, lines=[(field.label, _value(look, field)) for field in shown], note=note)


def _row(look: CardLook, row: Any, shown: Iterable[Field]) -> str:
    filled = ((field, value_of(row, field)) for field in shown)
    return "; ".join(f"{field.label.lower()}: {look.text(field, value)}" for field, value in filled if is_filled(value))


def _value(look: CardLook, field: Field) -> str:
    if field.code in look.kind.hides(look.card):
        return PROTECTED
    value = value_of(look.card, field)
    if is_filled(value):
        return look.text(field, value)
    why = look.card.absences.get(field.code, "")
    return Absence(why).label if why else ""


def class_list(group: Group, placements: Iterable[Any], columns: Sequence[str]) -> Part:
    """The table of a class; ``placements`` are read with learners, orders and representatives."""
    titles = dict(LIST_COLUMNS) | {"blank": ""}
    rows = [
        [str(number), place.enrollment.student.full_name, *(_cell(place.enrollment, name) for name in columns)]
        for number, place in enumerate(placements, start=1)
    ]
    head = [("№", 5), ("Фамилия, имя, отчество", 40)]
    return Part(columns=[*head, *((titles[name], _WIDTHS[name]) for name in columns)], rows=rows)


def _place(place: PlaceOn) -> tuple[str, str]:
    one = place.enrollment
    left = f"; не числится с {_day(one.left_on)}, приказ {one.departure_order}" if one.left_on else ""
    form = load_catalog().label("form_of_study", one.form_of_study).lower() if one.form_of_study else ""
    words = ", ".join(filter(None, [place.group_name, form]))
    label = load_catalog().label("program_kind", one.program_kind)
    return label, f"{words}; зачислен с {_day(one.enrolled_on)}, приказ {one.order}{left}"


def _guardian(link: GuardianLink, may_identity: bool) -> tuple[str, str]:
    """Without his own consent only the name and the relation. Source: ORGANIZATION 3.1."""
    relation = load_catalog().label("guardian_relation", link.relation) if link.relation else "Родство не указано"
    phone = link.guardian.open_phone if may_identity else ""
    return relation, ", ".join(filter(None, [str(link.guardian), phone and f"тел. {phone}"]))


def _cell(enrollment: Any, name: str) -> str:
    student: Student = enrollment.student
    match name:
        case "birth_date":
            return _day(student.birth_date)
        case "sex":
            return student.get_sex_display()
        case "enrolled":
            return f"{_day(enrollment.enrolled_on)}, {enrollment.order}"
        case "guardians":
            return ", ".join(str(link.guardian) for link in student.guardian_links.all())
        case _:
            return ""


def _day(day: datetime.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
