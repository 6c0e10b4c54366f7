"""The register: who has agreed to what, who has not, forms filled from cards, scans, requisites, requests."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tenants.consents.errors import SignerHasNoRight
from tenants.consents.models import Consent, OperatorDetails
from tenants.consents.services import SignedPaper, record_employee_consent, record_guardian_consent
from tenants.consents.services import record_learner_consent as record
from tenants.people.models import Guardian, GuardianLink
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ

D = datetime.date
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(last_name="Ёлкина", first_name="Инна", sex="F", consent_on=D(2026, 8, 20))
        factories.enroll(one, into=factories.group("5А"))
        guardian = Guardian.objects.create(last_name="Ёлкина", first_name="Ольга", phone="+79001112233")
        GuardianLink.objects.create(student=one, guardian=guardian, relation="mother")
        return one


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def lines_of(client, query: str = "") -> list[str]:
    return [line.name for line in client.get(f"/consents/{query}").context["lines"]]


@pytest.mark.proves("R-173", "R-194", "R-205")
def test_the_register_holds_learners_guardians_and_employees(school, child):
    with school.work():
        guardian = Guardian.objects.get()
        record_guardian_consent(guardian=guardian, paper=SignedPaper(signed_on=D(2026, 9, 1), recorded_by="С"))
        paper = SignedPaper(signed_on=D(2026, 9, 1), recorded_by="С", signer="Учителева Анна")
        record_employee_consent(employee_id=guardian.pk, paper=paper)
    secretary = client_of(school.host, "secretary")
    assert sorted(lines_of(secretary)) == ["Ёлкина Инна Петрович", "Ёлкина Ольга", "Учителева Анна"]
    assert lines_of(secretary, "?kind=staff") == ["Учителева Анна"]


@pytest.mark.proves("R-175")
@pytest.mark.parametrize(
    ("state", "until", "withdrawn"),
    [
        ("active", None, None),
        ("expiring", 10, None),
        ("expired", -1, None),
        ("withdrawn", None, 0),
    ],
)
def test_each_state_is_a_filter(school, child, state, until, withdrawn):
    today = timezone.localdate()
    with school.work():
        facts = {"valid_until": today + datetime.timedelta(days=until) if until else None}
        facts["withdrawn_on"] = today if withdrawn is not None else None
        photo = record(student=child, kind="distribution", paper=SignedPaper(signed_on=D(2026, 8, 25), recorded_by="С"))
        Consent.objects.filter(pk=photo.pk).update(**facts)
    secretary = client_of(school.host, "secretary")
    assert lines_of(secretary, f"?kind=distribution&state={state}") == ["Ёлкина Инна Петрович"]
    for other in {"expired", "withdrawn", "active"} - {state, "active" if state == "expiring" else state}:
        assert lines_of(secretary, f"?kind=distribution&state={other}") == []


@pytest.mark.proves("R-175", "R-194")
def test_a_guardian_without_consent_stands_in_the_register_as_missing(school, child):
    secretary = client_of(school.host, "secretary")
    assert lines_of(secretary, "?state=none") == ["Ёлкина Ольга"]
    page = secretary.get(f"/students/{child.pk}/").content.decode()
    assert "Нет согласия: остальное закрыто" in page
    assert "2233" not in page


def test_the_list_costs_the_same_however_long_it_is(school, child, django_assert_max_num_queries):
    with school.work():
        for _ in range(30):
            factories.student()
    secretary = client_of(school.host, "secretary")
    with django_assert_max_num_queries(14):
        assert len(lines_of(secretary)) == 31


def test_the_report_r12_is_a_table_and_a_paper_with_the_imprint(school, child):
    secretary = client_of(school.host, "secretary")
    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(secretary.get("/consents/export.xlsx").content)
    ).get_sheet_by_index(0)
    text = str(sheet.to_python())
    assert "АСУ СО" in text
    assert "Ёлкина Инна" in text
    paper = text_of(secretary.get("/consents/export.pdf?state=none").content)
    assert "Ёлкина Ольга" in paper
    assert "Нет согласия" in paper
    assert "исполнитель" in paper


@pytest.mark.proves("R-072")
def test_a_class_teacher_sees_papers_of_his_class_only(school, child):
    with school.work():
        own, foreign = factories.group("6Б"), factories.student(last_name="Чужой")
        mine = factories.student(last_name="Рощин")
        factories.enroll(mine, into=own, day=timezone.localdate())
        paper = Consent.objects.get(student=foreign)
    employ("klara", "class_teacher", school, groups=[own])
    klara = client_of(school.host, "klara")
    assert lines_of(klara) == ["Рощин Иван Петрович"]
    for address in (f"/consents/students/{foreign.pk}/", f"/consents/{paper.pk}/", f"/consents/new/{child.pk}/"):
        assert klara.get(address).status_code == 404, address
    assert (
        klara.post(f"/consents/{paper.pk}/withdraw/", {"withdrawn_on": "01.11.2026", "reason": "з"}).status_code == 404
    )
    assert klara.get("/consents/new/employee/").status_code == 403


@pytest.mark.proves("R-175", "R-205")
def test_the_secretary_records_a_paper_with_its_scan(school, child):
    with school.work():
        guardian = Guardian.objects.get()
    secretary = client_of(school.host, "secretary")
    posted = {
        "kind": "distribution",
        "signer": str(guardian.pk),
        "signed_on": "01.10.2026",
        "number": "17",
        "scan": SimpleUploadedFile("согласие.pdf", PDF, content_type="application/pdf"),
    }
    answer = secretary.post(f"/consents/new/{child.pk}/", posted)
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        made = Consent.objects.get(kind="distribution")
        assert (made.signer, made.number, made.guardian_id) == ("Ёлкина Ольга", "17", guardian.pk)
        assert made.terms.purposes
        assert made.scan_id
    assert secretary.get(f"/files/{made.scan_id}/").content == PDF
    assert client_of(school.host, "teacher").get(f"/files/{made.scan_id}/").status_code == 404
    page = secretary.get(f"/consents/{made.pk}/").content.decode()
    assert "Ёлкина Ольга" in page
    assert "согласие.pdf" in page


@pytest.mark.proves("R-194")
def test_recording_the_guardians_paper_opens_what_was_typed(school, child):
    with school.work():
        guardian, link = Guardian.objects.get(), GuardianLink.objects.get()
    secretary = client_of(school.host, "secretary")
    answer = secretary.post(
        f"/consents/new/{child.pk}/?subject={guardian.pk}", {"kind": "guardian", "signed_on": "01.10.2026"}
    )
    assert answer.status_code == 302
    page = secretary.get(f"/students/{child.pk}/").content.decode()
    assert "Нет согласия: остальное закрыто" not in page
    assert f"/guardians/{link.pk}/reveal/" in page


def test_kin_without_legal_rights_cannot_sign_for_the_child(school, child):
    with school.work():
        grandmother = Guardian.objects.create(last_name="Бабушкина", first_name="Анна")
        GuardianLink.objects.create(student=child, guardian=grandmother, relation="grandmother")
        with pytest.raises(SignerHasNoRight):
            record(student=child, guardian=grandmother, paper=SignedPaper(signed_on=D(2026, 9, 1), recorded_by="С"))
    page = client_of(school.host, "secretary").get(f"/consents/new/{child.pk}/").content.decode()
    assert "Бабушкина" not in page


@pytest.mark.proves("R-174", "R-359")
def test_requisites_and_the_responsible_person_stand_on_the_printed_form(school, child):
    admin = client_of(school.host, "anna")
    posted = {"register_number": "23-15-001", "responsible_name": "Крылова Нина", "responsible_post": "секретарь"}
    assert admin.post("/consents/operator/", posted).status_code == 302
    assert client_of(school.host, "secretary").get("/consents/operator/").status_code == 403
    with school.work():
        assert OperatorDetails.objects.get().register_number == "23-15-001"
    form = text_of(client_of(school.host, "secretary").get(f"/consents/form/{child.pk}/consent.pdf").content)
    for part in (
        *("23-15-001", "Крылова Нина", "Ёлкина Инна", "Цели обработки", "Перечень данных", "Действия с данными"),
        *("Срок", "Как отозвать", "сверьте с юристом", "Средняя школа № 1"),
    ):
        assert part in form.replace("\u00a0", " "), part


def test_a_form_of_a_guardian_names_him(school, child):
    with school.work():
        guardian = Guardian.objects.get()
    secretary = client_of(school.host, "secretary")
    form = text_of(secretary.get(f"/consents/form/{child.pk}/consent.pdf?kind=guardian&subject={guardian.pk}").content)
    assert "Ёлкина Ольга" in form
    assert secretary.get(f"/consents/form/{child.pk}/consent.pdf?kind=guardian").status_code == 404
    assert secretary.get(f"/consents/form/{child.pk}/consent.pdf?subject=что-то").status_code == 404


def test_an_employee_is_recorded_by_name(school):
    secretary = client_of(school.host, "secretary")
    posted = {"signer": "Учителева Анна", "kind": "staff", "signed_on": "01.09.2026"}
    assert secretary.post("/consents/new/employee/", posted).status_code == 302
    assert lines_of(secretary, "?kind=staff") == ["Учителева Анна"]
