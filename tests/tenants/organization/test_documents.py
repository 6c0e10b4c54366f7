"""Documents of the organization: in force one of a kind, former editions kept, files open to the staff."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.organization.documents import Paper, put_document
from tenants.organization.models import OrganizationDocument
from tenants.organization.services import own_card
from tests.support import client_of

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DAY = datetime.date


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


def put(kind: str, **facts: object) -> OrganizationDocument:
    return put_document(paper=Paper(kind=kind, **{"issued_on": DAY(2020, 9, 1), **facts}), file=None, added_by="Анна")


@pytest.mark.proves("R-198")
def test_a_new_charter_replaces_the_former_and_stands_on_the_card(school):
    with school.work():
        former = put("charter", number="12")
        put("charter", number="30", issued_on=DAY(2024, 1, 15))
        former.refresh_from_db()
        assert not former.is_current
        assert own_card().charter == "№ 30 от 15.01.2024"


def test_local_acts_stand_side_by_side_and_are_replaced_by_name(school):
    with school.work():
        put("local_act", title="Положение о журнале", number="1")
        put("local_act", title="Положение о приёме", number="2")
        put("local_act", title="Положение о журнале", number="3")
        assert set(OrganizationDocument.objects.current().values_list("number", flat=True)) == {"2", "3"}


def test_two_documents_of_a_kind_in_force_are_refused_by_the_database(school):
    with school.work():
        put("license")
        with pytest.raises(IntegrityError, match="organizationdocument_one_current"), transaction.atomic():
            OrganizationDocument.objects.create(kind="license", issued_on=DAY(2021, 1, 1), added_by="А")
        with pytest.raises(IntegrityError, match="organizationdocument_act_titled"), transaction.atomic():
            OrganizationDocument.objects.create(kind="local_act", issued_on=DAY(2021, 1, 1), added_by="А")


@pytest.mark.proves("R-198")
def test_a_file_is_uploaded_by_the_administrator_and_opened_by_the_staff(school):
    client = client_of(school.host, "org_admin")
    typed = {"kind": "charter", "number": "30", "issued_on": "15.01.2024", "file": SimpleUploadedFile("устав.pdf", PDF)}
    assert client.post("/organization/documents/new/", typed).status_code == 302
    with school.work():
        key = OrganizationDocument.objects.get().file_id
    teacher = client_of(school.host, "teacher")
    assert "устав.pdf" in teacher.get("/organization/documents/").content.decode()
    assert teacher.get(f"/files/{key}/").content == PDF
    assert teacher.get("/organization/documents/new/").status_code == 403
    assert teacher.get("/organization/documents.xlsx").status_code == 200
    assert teacher.get("/organization/documents.pdf").status_code == 200


def test_a_file_that_is_no_pdf_and_an_act_without_a_name_are_refused(school):
    client = client_of(school.host, "org_admin")
    typed = {"kind": "local_act", "issued_on": "15.01.2024", "valid_to": "14.01.2024"}
    answer = client.post("/organization/documents/new/", typed | {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    assert answer.status_code == 422
    page = answer.content.decode().replace("\u00a0", " ")
    for text in ("PDF", "У локального акта нет названия", "Срок раньше даты"):
        assert text in page, text


def test_a_term_that_is_over_or_ends_soon_is_told_on_the_card(school):
    today = timezone.localdate()
    with school.work():
        put("license", valid_to=today - datetime.timedelta(days=1))
        put("accreditation", valid_to=today + datetime.timedelta(days=30))
    page = client_of(school.host, "org_admin").get("/organization/").content.decode()
    assert "Срок документа прошёл" in page
    assert "Срок документа скоро кончится" in page


def test_a_document_that_is_not_there_is_explained(school):
    client = client_of(school.host, "org_admin")
    client.post("/organization/absence/accreditation/", {"reason": "absent"})
    assert "отмечено: отсутствует" in client.get("/organization/documents/").content.decode()
    with school.work():
        put("accreditation")
        assert own_card().absences == {}


def test_the_page_asks_a_fixed_number_of_queries(school):
    client = client_of(school.host, "teacher")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/organization/documents/").status_code == 200
        return len(captured)

    with school.work():
        put("charter")
    queries()
    few = queries()
    with school.work():
        for number in range(5):
            put("local_act", title=f"Положение {number}")
    assert queries() == few
