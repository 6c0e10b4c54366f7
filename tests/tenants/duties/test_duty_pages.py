"""Pages of the yearly order: the administrator drafts, the director signs, everybody reads."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.access.roles import Role
from shared.kernel.days import academic_year_of
from tenants.duties.models import DutyOrder
from tenants.duties.services import Author, Duty, draft_duties, edit_duties, sign_duties
from tests.support import client_of

ZERO = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def year() -> int:
    return academic_year_of(timezone.localdate())


@pytest.fixture
def in_force(school, year) -> DutyOrder:
    duty = Duty(data_set="journal", deadline="в день урока", periodicity="daily", role=Role.TEACHER)
    with school.work():
        order = draft_duties(academic_year=year, org_type="school", author=Author(ZERO, "Шевченко А. В."))
        day = datetime.date(year, 8, 28)
        edit_duties(order=order, number="41-од", issued_on=day, duties=[duty], author=Author(ZERO, "Шевченко А. В."))
        return sign_duties(order=order, signer=Author("11111111-1111-1111-1111-111111111111", "Лебедь О. Т."))


def rows_of(*rows: dict[str, str], initial: int = 0) -> dict[str, str]:
    """Rows as the browser sends them."""
    sent = {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": str(initial)}
    for index, row in enumerate(rows):
        sent |= {f"rows-{index}-{name}": value for name, value in row.items()}
    return sent


JOURNAL = {"data_set": "journal", "holder": "role:teacher", "deadline": "в день урока", "periodicity": "daily"}


@pytest.mark.proves("R-020", "R-021", "R-059", "R-253")
def test_an_order_from_draft_to_acknowledgement(school, year):
    """The administrator drafts, the director puts it in force, the teacher finds his duty at home and presses once."""
    administrator, director, teacher = (client_of(school.host, login) for login in ("org_admin", "anna", "teacher"))
    draft = administrator.post("/duties/new/", {"academic_year": str(year)}).headers["Location"]
    assert "Карточки обучающихся" in administrator.get(draft).content.decode()
    saved = administrator.post(draft, {"number": "41-од", "issued_on": f"28.08.{year}", **rows_of(JOURNAL)})
    page = saved.headers["Location"]
    assert administrator.post(f"{page}sign/").status_code == 403
    assert teacher.get(page).status_code == 404
    assert "Обязанностей" not in teacher.get("/").content.decode()
    assert director.post(f"{page}sign/").status_code == 302
    home = teacher.get("/").content.decode()
    assert "Ознакомьтесь с приказом об обязанностях" in home
    assert "Журнал: темы, отметки, домашние задания" in home
    assert teacher.post(f"{page}read/").status_code == 302
    assert "Ознакомьтесь с приказом" not in teacher.get("/").content.decode()
    sheet = administrator.get(f"{page}sheet/").content.decode()
    assert "не ознакомлены: 5 из 6" in sheet
    assert sheet.count("Ещё нет") == 5


def test_who_drafted_cannot_put_in_force(school, year):
    director = client_of(school.host, "anna")
    draft = director.post("/duties/new/", {"academic_year": str(year)}).headers["Location"]
    director.post(draft, {"number": "1", "issued_on": f"28.08.{year}", **rows_of(JOURNAL)})
    page = draft.removesuffix("edit/")
    refused = director.post(f"{page}sign/")
    assert refused.status_code == 422
    assert "подготовили вы" in refused.content.decode()


def test_a_row_names_a_person_of_the_staff_and_nobody_else(school, year):
    from shared.accounts.models import Account

    administrator = client_of(school.host, "org_admin")
    draft = administrator.post("/duties/new/", {"academic_year": str(year)}).headers["Location"]
    teacher, stranger = (Account.objects.get(login=login).pk for login in ("teacher", "boris"))
    named = {**JOURNAL, "holder": f"person:{teacher}"}
    assert administrator.post(draft, rows_of(named)).status_code == 302
    with school.work():
        assert DutyOrder.objects.get().rows.get().holder == "Teacher Тест"
    assert administrator.post(draft, rows_of({**JOURNAL, "holder": f"person:{stranger}"})).status_code == 422


def test_a_row_that_lacks_something_is_shown_again_with_its_field(school, year):
    administrator = client_of(school.host, "org_admin")
    draft = administrator.post("/duties/new/", {"academic_year": str(year)}).headers["Location"]
    answer = administrator.post(draft, rows_of({**JOURNAL, "deadline": ""}))
    assert answer.status_code == 422
    assert "Поле «Срок» пустое" in answer.content.decode()


def test_a_marked_row_is_removed_and_an_empty_one_is_not_kept(school, year):
    administrator = client_of(school.host, "org_admin")
    draft = administrator.post("/duties/new/", {"academic_year": str(year)}).headers["Location"]
    administrator.post(draft, rows_of(JOURNAL, JOURNAL))
    administrator.post(draft, rows_of({**JOURNAL, "DELETE": "on"}, JOURNAL, {"periodicity": "on_change"}, initial=2))
    with school.work():
        assert DutyOrder.objects.get().rows.count() == 1
    discarded = administrator.post(f"{draft.removesuffix('edit/')}discard/")
    assert discarded.status_code == 302
    with school.work():
        assert DutyOrder.objects.count() == 0


@pytest.mark.proves("R-021")
def test_the_sheet_of_acquaintance_is_a_file_with_a_place_for_signatures(school, in_force):
    administrator = client_of(school.host, "coordinator")
    administrator.post(f"/duties/{in_force.pk}/read/")
    book = openpyxl.load_workbook(io.BytesIO(administrator.get(f"/duties/{in_force.pk}/sheet.xlsx").content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert {"Лист ознакомления с приказом", "Подпись", "Secretary Тест", "Coordinator Тест"} <= set(cells)
    paper = pypdf.PdfReader(io.BytesIO(administrator.get(f"/duties/{in_force.pk}/sheet.pdf").content))
    assert "№ 41-од" in paper.pages[0].extract_text()


@pytest.mark.parametrize("extension", ["xlsx", "pdf"])
def test_the_order_itself_is_a_file_for_everybody_it_binds(school, in_force, extension):
    answer = client_of(school.host, "teacher").get(f"/duties/{in_force.pk}/order.{extension}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_teacher_neither_drafts_nor_sees_the_sheet(school, in_force):
    teacher = client_of(school.host, "teacher")
    assert teacher.post("/duties/new/", {}).status_code == 403
    assert teacher.get(f"/duties/{in_force.pk}/sheet/").status_code == 403


def test_an_order_of_another_school_does_not_exist(school, other_school, in_force):
    vera = client_of(other_school.host, "vera")
    assert vera.get(f"/duties/{in_force.pk}/").status_code == 404
    assert vera.post(f"/duties/{in_force.pk}/read/").status_code == 404


def test_the_list_and_the_first_page_cost_the_same_for_many_orders_and_rows(school, in_force, year):
    administrator = client_of(school.host, "org_admin")
    counts = []
    for _ in range(2):
        for path in ("/duties/", "/"):
            administrator.get(path)
            with CaptureQueriesContext(connection) as queries:
                administrator.get(path)
            counts.append(len(queries))
        with school.work():
            for later in range(1, 4):
                draft_duties(academic_year=year + later, org_type="school", author=Author(ZERO, "Шевченко А. В."))
    assert counts[:2] == counts[2:]
