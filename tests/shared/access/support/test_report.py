"""What the organization reads afterwards: page, sheet and paper. Source: R-031, R-053."""

from __future__ import annotations

import io

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.shared.access.support.visits import visit
from tests.support import client_of
from tests.tenants import factories


@pytest.fixture
def visited(school):
    """The engineer has looked at the list and at one card, and tried one page that is not his."""
    with school.work():
        student = factories.student()
        factories.enroll(student, factories.student(), into=factories.group("5А"))
    case, oleg = visit(school)
    oleg.get("/students/")
    oleg.get(f"/students/{student.pk}/")
    oleg.get("/account/")
    return case, student


@pytest.mark.proves("R-031", "R-053")
def test_the_page_says_what_was_opened_when_how_many_rows_and_by_whom(school, visited):
    case, _ = visited
    page = client_of(school.host, "anna").get(f"/support/{case.pk}/").content.decode().replace("\xa0", " ")
    assert "Список обучающихся" in page
    assert "Карточка обучающегося" in page
    assert "отказано" in page
    assert "3 из 200" in page
    assert "Oleg Тест" in page


def test_the_sheet_and_the_paper_hold_the_same_lines(school, visited):
    case, student = visited
    anna = client_of(school.host, "coordinator")
    sheet = openpyxl.load_workbook(io.BytesIO(anna.get(f"/support/{case.pk}/report.xlsx").content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert "показано строк 3 из 200" in rows[3][0]
    # The way in, the list, the card, the refusal.
    assert [(row[3], row[4]) for row in rows if row[1] == "Oleg Тест" and row[4]] == [
        ("Список обучающихся", 2),
        ("Карточка обучающегося", 1),
    ]
    assert [row[2] for row in rows].count("Отказ") == 1
    assert [row[2] for row in rows].count("Вход службы поддержки") == 1
    assert str(student.pk) in {row[5] for row in rows}
    paper = anna.get(f"/support/{case.pk}/report.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert f"обращение № {case.number}" in text.replace("\xa0", " ")
    assert "Карточка" in text


def test_a_longer_report_costs_no_more_queries(school, visited):
    case, _ = visited
    anna = client_of(school.host, "anna")
    anna.get(f"/support/{case.pk}/")
    with CaptureQueriesContext(connection) as few:
        anna.get(f"/support/{case.pk}/")
    with school.work(), connection.cursor() as cursor:
        for _ in range(30):
            cursor.execute(
                "select history_note('viewed', 'student', '', 1, '', jsonb_build_object('support_case', %s::text))",
                [str(case.number)],
            )
    with CaptureQueriesContext(connection) as many:
        anna.get(f"/support/{case.pk}/")
    assert len(many) == len(few)


def test_the_list_of_cases_is_a_page_and_a_file_with_a_steady_number_of_queries(
    school, visited, django_assert_num_queries
):
    anna = client_of(school.host, "anna")
    assert "Не открывается список класса" in anna.get("/support/").content.decode()
    with CaptureQueriesContext(connection) as page:
        anna.get("/support/")
    with CaptureQueriesContext(connection) as again:
        anna.get("/support/")
    assert len(again) == len(page) <= 12
    sheet = openpyxl.load_workbook(io.BytesIO(anna.get("/support/list.xlsx").content)).active
    assert "Не открывается список класса" in {cell for row in sheet.iter_rows(values_only=True) for cell in row}


def test_the_operators_list_is_a_file_too(school, visited):
    oleg = client_of("operator.localhost", "oleg")
    sheet = openpyxl.load_workbook(io.BytesIO(oleg.get("/support/list.xlsx").content)).active
    cells = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "СОШ № 1" in cells
    assert not {cell for cell in cells if cell and "Anna" in str(cell)}
