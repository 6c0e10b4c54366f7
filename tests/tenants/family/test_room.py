"""The room of a family: own children only, masks and traces as for the staff, requests answered in the term."""

from __future__ import annotations

import datetime
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from shared.kernel.workdays import working_days_after
from tenants.consents.models import Consent, SubjectRequest
from tenants.consents.services import SignedPaper, record_guardian_consent, withdraw
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, GuardianLink, Student
from tenants.people.special import edit_special
from tenants.people.special_facts import SpecialFacts
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ, parent_of

D = datetime.date
SNILS = "11223344595"
ILLNESS = "канареечная болезнь"


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(last_name="Ёлкина", first_name="Инна", sex="F", snils=SNILS)
        factories.enroll(one, into=factories.group("5А"))
        edit_special(
            student=one, facts=SpecialFacts(diseases=ILLNESS), deviant=[], restrictions={}, edited_by="С", reason="з"
        )
        return one


@pytest.fixture
def foreign(school):
    with school.work():
        one = factories.student(last_name="Чужой")
        factories.enroll(one, into=factories.group("5А"))
        return one


@pytest.fixture
def mother(school, child):
    parent_of(child, "olga", school, phone="+79001112233")
    return client_of(school.host, "olga")


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.proves("R-170", "R-072")
def test_a_parent_sees_her_child_and_no_other_child_exists(mother, child, foreign, school):
    page = mother.get("/family/").content.decode()
    assert "Ёлкина" in page
    assert "Чужой" not in page
    with school.work():
        paper = Consent.objects.get(student=foreign)
    assert mother.get(f"/family/{child.pk}/").status_code == 200
    assert mother.get(f"/family/{foreign.pk}/").status_code == 404
    assert mother.get(f"/family/{foreign.pk}/report.pdf").status_code == 404
    for address in ("reveal/snils/", "special/", "ask/", f"withdraw/{paper.pk}/"):
        assert mother.post(f"/family/{foreign.pk}/{address}", {"field": "snils", "text": "т"}).status_code == 404, (
            address
        )
    assert mother.post(f"/family/{child.pk}/withdraw/{paper.pk}/").status_code == 404
    for address in (f"/students/{foreign.pk}/", f"/api/v1/students/{foreign.pk}/"):
        assert mother.get(address).status_code == 404, address
    assert mother.post(f"/students/{foreign.pk}/special/", {"reason": "family"}).status_code == 404
    assert mother.get(f"/students/{foreign.pk}/report.pdf").status_code == 403
    assert mother.get(f"/consents/students/{child.pk}/").status_code == 403


def test_a_parent_of_another_school_does_not_exist_here(other_school, child, mother):
    with other_school.work():
        stranger = factories.student()
    assert mother.get(f"/family/{stranger.pk}/").status_code == 404


@pytest.mark.proves("R-170", "R-031")
def test_values_stand_under_masks_and_the_familys_own_look_is_recorded(mother, child, school):
    page = mother.get(f"/family/{child.pk}/").content.decode()
    assert SNILS not in page
    assert ILLNESS not in page
    assert mother.post(f"/family/{child.pk}/reveal/snils/").content.decode() == "112-233-445 95"
    assert ILLNESS in mother.post(f"/family/{child.pk}/special/").content.decode()
    with school.work():
        looks = HistoryEvent.objects.filter(action="revealed", object_id=str(child.pk))
        assert sorted(look.facts["field"] for look in looks) == ["snils", "special"]
        assert {look.facts["role"] for look in looks} == {"guardian"}


@pytest.mark.proves("R-004", "R-025", "R-170")
def test_the_family_sees_who_looked_and_takes_the_whole_report(mother, child, school):
    client_of(school.host, "secretary").post(f"/cards/student/{child.pk}/reveal/snils/")
    page = mother.get(f"/family/{child.pk}/")
    assert page.context["looks"] == [("Секретарь, специалист по кадрам", 1, timezone.localdate())]
    answer = mother.get(f"/family/{child.pk}/report.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    report = text_of(answer.content).replace("\u00a0", " ")
    for part in (
        *(
            "Ёлкина Инна Петрович",
            "112-233-445 95",
            ILLNESS,
            "Согласия",
            "Кому передаются",
            "секретарь, специалист",
            "152-ФЗ",
        ),
        *("Срок хранения", "АСУ СО", "исполнитель", "Olga"),
    ):
        assert part in report, part
    with school.work():
        assert HistoryEvent.objects.filter(action="printed", object_id=str(child.pk)).count() == 1


@pytest.mark.proves("R-004", "R-025", "R-170")
def test_the_responsible_person_prints_the_same_report_and_others_do_not(child, school):
    address = f"/students/{child.pk}/report.pdf"
    assert "Ёлкина" in text_of(client_of(school.host, "secretary").get(address).content)
    for login in ("coordinator", "org_admin", "teacher"):
        assert client_of(school.host, login).get(address).status_code == 403


@pytest.mark.proves("R-170")
def test_a_request_for_correction_goes_to_the_secretary_and_its_answer_comes_back(mother, child, school):
    address = f"/family/{child.pk}/ask/"
    assert mother.post(address, {"field": "snils", "text": "СНИЛС другой, карточка № 5"}).status_code == 302
    again = mother.post(address, {"field": "snils", "text": "ещё раз"})
    assert again.status_code == 422
    assert "уже ждёт ответа" in again.content.decode().replace("\u00a0", " ")
    with school.work():
        asked = SubjectRequest.objects.get()
        assert asked.due_on == working_days_after(timezone.localdate(), 7)
    secretary = client_of(school.host, "secretary")
    assert "карточка №" in secretary.get("/consents/requests/").content.decode()
    empty = secretary.post(f"/consents/requests/{asked.pk}/", {"is_done": "yes"})
    assert empty.status_code == 422
    done = secretary.post(f"/consents/requests/{asked.pk}/", {"is_done": "yes", "answer": "Исправлено по документу"})
    assert done.status_code == 302
    assert secretary.post(f"/consents/requests/{asked.pk}/", {"is_done": "no", "answer": "т"}).status_code == 422
    assert "Исправлено по документу" in mother.get(f"/family/{child.pk}/").content.decode()


@pytest.mark.proves("R-170", "R-205")
def test_a_withdrawal_asked_by_the_family_blocks_the_child_when_the_secretary_records_it(mother, child, school):
    with school.work():
        paper = Consent.objects.get(student=child)
    assert mother.post(f"/family/{child.pk}/withdraw/{paper.pk}/").status_code == 302
    with school.work():
        asked = SubjectRequest.objects.get()
        assert not Student.objects.get(pk=child.pk).is_blocked
    secretary = client_of(school.host, "secretary")
    secretary.post(f"/consents/requests/{asked.pk}/", {"is_done": "yes", "answer": "Отозвано"})
    with school.work():
        assert Student.objects.get(pk=child.pk).consent_withdrawn_on == timezone.localdate()
    page = mother.get(f"/family/{child.pk}/").content.decode()
    assert "сведения заблокированы" in page
    assert mother.post(f"/family/{child.pk}/special/").status_code == 404
    assert mother.get(f"/family/{child.pk}/report.pdf").status_code == 200


@pytest.mark.parametrize("change", [{"rights_restriction": "deprived", "restriction_document": "решение суда"}, None])
def test_a_parent_without_rights_loses_the_room_at_once(mother, child, school, change):
    with school.work():
        links = GuardianLink.objects.filter(student=child)
        links.update(**change) if change else links.update(relation="grandmother")
    assert mother.get(f"/family/{child.pk}/").status_code == 404
    assert mother.get(f"/students/{child.pk}/").status_code == 404
    assert "Детей здесь пока нет" in mother.get("/family/").content.decode()


def test_a_learner_has_his_own_room(child, school):
    account = employ("inna", "student", school)
    with school.work():
        Student.objects.filter(pk=child.pk).update(account_id=account.pk)
    own = client_of(school.host, "inna")
    assert "Ёлкина" in own.get(f"/family/{child.pk}/").content.decode()


def test_the_staff_have_no_family_room(school, child):
    assert client_of(school.host, "anna").get("/family/").status_code == 403


def test_of_the_other_parent_only_the_name_is_told_and_his_paper_is_not_hers_to_withdraw(mother, child, school):
    with school.work():
        father = Guardian.objects.create(last_name="Отцов", first_name="Олег", phone="+79005556677")
        GuardianLink.objects.create(student=child, guardian=father, relation="father")
        paper = record_guardian_consent(guardian=father, paper=SignedPaper(signed_on=D(2026, 9, 1), recorded_by="С"))
    page = mother.get(f"/family/{child.pk}/").content.decode()
    assert str(paper.pk) not in page
    assert mother.post(f"/family/{child.pk}/withdraw/{paper.pk}/").status_code == 404
    report = text_of(mother.get(f"/family/{child.pk}/report.pdf").content)
    assert "Отцов Олег" in report
    assert "79005556677" not in report
    assert "79005556677" in text_of(client_of(school.host, "secretary").get(f"/students/{child.pk}/report.pdf").content)


def test_a_term_of_seven_working_days_skips_weekends():
    assert working_days_after(D(2026, 11, 20), 7) == D(2026, 12, 1)


def test_the_list_costs_the_same_for_any_number_of_children(mother, school, child, django_assert_max_num_queries):
    with school.work():
        guardian = GuardianLink.objects.get().guardian
        for _ in range(6):
            one = factories.student()
            factories.enroll(one, into=factories.group("5А"))
            GuardianLink.objects.create(student=one, guardian=guardian, relation="mother")
    with django_assert_max_num_queries(18):
        assert len(mother.get("/family/").context["lines"]) == 7


def test_a_guardian_withdrawing_for_himself_stays_in_the_room(mother, child, school):
    """His telephone is sealed; the right to see his own child comes from the law, not from his consent."""
    with school.work():
        guardian = GuardianLink.objects.get().guardian
        paper = record_guardian_consent(guardian=guardian, paper=SignedPaper(signed_on=D(2026, 9, 1), recorded_by="С"))
        withdraw(consent=paper, withdrawn_on=D(2026, 10, 1), reason="з", recorded_by="С")
    assert mother.get(f"/family/{child.pk}/").status_code == 200
