"""A card is made by consent, once a child, and every correction reaches the registry."""

from __future__ import annotations

import datetime

import pytest

from shared.contingent.models import Person
from shared.tenancy import scopes
from tenants.handup.projector import project
from tenants.people.errors import ConsentMissing, SameNameKnown, StudentKnown
from tenants.people.models import Guardian, Student
from tenants.people.services import GuardianFacts, StudentFacts, create_student, edit_student
from tests.tenants import factories

D = datetime.date
SNILS = "11223344595"


def facts(**changes):
    usual = {"last_name": "Ёлкина", "first_name": "Анна", "birth_date": D(2016, 3, 1), "sex": "F"}
    return StudentFacts(**{**usual, "consent_on": D(2026, 8, 1), **changes})


def mother(**changes):
    return GuardianFacts(
        **{"last_name": "Ёлкина", "first_name": "Ольга", "phone": "1", "relation": "mother", **changes}
    )


def test_without_a_consent_there_is_no_card(school):
    with school.work(), pytest.raises(ConsentMissing, match="Укажите дату согласия"):
        create_student(facts=facts(consent_on=None))


def test_a_second_card_with_the_same_snils_is_refused_with_the_name_of_the_first(school):
    with school.work():
        create_student(facts=facts(snils=SNILS))
        with pytest.raises(StudentKnown, match="Ёлкина Анна"):
            create_student(facts=facts(last_name="Петрова", snils=SNILS))
        assert Student.objects.count() == 1


def test_the_same_name_and_birth_date_asks_whether_it_is_another_child(school):
    with school.work():
        create_student(facts=facts())
        with pytest.raises(SameNameKnown, match="это другой ребёнок"):
            create_student(facts=facts(last_name="ЕЛКИНА"))
        create_student(facts=facts(last_name="ЕЛКИНА"), is_namesake=True)


def test_a_mother_of_two_is_one_record(school):
    with school.work():
        create_student(facts=facts(), guardians=[mother()])
        create_student(facts=facts(first_name="Вера"), guardians=[mother(last_name="Елкина")])
        assert Guardian.objects.count() == 1


def test_guardians_left_out_of_an_edit_are_no_longer_the_childs(school):
    with school.work():
        child = create_student(facts=facts(), guardians=[mother(), mother(first_name="Тамара", relation="grandmother")])
        edit_student(student=child, facts=facts(), guardians=[mother(relation="adoptive")])
        assert [link.relation for link in child.guardian_links.all()] == ["adoptive"]


def test_a_corrected_name_stands_in_the_registry(school):
    with school.work():
        child = create_student(facts=facts(snils=SNILS))
        factories.enroll(child, into=factories.group())
    project(school.organization)
    with school.work():
        edit_student(student=child, facts=facts(snils=SNILS, last_name="Соколова"))
    project(school.organization)
    with scopes.enter(scopes.of_projector()):
        assert [person.last_name for person in Person.objects.all()] == ["Соколова"]
