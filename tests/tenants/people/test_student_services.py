"""A card is made by consent, once a child, and every correction reaches the registry."""

from __future__ import annotations

import datetime

import pytest

from shared.contingent.models import Person
from shared.tenancy import scopes
from tenants.handup.projector import project
from tenants.people.errors import (
    ConsentMissing,
    GuardianLinked,
    GuardianSealed,
    RestrictionStands,
    SameNameKnown,
    StudentKnown,
)
from tenants.people.guardians import GuardianFacts, add_guardian, change_relation, unlink_guardian
from tenants.people.models import Guardian, Student
from tenants.people.services import StudentFacts, create_student
from tenants.people.writing import write_student
from tests.tenants import factories

D = datetime.date
SNILS = "11223344595"


def facts(**changes):
    usual = {"last_name": "Ёлкина", "first_name": "Анна", "birth_date": D(2016, 3, 1), "sex": "F"}
    return StudentFacts(**{**usual, "consent_on": D(2026, 8, 1), **changes})


def create(guardians=(), is_namesake=False, **changes):
    return create_student(facts=facts(**changes), guardians=guardians, is_namesake=is_namesake, recorded_by="С")


def mother(**changes):
    return GuardianFacts(
        **{"last_name": "Ёлкина", "first_name": "Ольга", "phone": "1", "relation": "mother", **changes}
    )


def test_without_a_consent_there_is_no_card(school):
    with school.work(), pytest.raises(ConsentMissing, match="Укажите дату согласия"):
        create(consent_on=None)


def test_a_second_card_with_the_same_snils_is_refused_with_the_name_of_the_first(school):
    with school.work():
        create(snils=SNILS)
        with pytest.raises(StudentKnown, match="Ёлкина Анна"):
            create(last_name="Петрова", snils=SNILS)
        assert Student.objects.count() == 1


def test_the_same_name_and_birth_date_asks_whether_it_is_another_child(school):
    with school.work():
        create()
        with pytest.raises(SameNameKnown, match="это другой ребёнок"):
            create(last_name="ЕЛКИНА")
        create(last_name="ЕЛКИНА", is_namesake=True)


def test_a_mother_of_two_is_one_record(school):
    with school.work():
        create([mother()])
        create([mother(last_name="Елкина")], first_name="Вера")
        assert Guardian.objects.count() == 1


@pytest.mark.proves("R-192")
def test_a_relation_is_changed_and_a_link_ended_for_this_child_alone(school):
    with school.work():
        child = create([mother(), mother(first_name="Тамара", relation="grandmother")])
        sister = create([mother()], first_name="Вера")
        link = child.guardian_links.get(relation="mother")
        change_relation(link=link, relation="adoptive")
        unlink_guardian(link=child.guardian_links.get(relation="grandmother"))
        assert [one.relation for one in child.guardian_links.all()] == ["adoptive"]
        assert [one.relation for one in sister.guardian_links.all()] == ["mother"]


def test_a_link_under_a_restriction_is_not_ended(school):
    with school.work():
        link = create([mother()]).guardian_links.get()
        link.rights_restriction, link.restriction_document = "deprived", "решение № 5"
        link.save()
        with pytest.raises(RestrictionStands, match="особых сведениях"):
            unlink_guardian(link=link)


def test_the_same_person_is_not_linked_twice(school):
    with school.work():
        child = create([mother()])
        with pytest.raises(GuardianLinked, match="уже указан"):
            add_guardian(student=child, facts=mother(), recorded_by="С")


@pytest.mark.proves("R-190", "R-191", "R-193")
def test_without_his_consent_nothing_but_the_name_of_a_guardian_is_written(school):
    more = {"workplace": "Завод", "email": "olga@example.ru"}
    with school.work():
        with pytest.raises(GuardianSealed, match="Запишите согласие"):
            create([mother(more=more)])
        create([mother(more=more, consent_on=D(2026, 8, 1))])
        guardian = Guardian.objects.get()
        assert (guardian.workplace, guardian.email, guardian.is_sealed) == ("Завод", "olga@example.ru", False)


@pytest.mark.proves("R-091")
def test_a_corrected_name_stands_in_the_registry(school):
    with school.work():
        child = create(snils=SNILS)
        factories.enroll(child, into=factories.group())
    project(school.organization)
    with school.work():
        write_student(child, {"last_name": "Соколова"}, by="С")
    project(school.organization)
    with scopes.enter(scopes.of_projector()):
        assert [person.last_name for person in Person.objects.all()] == ["Соколова"]
