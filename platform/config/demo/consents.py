"""Papers and special facts of the demonstration: numbered consents, one withdrawal, a parent with a room."""

from __future__ import annotations

import datetime

from django.utils import timezone

from config.demo.people import ACTOR, PARENT, SECRETARY
from shared.accounts.models import Account
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.consents.models import Consent, OperatorDetails
from tenants.consents.services import SignedPaper, record_learner_consent, withdraw
from tenants.handup.projector import settle
from tenants.orders.models import Placement
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import Guardian, Student, StudentSpecial
from tenants.people.special import edit_special
from tenants.people.special_facts import DeviantFacts, SpecialFacts

BY = " ".join(SECRETARY.name)


def create_consents(slug: str) -> None:
    """As the secretary would make them; a school that has special facts already is left alone."""
    school = Organization.objects.get(slug=slug)
    with scopes.enter(scopes.of_accounts().by(ACTOR).reading()):
        account_id = Account.objects.values_list("pk", flat=True).get(login=PARENT.login)
    with scopes.enter(scopes.of_organization(school.schema_name).by(BY)):
        if StudentSpecial.objects.exists():
            return
        today = timezone.localdate()
        learners = _seventh_grade(today)
        _requisites()
        for number, student in enumerate(learners[:6]):
            _special(student, number, today)
        for student in learners[:4]:
            signed_on = max(student.consent_on, today - datetime.timedelta(days=30))
            record_learner_consent(student=student, paper=SignedPaper(signed_on=signed_on, recorded_by=BY))
        for student in learners[:2]:
            _parent(student, account_id, today)
        if len(learners) > 6:
            paper = Consent.objects.current().processing_of_learners().get(student=learners[6])
            withdraw(consent=paper, withdrawn_on=today, reason="Заявление родителей № 4", recorded_by=BY)
    settle(school)


def _seventh_grade(today: datetime.date) -> list[Student]:
    held = Placement.objects.on(today).filter(group__grade=7).values("enrollment__student")
    return list(Student.objects.known().filter(pk__in=held).order_by("sort_name", "id")[:8])


def _requisites() -> None:
    OperatorDetails.objects.update_or_create(
        is_only=True,
        defaults={
            "register_number": "23-15-004512",
            "registered_on": datetime.date(2015, 4, 10),
            "responsible_name": BY,
            "responsible_post": "секретарь",
            "responsible_order": "приказ № 41-о от 01.09.2026",
            "updated_by": BY,
        },
    )


def _special(student: Student, number: int, today: datetime.date) -> None:
    watched = DeviantFacts(kind="school_register", registered_from=today, basis="решение совета профилактики № 2")
    edit_special(
        student=student,
        facts=SpecialFacts(
            health_group=str(number % 3 + 1),
            pe_group="main" if number % 3 < 2 else "preparatory",
            family_composition="large" if number % 2 else "full",
            children_count=3 if number % 2 else 1,
            social_statuses=("large_family",) if number % 2 else (),
        ),
        deviant=[watched] if number == 5 else [],
        restrictions={},
        edited_by=BY,
        reason="Ведение личного дела",
    )


def _parent(student: Student, account_id: object, today: datetime.date) -> None:
    last_name, first_name, patronymic = PARENT.name
    own = GuardianFacts(
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        phone="+7 900 000-00-18",
        relation="guardian",
        consent_on=today,
    )
    add_guardian(student=student, facts=own, recorded_by=BY)
    mine = Guardian.objects.filter(last_name=last_name, first_name=first_name, patronymic=patronymic)
    mine.update(account_id=account_id)
