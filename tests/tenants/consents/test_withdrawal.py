"""A withdrawn consent blocks the learner everywhere in the same transaction; a new one lifts the block."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.contingent.counts import count
from shared.contingent.models import Person, PersonIdentity
from shared.tenancy import scopes
from tenants.consents import services
from tenants.consents.blocking import decide_blocked
from tenants.consents.errors import (
    ConsentAlreadyWithdrawn,
    ConsentBeforeWithdrawal,
    ConsentPeriodBroken,
    ConsentReplaced,
    NothingToDecide,
)
from tenants.consents.models import BlockedDecision, Consent
from tenants.consents.services import SignedPaper, record_guardian_consent, record_learner_consent, withdraw
from tenants.handup.projector import project
from tenants.people.achievements import AchievementFacts, add_achievement
from tenants.people.errors import StudentBlocked
from tenants.people.former import replace_document
from tenants.people.models import Achievement, FormerDocument, Guardian, GuardianLink, Student, StudentSpecial
from tenants.people.services import StudentFacts, create_student
from tenants.people.special import edit_special
from tenants.people.special_facts import SpecialFacts
from tenants.people.writing import write_student
from tests.support import client_of
from tests.tenants import factories

D = datetime.date
SNILS = "11223344595"
NAME = "Канарейкина"


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(
            last_name=NAME, first_name="Инна", sex="F", snils=SNILS, registration_address="ул. Тайная", phone="+7900"
        )
        factories.enroll(one, factories.student(last_name="Рощин"), into=factories.group("5А"), number="77-у")
        return one


def paper_of(student) -> Consent:
    return Consent.objects.current().processing_of_learners().get(student=student)


def take_back(school, child, day=None):
    with school.work():
        return withdraw(
            consent=paper_of(child), withdrawn_on=day or timezone.localdate(), reason="заявление", recorded_by="С"
        )


def registry(day):
    with scopes.enter(scopes.of_projector()):
        return count(as_of=day, by=()).document()["total"]


@pytest.mark.proves("R-205", "R-175")
def test_a_blocked_learner_is_in_no_list_search_file_print_or_answer_of_the_api(school, child):
    take_back(school, child)
    for login in ("secretary", "anna", "coordinator", "deputy_uvr"):
        client = client_of(school.host, login)
        assert client.get(f"/students/{child.pk}/").status_code == 404
        assert client.get(f"/api/v1/students/{child.pk}/").status_code == 404
        with school.work():
            order = child.enrollments.get().order_id
            group = child.enrollments.get().placements.get().group_id
        pages = ["/students/?status=", "/students/export.xlsx?status=", "/api/v1/students/", "/", "/groups/"]
        pages += [f"/groups/{group}/", f"/groups/{group}/export.xlsx", f"/orders/{order}/"]
        pages += ["/movement/?from=01.09.2026&to=31.12.2026", "/movement/export.xlsx?from=01.09.2026&to=31.12.2026"]
        for page in pages:
            answer = client.get(page)
            assert answer.status_code in (200, 403), page
            text = answer.content.decode("utf-8", "ignore")
            if login in ("secretary", "anna") and "export" not in page:
                assert NAME not in text, (login, page)
        found = client.post("/palette/", {"q": NAME})
        assert NAME not in found.content.decode().replace(f"«{NAME}»", "")


def test_files_of_lists_have_no_row_of_him(school, child):
    import io

    from python_calamine import CalamineWorkbook

    take_back(school, child)
    anna = client_of(school.host, "anna")
    for page in ("/students/export.xlsx?status=", "/movement/export.xlsx?from=01.09.2026&to=31.12.2026"):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(anna.get(page).content)).get_sheet_by_index(0).to_python()
        assert NAME not in str(sheet), page
        assert "Рощин" in str(sheet), page


@pytest.mark.proves("R-205")
def test_the_registry_forgets_who_it_was_and_keeps_the_counts_of_the_days_before(school, child):
    project(school.organization)
    before = registry(D(2026, 9, 20))
    take_back(school, child, D(2026, 10, 10))
    project(school.organization)
    assert registry(D(2026, 9, 20)) == before
    assert registry(D(2026, 10, 9)) == before
    assert registry(D(2026, 10, 10)) == {"persons": 1, "enrollments": 1}
    with scopes.enter(scopes.of_projector()):
        assert sorted(str(person) for person in Person.objects.all()) == [
            "Рощин Иван Петрович",
            "Согласие отозвано",
        ]
        assert not PersonIdentity.objects.filter(snils=SNILS).exists()
        assert not PersonIdentity.objects.filter(doc_number=child.doc_number).exists()


def test_another_organization_that_has_a_consent_keeps_him_known(school, other_school, child):
    with other_school.work():
        same = factories.student(
            last_name=NAME, first_name="Инна", sex="F", snils=SNILS, birth_date=child.birth_date, doc_number=""
        )
        factories.enroll(same, into=factories.group("6А"))
    for one in (school, other_school):
        project(one.organization)
    take_back(school, child)
    project(school.organization)
    with scopes.enter(scopes.of_projector()):
        assert Person.objects.filter(last_name=NAME).count() == 1
    take_back(other_school, same)
    project(other_school.organization)
    with scopes.enter(scopes.of_projector()):
        assert not Person.objects.filter(last_name=NAME).exists()


def test_a_new_consent_lifts_the_block_and_the_registry_knows_him_again(school, child):
    take_back(school, child, D(2026, 10, 10))
    project(school.organization)
    with school.work():
        with pytest.raises(ConsentBeforeWithdrawal):
            record_learner_consent(student=child, paper=SignedPaper(signed_on=D(2026, 10, 9), recorded_by="С"))
        record_learner_consent(student=child, paper=SignedPaper(signed_on=D(2026, 10, 20), recorded_by="С"))
        again = Student.objects.get(pk=child.pk)
        assert (again.consent_on, again.is_blocked) == (D(2026, 10, 20), False)
        assert Consent.objects.filter(student=child).count() == 2
    project(school.organization)
    with scopes.enter(scopes.of_projector()):
        assert Person.objects.filter(last_name=NAME).exists()
        assert PersonIdentity.objects.filter(snils=SNILS).exists()
    assert client_of(school.host, "secretary").get(f"/students/{child.pk}/").status_code == 200


def test_a_fault_takes_back_the_withdrawal_and_the_block_together(school, child, monkeypatch):
    def broken(places):
        raise RuntimeError("outbox")

    monkeypatch.setattr(services, "hand_up", broken)
    with school.work(), pytest.raises(RuntimeError):
        withdraw(consent=paper_of(child), withdrawn_on=D(2026, 10, 10), reason="заявление", recorded_by="С")
    with school.work():
        assert paper_of(child).withdrawn_on is None
        assert not Student.objects.get(pk=child.pk).is_blocked


def test_a_withdrawal_is_recorded_once_of_the_current_paper_and_not_before_it_was_signed(school, child):
    with school.work():
        with pytest.raises(ConsentPeriodBroken):
            withdraw(consent=paper_of(child), withdrawn_on=D(2026, 8, 1), reason="з", recorded_by="С")
        first = paper_of(child)
        record_learner_consent(student=child, paper=SignedPaper(signed_on=D(2026, 9, 2), recorded_by="С"))
        with pytest.raises(ConsentReplaced):
            withdraw(consent=first, withdrawn_on=D(2026, 10, 1), reason="з", recorded_by="С")
    taken = take_back(school, child)
    with school.work(), pytest.raises(ConsentAlreadyWithdrawn):
        withdraw(consent=taken, withdrawn_on=timezone.localdate(), reason="з", recorded_by="С")


def test_a_withdrawal_of_another_kind_blocks_nobody(school, child):
    with school.work():
        photo = record_learner_consent(
            student=child, kind="distribution", paper=SignedPaper(signed_on=D(2026, 9, 2), recorded_by="С")
        )
        withdraw(consent=photo, withdrawn_on=D(2026, 10, 1), reason="з", recorded_by="С")
        assert not Student.objects.get(pk=child.pk).is_blocked


def test_a_card_of_a_blocked_child_cannot_be_made_again_and_his_name_is_not_told(school, child):
    take_back(school, child)
    facts = {"last_name": NAME, "first_name": "Инна", "birth_date": D(2015, 5, 5), "sex": "F"}
    with school.work():
        for more in ({"snils": SNILS}, {"patronymic": "Петрович"}):
            with pytest.raises(StudentBlocked) as refusal:
                create_student(facts=StudentFacts(**facts, **more, consent_on=D(2026, 9, 1)), recorded_by="С")
            assert NAME not in str(refusal.value)


def test_a_guardian_who_withdraws_is_sealed_and_the_child_stays(school, child):
    with school.work():
        guardian = Guardian.objects.create(last_name="Ольгина", first_name="Ольга", phone="+79001234567")
        GuardianLink.objects.create(student=child, guardian=guardian, relation="mother")
        record_guardian_consent(guardian=guardian, paper=SignedPaper(signed_on=D(2026, 9, 1), recorded_by="С"))
        link = GuardianLink.objects.get()
    secretary = client_of(school.host, "secretary")
    address = f"/students/{child.pk}/guardians/{link.pk}/reveal/"
    assert secretary.post(address).content.decode() == "+79001234567"
    with school.work():
        consent = Consent.objects.processing_of_guardians().get()
        withdraw(consent=consent, withdrawn_on=timezone.localdate(), reason="з", recorded_by="С")
    assert secretary.post(address).status_code == 404
    page = secretary.get(f"/students/{child.pk}/").content.decode()
    assert "Ольгина" in page
    assert "Нет согласия: остальное закрыто" in page
    assert "4567" not in page
    assert "4567" not in secretary.get(f"/guardians/{guardian.pk}/").content.decode()


@pytest.mark.proves("R-359")
def test_the_page_says_at_once_what_to_do_and_the_responsible_person_decides(school, child):
    secretary = client_of(school.host, "secretary")
    with school.work():
        consent = paper_of(child)
    answer = secretary.post(
        f"/consents/{consent.pk}/withdraw/",
        {"withdrawn_on": f"{timezone.localdate():%d.%m.%Y}", "reason": "заявление № 3"},
    )
    text = answer.content.decode().replace("\u00a0", " ")
    deadline = timezone.localdate() + datetime.timedelta(days=30)
    assert f"Что сделать до {deadline:%d.%m.%Y}" in text
    assert "Сведения обучающегося заблокированы" in text
    assert NAME not in text
    listed = secretary.get("/consents/blocked/").content.decode()
    assert NAME in listed
    assert client_of(school.host, "coordinator").get("/consents/blocked/").status_code == 403
    address = f"/consents/blocked/{child.pk}/"
    incomplete = {"decision": "keep", "ground": "личное дело", "act_number": "5", "decided_on": "01.11.2026"}
    assert secretary.post(address, incomplete).status_code == 422
    done = secretary.post(address, incomplete | {"kept_until": "01.09.2030"})
    assert done.status_code == 302
    act = secretary.get(f"{address}act.pdf")
    assert act.content.startswith(b"%PDF")
    assert secretary.post(address, incomplete | {"kept_until": "01.09.2030"}).status_code == 422


def test_destroyed_data_say_nothing_and_the_counts_stay(school, child):
    with school.work():
        edit_special(
            student=child,
            facts=SpecialFacts(diseases="тайна"),
            deviant=[],
            restrictions={},
            edited_by="С",
            reason="з",
        )
        guardian = Guardian.objects.create(last_name="Одинокая", first_name="Мать")
        GuardianLink.objects.create(student=child, guardian=guardian, relation="mother")
        write_student(child, {"personal_file_no": "К-15", "native_language": "hye", "home_pc": True}, by="С")
        passport = {"doc_type": "passport_rf", "doc_number": "112233"}
        replace_document(person=child, document=passport, replaced_on=D(2026, 9, 1), recorded_by="С")
        facts = AchievementFacts(kind="merit", title="Чтецы", level="regional", gained_on=D(2026, 9, 1))
        add_achievement(student=child, facts=facts, recorded_by="С")
    take_back(school, child, D(2026, 10, 10))
    with school.work():
        facts = {"ground": "нет основания", "act_number": "6", "decided_on": D(2026, 11, 1), "decided_by": "С"}
        decide_blocked(student=child, decision=BlockedDecision.Decision.DESTROY, **facts)
        left = Student.objects.get(pk=child.pk)
        assert (left.real_name, left.snils, left.registration_address, left.phone) == ("Данные уничтожены", "", "", "")
        assert (left.personal_file_no, left.native_language, left.home_pc, left.doc_number) == ("", "", None, "")
        assert not StudentSpecial.objects.exists()
        assert not FormerDocument.objects.exists()
        assert not Achievement.objects.exists()
        assert not Guardian.objects.filter(last_name="Одинокая").exists()
        with pytest.raises(NothingToDecide):
            decide_blocked(student=child, decision="keep", **facts)
    project(school.organization)
    assert registry(D(2026, 9, 20))["enrollments"] == 2
