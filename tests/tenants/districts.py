"""Two schools of two municipalities with known children, handed up: what the upper levels are tested on."""

from __future__ import annotations

import datetime

from tenants.handup.projector import project
from tests.support import School
from tests.tenants import factories

DAY = datetime.date(2026, 9, 20)


def fill(school: School, other: School) -> None:
    """School 1: 5А of three, a preschool group of two, a club; school 2: 1А of two, one of them with health limits."""
    with school.work():
        ordinary = {"grade": 5, "letter": "А", "class_type": "ordinary"}
        fifth = factories.group("5А", **ordinary)
        ivan = factories.student(last_name="Хворостьянов-Задунайский", first_name="Константин", snils="11223344595")
        girl = factories.student(last_name="Ёлкина", first_name="Анна", sex="F", address="Тайная улица, 1")
        foreign = factories.student(last_name="Алиев", first_name="Рашид", citizenship="AZE")
        factories.enroll(ivan, girl, foreign, into=fifth)
        little = [
            factories.student(last_name=name, birth_date=datetime.date(2022, 3, 1), sex="F")
            for name in ("Белкина", "Зайцева")
        ]
        kindergarten = {"kind": "preschool", "class_type": "general", "age_band": "4-5", "stay_regime": "full"}
        factories.enroll(*little, into=factories.group("Солнышко", **kindergarten))
        club = factories.group("Робототехника", kind="club", direction="technical", financing="budget")
        factories.enroll(ivan, into=club)
        leaver = factories.student(last_name="Ушедший")
        factories.enroll(leaver, into=fifth)
        factories.withdraw(leaver, day=datetime.date(2026, 9, 10))
    with other.work():
        first = factories.group("1А", grade=1, letter="А", class_type="ordinary")
        seven = {"birth_date": datetime.date(2019, 5, 5)}
        boy = factories.student(last_name="Соколов", health_limits=True, **seven)
        twin = factories.student(last_name="Соколова", sex="F", **seven)
        factories.enroll(boy, twin, into=first)
    for one in (school, other):
        project(one.organization)
