"""Cards of learners and their parents in full, in one parallel: personal files, papers, work, achievements."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.utils import timezone

from config.demo.people import SECRETARY
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.handup.projector import settle
from tenants.orders.models import Placement
from tenants.people.achievements import AchievementFacts, add_achievement
from tenants.people.former import replace_address
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import FormerAddress, Guardian, Student
from tenants.people.numbering import proposed_file_no
from tenants.people.writing import write_guardian, write_student

BY: Final = " ".join(SECRETARY.name)
GRADE: Final = 7
WORK: Final = (("Центральная районная больница", "медицинская сестра"), ("ООО «Кубань-Агро»", "агроном"), ("", ""))
ACHIEVEMENTS: Final = (
    ("olympiad", "Всероссийская олимпиада школьников, математика", "municipal", "призёр"),
    ("contest", "Конкурс чтецов «Живая классика»", "organization", "победитель"),
    ("gto", "Знак отличия ГТО, IV ступень", "national", "серебряный знак"),
)


def create_learner_cards(slug: str) -> None:
    """As the secretary keeps them; a school that has personal files already is left alone."""
    school = Organization.objects.get(slug=slug)
    with scopes.enter(scopes.of_organization(school.schema_name).by(BY)):
        if Student.objects.exclude(personal_file_no="").exists():
            return
        today = timezone.localdate()
        held = Placement.objects.on(today).filter(group__grade=GRADE).values("enrollment__student")
        learners = Student.objects.known().filter(pk__in=held).order_by("sort_name", "id")
        for number, student in enumerate(learners):
            _fill(student, number, today)
        guardians = Guardian.objects.filter(links__student__in=learners).distinct().order_by("sort_name", "id")
        for number, guardian in enumerate(guardians):
            _fill_guardian(guardian, number)
    settle(school)


def _fill(student: Student, number: int, today: datetime.date) -> None:
    facts: dict[str, Any] = {  # Any: values of the fields' kinds
        "personal_file_no": proposed_file_no(student.last_name),
        "native_language": "hye" if number % 9 == 4 else "rus",
        "instruction_language": "rus",
    }
    if number % 4 != 3:
        facts["home_pc"] = number % 4 != 2
    write_student(student, facts, by=BY)
    if number % 5 == 0:
        kind, title, level, result = ACHIEVEMENTS[number // 5 % len(ACHIEVEMENTS)]
        gained = AchievementFacts(kind=kind, title=title, level=level, result=result, gained_on=today)
        add_achievement(student=student, facts=gained, recorded_by=BY)
    if number == 1 and student.registration_address:
        replace_address(
            person=student,
            kind=FormerAddress.Kind.REGISTRATION,
            address="г Белореченск, ул Победы, д 12, кв 7",
            left_on=today,
            recorded_by=BY,
        )
    if number % 6 == 5:
        father = GuardianFacts(last_name=student.last_name.removesuffix("а"), first_name="Олег", relation="father")
        add_guardian(student=student, facts=father, recorded_by=BY)


def _fill_guardian(guardian: Guardian, number: int) -> None:
    """Whoever has not signed a consent yet stays closed."""
    if guardian.is_sealed:
        return
    workplace, position = WORK[number % len(WORK)]
    write_guardian(
        guardian,
        {
            "birth_date": datetime.date(1978 + number % 15, number % 12 + 1, number % 28 + 1),
            "sex": "F" if guardian.last_name.endswith("а") else "M",
            "email": f"parent{number + 1}@example.ru",
            "adult_education_level": "" if number % 3 == 2 else "specialist",
            "workplace": workplace,
            "position": position,
        },
        by=BY,
    )
