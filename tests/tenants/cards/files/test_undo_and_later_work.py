"""An undo of a file takes away what the file has made, and nothing that somebody has worked with since."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared.kernel.ids import new_id
from tenants.cards.models import CardFile
from tenants.consents.models import Consent
from tenants.consents.services import SignedPaper, record_guardian_consent
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.staff.models import StaffMember
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.cards.files.bringing import CHILD, WORKER, bring, text_of

BORN = datetime.date(2015, 3, 5)
COURT = {"rights_restriction": "deprived", "restriction_document": "решение суда № 7"}
MOTHER = {"Фамилия": "Ёлкина", "Степень родства": "Мать", "Согласие на обработку ПДн": "20.08.2026"}


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def named(*names: str) -> list[dict[str, str]]:
    return [{**CHILD, "Имя": name, "Номер": f"51234{number}"} for number, name in enumerate(names)]


def mothers(child: Student, *names: str) -> list[dict[str, str]]:
    return [
        {**MOTHER, "Имя": name, "Телефон": f"+7 918 000-11-2{number}", "Ключ ребёнка": str(child.pk)}
        for number, name in enumerate(names)
    ]


def test_learners_whom_somebody_has_worked_with_stay_and_are_named(school, secretary):
    page = bring(secretary, "student", *named("Олег", "Егор", "Марк", "Глеб"))
    with school.work():
        edited, given, blocked, _ = (Student.objects.get(first_name=name) for name in ("Олег", "Егор", "Марк", "Глеб"))
        Student.objects.filter(pk=edited.pk).update(home_pc=True)
        add_guardian(student=given, facts=GuardianFacts(last_name="Ёлкина", relation="mother"), recorded_by="Анна")
        Student.objects.filter(pk=blocked.pk).update(consent_withdrawn_on=datetime.date(2026, 9, 20))
    assert secretary.post(f"{page}undo/").status_code == 302
    with school.work():
        assert {one.first_name for one in Student.objects.kept()} == {"Олег", "Егор", "Марк"}
        assert Consent.objects.current().filter(student=edited).exists()
        assert CardFile.objects.get().summary["undone"]["withdrawn"] == 1
    shown = text_of(secretary.get(page))
    assert "Ёлкин Олег Ильич" in shown
    assert "с ней уже работали" in shown


def test_what_was_brought_back_since_is_no_later_work(school, secretary):
    page = bring(secretary, "student", *named("Олег"))
    with school.work():
        key = Student.objects.get().pk
    again = bring(secretary, "student", {"Ключ": str(key), "Наличие ПК дома": "да"})
    secretary.post(f"{again}undo/")
    secretary.post(f"{page}undo/")
    with school.work():
        assert not Student.objects.kept().exists()


def test_a_representative_with_a_restriction_or_a_later_consent_stays_whole(school, secretary):
    with school.work():
        child = factories.student(birth_date=BORN)
    page = bring(secretary, "guardian", *mothers(child, "Анна", "Вера", "Инна"))
    with school.work():
        restricted, agreed, _ = (Guardian.objects.get(first_name=name) for name in ("Анна", "Вера", "Инна"))
        GuardianLink.objects.filter(guardian=restricted).update(**COURT)
        paper = SignedPaper(signed_on=datetime.date(2026, 9, 20), recorded_by="Анна")
        record_guardian_consent(guardian=agreed, paper=paper)
    secretary.post(f"{page}undo/")
    with school.work():
        assert set(Guardian.objects.values_list("pk", flat=True)) == {restricted.pk, agreed.pk}
        assert GuardianLink.objects.get(guardian=restricted).rights_restriction == "deprived"
        assert Consent.objects.filter(guardian=agreed).count() == 2
        assert Consent.objects.filter(guardian=restricted, is_current=True).count() == 1


def test_a_link_that_the_file_has_made_stays_with_what_a_court_has_said(school, secretary):
    with school.work():
        first, second = factories.student(), factories.student()
        mother = Guardian.objects.create(last_name="Ёлкина", consent_on=datetime.date(2026, 8, 20))
        GuardianLink.objects.create(student=first, guardian=mother, relation="mother")
    page = bring(
        secretary, "guardian", {"Ключ": str(mother.pk), "Ключ ребёнка": str(second.pk), "Степень родства": "Мать"}
    )
    with school.work():
        GuardianLink.objects.filter(student=second).update(**COURT)
    secretary.post(f"{page}undo/")
    with school.work():
        assert GuardianLink.objects.get(student=second).rights_restriction == "deprived"
    assert "связь с ребёнком" in text_of(secretary.get(page))


def test_an_employee_with_a_login_stays_and_the_consent_of_the_other_ends(school, secretary):
    page = bring(secretary, "staff", WORKER, {**WORKER, "Имя": "Вера"})
    with school.work():
        working, other = (StaffMember.objects.known().get(first_name=name) for name in ("Ольга", "Вера"))
        StaffMember.objects.filter(pk=working.pk).update(account_id=new_id())
    secretary.post(f"{page}undo/")
    with school.work():
        assert StaffMember.objects.known().get().pk == working.pk
        current = Consent.objects.filter(is_current=True)
        assert current.filter(employee_id=working.pk).exists()
        assert not current.filter(employee_id=other.pk).exists()


@pytest.mark.parametrize("act", ["apply", "undo"])
def test_applying_and_undoing_cost_the_same_for_few_cards_and_for_more(school, secretary, act):
    """Explained gaps of new cards too: one UPDATE for all of them."""

    def cost(*names: str) -> int:
        rows = [{**row, "Отчество": "отсутствует"} for row in named(*names)]
        with CaptureQueriesContext(connection) as applying:
            page = bring(secretary, "student", *rows)
        with school.work():
            assert Student.objects.known().filter(absences={"patronymic": "absent"}).count() == len(names)
        with CaptureQueriesContext(connection) as undoing:
            assert secretary.post(f"{page}undo/").status_code == 302
        return len({"apply": applying, "undo": undoing}[act])

    cost("Илья")  # whatever is loaded once
    assert cost("Олег") == cost("Егор", "Марк", "Глеб", "Иван")
