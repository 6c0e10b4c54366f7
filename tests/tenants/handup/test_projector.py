"""What an organization signs stands in the registry, exactly and once."""

from __future__ import annotations

import datetime

from shared.contingent.counts import count
from shared.contingent.models import Person, RegistryEnrollment, RegistryMovement
from shared.tenancy import scopes
from tenants.handup.projector import project, reconcile
from tenants.orders.services import annul_order
from tests.tenants import factories

D = datetime.date


def registry(*, day=D(2026, 9, 20), by=("grade",)):
    with scopes.enter(scopes.of_projector()):
        return count(as_of=day, by=by).document()


def test_a_signed_order_stands_in_the_registry(school):
    with school.work():
        factories.enroll(factories.student(), factories.student(sex="F"), into=factories.group("5А"))
    assert project(school.organization) == 2
    assert registry(by=("grade", "sex"))["rows"] == [
        {"grade": "5", "sex": "F", "persons": 1, "enrollments": 1},
        {"grade": "5", "sex": "M", "persons": 1, "enrollments": 1},
    ]
    assert not reconcile(school.organization)


def test_a_draft_hands_nothing_up(school):
    with school.work():
        from tenants.orders.services import add_enrollment_row, draft_order

        order = draft_order(kind="enrollment", number="1", issued_on=D(2026, 9, 1), drafted_by="с")
        add_enrollment_row(
            order=order,
            student=factories.student(),
            group=factories.group(),
            movement_type="enroll_other",
            effective_on=D(2026, 9, 1),
        )
    assert project(school.organization) == 0
    assert registry()["total"]["enrollments"] == 0


def test_before_the_first_of_september_a_place_has_no_grade(school):
    with school.work():
        factories.enroll(factories.student(), into=factories.group("1Б"), day=D(2026, 6, 15))
    project(school.organization)
    assert registry(day=D(2026, 8, 31))["rows"] == [{"grade": "", "persons": 1, "enrollments": 1}]
    assert registry(day=D(2026, 9, 1))["rows"] == [{"grade": "1", "persons": 1, "enrollments": 1}]


def test_the_day_of_departure_is_the_first_not_counted_and_an_annulment_brings_it_back(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group())
        order = factories.withdraw(child, day=D(2026, 10, 10))
    project(school.organization)
    assert registry(day=D(2026, 10, 9))["total"]["enrollments"] == 1
    assert registry(day=D(2026, 10, 10))["total"]["enrollments"] == 0
    with school.work():
        annul_order(order=order, annulled_by="директор", reason="ошибка")
    project(school.organization)
    assert registry(day=D(2026, 10, 10))["rows"] == [{"grade": "5", "persons": 1, "enrollments": 1}]
    assert not reconcile(school.organization)


def test_one_child_in_two_organizations_is_one_person(school, other_school):
    identity = {"snils": "11223344595", "last_name": "Ёлкина", "first_name": "Анна", "sex": "F"}
    with school.work():
        factories.enroll(factories.student(**identity), into=factories.group())
    with other_school.work():
        club = factories.group("Робототехника", kind="club", direction="technical")
        factories.enroll(factories.student(**identity, patronymic=""), into=club)
    for one in (school, other_school):
        project(one.organization)
    assert registry(by=())["total"] == {"persons": 1, "enrollments": 2}
    assert registry(by=("sex",))["rows"] == [{"sex": "F", "persons": 1, "enrollments": 2}]
    by_organization = registry(by=("organization", "sex"))
    assert [(row["persons"], row["enrollments"]) for row in by_organization["rows"]] == [(1, 1), (1, 1)]
    assert by_organization["total"] == {"persons": 1, "enrollments": 2}
    with scopes.enter(scopes.of_projector()):
        assert Person.objects.count() == 1
        assert RegistryMovement.objects.count() == 2


def test_the_same_snils_with_another_birth_date_is_another_person(school, other_school):
    with school.work():
        factories.enroll(factories.student(snils="11223344595"), into=factories.group())
    with other_school.work():
        stranger = factories.student(snils="11223344595", birth_date=D(2014, 1, 1))
        factories.enroll(stranger, into=factories.group())
    for one in (school, other_school):
        project(one.organization)
    assert registry(by=())["total"] == {"persons": 2, "enrollments": 2}


def test_verify_finds_and_repairs_a_row_that_was_lost(school):
    with school.work():
        factories.enroll(factories.student(), into=factories.group())
    project(school.organization)
    with scopes.enter(scopes.of_projector()):
        RegistryEnrollment.objects.all().delete()
    assert reconcile(school.organization).missing == 1
    reconcile(school.organization, repair=True)
    assert not reconcile(school.organization)


def test_a_place_is_counted_until_its_consent_is_withdrawn(school):
    with school.work():
        kept, withdrawn = factories.student(), factories.student(consent_withdrawn_on=D(2026, 10, 10))
        never = factories.student(consent_withdrawn_on=D(2026, 8, 31))
        factories.enroll(kept, withdrawn, never, into=factories.group())
    project(school.organization)
    assert registry(day=D(2026, 10, 9))["total"]["enrollments"] == 2
    assert registry(day=D(2026, 10, 10))["rows"] == [{"grade": "5", "persons": 1, "enrollments": 1}]
    assert not reconcile(school.organization)
