"""A new document or address keeps the former one with its day; a misprint put right does not."""

from __future__ import annotations

import datetime

import pytest

from tenants.history.models import HistoryEvent
from tenants.people.errors import NothingToReplace, ReplacedTooEarly
from tenants.people.former import replace_address, replace_document
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import FormerAddress, FormerDocument, Guardian, Student
from tenants.people.writing import write_student
from tests.support import client_of
from tests.tenants import factories

D = datetime.date
PASSPORT = {"doc_type": "passport_rf", "doc_series": "0315", "doc_number": "112233", "doc_issued_on": D(2026, 6, 1)}
STREET = "г Белореченск, ул Садовая, д 18"


@pytest.fixture
def child(school):
    with school.work():
        return factories.student(
            last_name="Ёлкина",
            birth_date=D(2012, 5, 5),
            sex="F",
            doc_number="654321",
            doc_issued_on=D(2012, 5, 20),
            doc_act_number="77",
            registration_address=STREET,
        )


@pytest.mark.proves("R-091", "R-186")
def test_a_replaced_document_stays_with_its_day(school, child):
    with school.work():
        replace_document(person=child, document=PASSPORT, replaced_on=D(2026, 6, 1), recorded_by="С")
        now, former = Student.objects.get(pk=child.pk), FormerDocument.objects.get()
        assert (now.doc_number, now.doc_series, now.doc_act_number) == ("112233", "0315", "")
        assert (former.doc_number, former.doc_act_number, former.replaced_on) == ("654321", "77", D(2026, 6, 1))
        assert former.student_id == child.pk


def test_a_misprint_put_right_is_no_former_document(school, child):
    with school.work():
        write_student(child, {"doc_number": "654322"}, by="С")
        assert not FormerDocument.objects.exists()
        change = HistoryEvent.objects.filter(object_kind="people_student", action="changed").get()
        assert change.changes["doc_number"] == ["654321", "654322"]


def test_there_must_be_something_to_replace_and_days_in_order(school, child):
    with school.work():
        with pytest.raises(ReplacedTooEarly, match="день замены"):
            replace_document(person=child, document=PASSPORT, replaced_on=D(2012, 5, 1), recorded_by="С")
        bare = factories.student(doc_number="", doc_type="")
        with pytest.raises(NothingToReplace):
            replace_document(person=bare, document=PASSPORT, replaced_on=D(2026, 6, 1), recorded_by="С")
        with pytest.raises(NothingToReplace):
            replace_address(person=bare, kind="address", address=STREET, left_on=D(2026, 6, 1), recorded_by="С")
        assert not FormerDocument.objects.exists()
        assert not FormerAddress.objects.exists()


@pytest.mark.proves("R-187")
def test_the_secretary_records_a_move_and_opens_the_former_address_under_its_mask(school, child):
    secretary = client_of(school.host, "secretary")
    new = {"kind": "registration_address", "address": "г. Анапа, ул. Морская, д. 1", "left_on": "01.06.2026"}
    assert secretary.post(f"/students/{child.pk}/address/new/", new).status_code == 302
    page = secretary.get(f"/students/{child.pk}/").content.decode().replace("\u00a0", " ")
    assert "Прежние документы и адреса" in page
    assert "до 01.06.2026" in page
    assert "Садовая" not in page
    with school.work():
        former = FormerAddress.objects.get()
    opened = secretary.post(f"/students/former/{former.pk}/reveal/")
    assert opened.content.decode() == STREET
    with school.work():
        look = HistoryEvent.objects.get(action="revealed")
        assert (look.object_id, look.facts["field"]) == (str(child.pk), "former_address")
    assert client_of(school.host, "coordinator").post(f"/students/former/{former.pk}/reveal/").status_code == 403


def test_a_former_address_under_protection_stays_closed(school, child):
    with school.work():
        former = replace_address(
            person=child, kind="registration_address", address="г Анапа", left_on=D(2026, 6, 1), recorded_by="С"
        )
        Student.objects.filter(pk=child.pk).update(is_address_protected=True)
    secretary = client_of(school.host, "secretary")
    assert secretary.post(f"/students/former/{former.pk}/reveal/").status_code == 404
    assert "Белореченск" not in secretary.get(f"/students/{child.pk}/").content.decode().partition("Прежние")[2][:900]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"doc_number": ""}, "Поле «Номер» пустое"),
        ({"doc_number": "12"}, "6 цифр"),
        ({"doc_issued_on": "01.06.2010"}, "раньше"),
        ({"replaced_on": "01.01.2195"}, "ещё не наступила"),
    ],
)
def test_a_refused_document_keeps_what_was_typed(school, child, changes, words):
    typed = {
        "doc_type": "passport_rf",
        "doc_series": "0315",
        "doc_number": "112233",
        "doc_issued_on": "01.06.2026",
        "doc_issued_by": "ГУ МВД Неповторимое",
        "replaced_on": "01.06.2026",
    }
    answer = client_of(school.host, "secretary").post(f"/students/{child.pk}/document/new/", typed | changes)
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 422
    assert words in page
    assert 'value="ГУ МВД Неповторимое"' in page


@pytest.mark.proves("R-190")
def test_a_guardians_passport_is_replaced_too(school, child):
    with school.work():
        facts = GuardianFacts(
            last_name="Ёлкина",
            first_name="Ольга",
            relation="mother",
            consent_on=D(2026, 9, 1),
            more={"doc_type": "passport_rf", "doc_series": "0305", "doc_number": "445566"},
        )
        mother = add_guardian(student=child, facts=facts, recorded_by="С").guardian
    secretary = client_of(school.host, "secretary")
    typed = {"doc_type": "passport_rf", "doc_series": "0326", "doc_number": "998877", "replaced_on": "01.10.2026"}
    assert secretary.post(f"/guardians/{mother.pk}/document/new/", typed).status_code == 302
    with school.work():
        assert Guardian.objects.get(pk=mother.pk).doc_number == "998877"
        former = FormerDocument.objects.get(guardian=mother)
    assert "445566" in secretary.post(f"/students/former/{former.pk}/reveal/").content.decode()
    assert "445566" not in secretary.get(f"/guardians/{mother.pk}/").content.decode()
