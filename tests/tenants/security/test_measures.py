"""Measures of an organization: regulation, reviews of rights, the register of incidents with its terms."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from tenants.consents.models import OperatorDetails
from tenants.consents.services import withdraw
from tenants.history.models import HistoryEvent
from tenants.security.errors import (
    FindingsBeforeIncident,
    IncidentClosed,
    IncidentNotReported,
    IncidentWithoutMeasures,
    NoticeBeforeIncident,
)
from tenants.security.models import Incident, ProtectionRegulation, RightsReview
from tenants.security.register import lines_of
from tenants.security.services import IncidentFacts, close_incident, edit_incident, record_incident, record_review
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


def facts(hours_ago: int, **other: object) -> IncidentFacts:
    found_at = timezone.now() - hours_ago * HOUR
    values = {"found_at": found_at, "description": "Письмо не тому адресату", "data_categories": "имена"}
    return IncidentFacts(**{**values, "people_count": 27, **other})


def page_of(school, login: str = "anna") -> str:
    answer = client_of(school.host, login).get("/security/")
    assert answer.status_code == 200
    return answer.content.decode()


def typed(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}"


@pytest.mark.proves("R-356")
def test_the_page_says_which_measures_are_missing_and_then_that_they_are_taken(school):
    page = page_of(school)
    assert "Не назначен" in page
    assert "Не загружено" in page
    assert "Права доступа ещё не пересматривали" in page
    assert "Инцидентов не было" in page
    with school.work():
        OperatorDetails.objects.create(responsible_name="Крылова Нина", responsible_post="секретарь", updated_by="С")
        record_review(reviewed_on=timezone.localdate(), note="лишнего нет", recorded_by="Анна")
    page = page_of(school)
    assert "Крылова Нина, секретарь" in page
    assert "лишнего нет" in page
    assert "ещё не пересматривали" not in page


@pytest.mark.proves("R-356")
def test_the_share_of_consents_counts_who_has_withdrawn(school):
    with school.work():
        children = [factories.student() for _ in range(4)]
        factories.enroll(*children, into=factories.group("5А"))
        paper = children[0].consents.get()
        withdraw(consent=paper, withdrawn_on=timezone.localdate(), reason="заявление", recorded_by="С")
    page = page_of(school)
    assert "75,0" in page
    assert "3 из 4" in page


@pytest.mark.proves("R-356")
def test_accounts_without_an_obligatory_second_factor_are_named(school):
    employ("petrov", "org_admin", school)
    employ("plain", "teacher", school)
    page = page_of(school)
    assert "Не подключён: Petrov Тест." in page


@pytest.mark.proves("R-356")
def test_a_review_is_recorded_with_its_order_and_is_wanted_again_after_a_year(school):
    anna, today = client_of(school.host, "anna"), timezone.localdate()
    day = f"{today:%d.%m.%Y}"
    empty = anna.post("/security/review/", {"reviewed_on": day})
    assert empty.status_code == 422
    assert "Впишите одно из двух" in empty.content.decode()
    undated = anna.post("/security/review/", {"reviewed_on": day, "order_number": "52-од"})
    assert "У приказа нет даты" in undated.content.decode()
    whole = {"reviewed_on": day, "order_number": "52-од", "order_date": day}
    assert anna.post("/security/review/", whole).status_code == 302
    assert f"приказ № 52-од от {day}" in page_of(school)
    with school.work():
        review = RightsReview.objects.get()
        assert review.recorded_by.startswith("Anna")
        RightsReview.objects.update(reviewed_on=today - datetime.timedelta(days=366))
        assert HistoryEvent.objects.filter(object_kind="security_rightsreview").exists()
    assert "прошло больше года" in page_of(school)


@pytest.mark.proves("R-326")
def test_the_regulation_is_kept_as_a_document_and_linked_where_consents_are(school, other_school):
    anna = client_of(school.host, "anna")
    for number in ("39-од", "40-од"):
        file = SimpleUploadedFile("Положение.pdf", PDF + number.encode() + b"\n%%EOF\n")
        form = {"number": number, "approved_on": "28.08.2026", "file": file}
        assert anna.post("/security/regulation/new/", form).status_code == 302
    with school.work():
        current = ProtectionRegulation.objects.get(is_current=True)
        assert current.number == "40-од"
        assert ProtectionRegulation.objects.count() == 2
    teacher = client_of(school.host, "teacher")
    page = teacher.get("/security/regulation/").content.decode()
    assert "приказ № 40-од" in page
    assert "Прежние редакции" in page
    assert "Новая редакция" not in page
    assert teacher.get(f"/files/{current.file_id}/").status_code == 200
    assert client_of(other_school.host, "vera").get(f"/files/{current.file_id}/").status_code == 404
    assert 'href="/security/regulation/"' in client_of(school.host, "secretary").get("/consents/").content.decode()
    assert 'href="/security/regulation/"' in anna.get("/consents/operator/").content.decode()


def test_only_a_pdf_becomes_the_regulation(school):
    form = {"number": "1", "approved_on": "28.08.2026", "file": SimpleUploadedFile("a.pdf", b"plain text")}
    answer = client_of(school.host, "anna").post("/security/regulation/new/", form)
    assert answer.status_code == 422
    with school.work():
        assert not ProtectionRegulation.objects.exists()


@pytest.mark.proves("R-356")
@pytest.mark.parametrize(
    ("hours", "notice", "findings"),
    [(1, "осталось 22 ч", "осталось 70 ч"), (30, "Срок прошёл", "осталось 41 ч"), (80, "Срок прошёл", "Срок прошёл")],
)
def test_both_terms_count_from_the_hour_the_incident_was_found(school, hours, notice, findings):
    with school.work():
        record_incident(facts=facts(hours), recorded_by="Анна")
        (line,) = lines_of(Incident.objects.all())
    assert notice in line.notice.state[1]
    assert findings in line.findings.state[1]
    assert ("Срок уведомления прошёл" in page_of(school)) is (hours > 24)


def test_a_notice_sent_late_stays_visible_and_one_not_wanted_has_no_term(school):
    with school.work():
        late = facts(50, notified_at=timezone.now() - HOUR)
        record_incident(facts=late, recorded_by="Анна")
        record_incident(facts=facts(50, is_notifiable=False), recorded_by="Анна")
        first, second = lines_of(Incident.objects.order_by("id"))
    assert "позже срока" in first.notice.state[1]
    assert second.findings.state == ("idle", "Не требуется")
    assert second.incident.waiting_terms == []


@pytest.mark.proves("R-356")
def test_an_incident_is_closed_with_measures_and_both_notices_and_then_stays_as_it_is(school):
    now = timezone.now()
    with school.work():
        incident = record_incident(facts=facts(10), recorded_by="Анна")
        close = {"incident": incident, "closed_on": timezone.localdate(), "closed_by": "Анна"}
        edit_incident(incident=incident, facts=facts(10, is_notifiable=False))
        with pytest.raises(IncidentWithoutMeasures):
            close_incident(**close)
        edit_incident(incident=incident, facts=facts(10, measures="Письмо удалено"))
        with pytest.raises(IncidentNotReported):
            close_incident(**close)
        sent = {"measures": "Письмо удалено", "notified_at": now - 8 * HOUR, "findings_sent_at": now}
        edit_incident(incident=incident, facts=facts(10, **sent))
        close_incident(**close)
        with pytest.raises(IncidentClosed):
            close_incident(**close)
        with pytest.raises(IncidentClosed):
            edit_incident(incident=incident, facts=facts(10))


def test_a_notice_before_the_incident_is_refused(school):
    with school.work():
        with pytest.raises(NoticeBeforeIncident):
            record_incident(facts=facts(1, notified_at=timezone.now() - 2 * HOUR), recorded_by="А")
        with pytest.raises(FindingsBeforeIncident):
            record_incident(facts=facts(1, findings_sent_at=timezone.now() - 2 * HOUR), recorded_by="А")


def test_the_director_writes_edits_and_closes_an_incident_on_its_pages(school):
    anna, now = client_of(school.host, "anna"), timezone.now()
    form = {
        "found_at": typed(now - 5 * HOUR),
        "description": "Потерян носитель",
        "data_categories": "имена",
        "people_count": "3",
        "is_notifiable": "on",
    }
    future = anna.post("/security/incidents/new/", form | {"found_at": typed(now + 30 * HOUR)})
    assert future.status_code == 422
    assert "ещё не наступило" in future.content.decode()
    made = anna.post("/security/incidents/new/", form)
    assert made.status_code == 302
    path = made.headers["Location"]
    assert anna.post(f"{path}save/", form | {"notified_at": typed(now - 9 * HOUR)}).status_code == 422
    assert anna.post(f"{path}close/").status_code == 422
    sent = {"measures": "Найден", "notified_at": typed(now - HOUR), "findings_sent_at": typed(now - HOUR)}
    assert anna.post(f"{path}save/", form | sent).status_code == 302
    assert anna.post(f"{path}close/").status_code == 302
    page = anna.get(path).content.decode()
    assert "Закрыт" in page
    assert "Закрыть инцидент" not in page


@pytest.mark.proves("R-356")
def test_the_register_leaves_as_a_workbook_and_as_a_paper(school):
    with school.work():
        record_incident(facts=facts(30), recorded_by="Анна")
    anna = client_of(school.host, "anna")
    sheet = openpyxl.load_workbook(io.BytesIO(anna.get("/security/incidents.xlsx").content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("исполнитель" in text for text in cells)
    assert "Письмо не тому адресату" in cells
    paper = PdfReader(io.BytesIO(anna.get("/security/incidents.pdf").content))
    assert "Срок прошёл" in " ".join(" ".join(one.extract_text().split()) for one in paper.pages)


@pytest.mark.parametrize(
    ("login", "reads", "writes"),
    [
        ("anna", 200, 200),
        ("coordinator", 200, 403),
        ("org_admin", 200, 200),
        ("teacher", 403, 403),
        ("secretary", 403, 403),
    ],
)
def test_who_reads_and_who_writes_measures(school, login, reads, writes):
    client = client_of(school.host, login)
    assert client.get("/security/").status_code == reads
    assert client.get("/security/incidents/new/").status_code == writes


def test_the_number_of_queries_does_not_grow_with_incidents(school):
    anna = client_of(school.host, "anna")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            anna.get("/security/")
        return len(captured)

    with school.work():
        record_incident(facts=facts(30), recorded_by="Анна")
    few = queries()
    with school.work():
        for hours in range(1, 6):
            record_incident(facts=facts(hours), recorded_by="Анна")
    assert queries() == few
