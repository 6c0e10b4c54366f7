"""The table of rights in the administrator's hands, and the region's ceilings above it."""

from __future__ import annotations

import io

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared.access.models import RightCeiling, RightChange, RoleGrant
from shared.access.rights import matrix
from shared.access.roles import ORGANIZATION_ROLES, Role, role_facts
from shared.tenancy import scopes
from tests.shared.appointments.conftest import account
from tests.support import client_of
from tests.tenants import factories

LISTS = "student_list.read"


@pytest.fixture
def administrator(school):
    return client_of(school.host, "org_admin")


@pytest.fixture
def region_administrator(school, today):
    from shared.organizations.models import AuthorityBody

    with scopes.enter(scopes.of_accounts()):
        body = AuthorityBody.objects.get(code="ministry-03")
        RoleGrant.objects.create(account=account("oleg"), role=Role.REGION_ADMIN, authority=body, valid_from=today)
    return client_of("region.localhost", "oleg")


def change(client, path, today, **facts):
    basis = {"order_number": "41", "order_date": f"{today:%d.%m.%Y}", "valid_from": f"{today:%d.%m.%Y}"}
    return client.post(path, {**basis, **facts})


@pytest.mark.proves("R-163")
def test_the_table_has_every_role_in_every_row(administrator):
    page = administrator.get("/rights/").content.decode()
    for row in matrix().values():
        assert row.label in page
    for role in ORGANIZATION_ROLES:
        assert role_facts()[role].label in page
    assert page.count("/rights/student_list.read/") == len(ORGANIZATION_ROLES)


def test_one_role_is_shown_in_words_for_a_narrow_screen(administrator):
    page = administrator.get("/rights/?role=nurse").content.decode()
    assert "Медицинский работник" in page
    assert "просмотр" in page
    assert 'class="rights"' not in page


@pytest.mark.proves("R-035", "R-063", "R-098", "R-163")
def test_a_change_is_previewed_saved_shown_and_counts_at_once(school, administrator, today):
    """The nurse loses the lists: the very next request of hers is refused."""
    with school.work():
        factories.student()
    with scopes.enter(scopes.of_accounts()):
        RoleGrant.objects.filter(account__login="secretary").update(role=Role.NURSE)
    nurse = client_of(school.host, "secretary")
    assert nurse.get("/students/").status_code == 200
    path = "/rights/change/?role=nurse"
    preview = change(administrator, path, today, **{f"{LISTS}:nurse": "-"})
    assert preview.status_code == 200
    assert "Что изменится" in preview.content.decode()
    assert RightChange.objects.count() == 0
    saved = change(administrator, path, today, **{f"{LISTS}:nurse": "-"}, decide="1")
    assert saved.headers["Location"] == "/rights/"
    assert nurse.get("/students/").status_code == 403
    assert "приказ №\xa041" in administrator.get("/rights/").content.decode().replace("№ ", "№\xa0")
    history = administrator.get(f"/rights/{LISTS}/nurse/").content.decode()
    assert "Org_admin" in history
    back = change(administrator, path, today, **{f"{LISTS}:nurse": "default"}, decide="1")
    assert back.status_code == 302
    assert nurse.get("/students/").status_code == 200


def test_the_preview_can_be_corrected(administrator, today):
    path = f"/rights/change/?row={LISTS}"
    page = change(administrator, path, today, **{f"{LISTS}:nurse": "-"}, edit="1").content.decode()
    assert "Проверить изменения" in page
    assert '<option value="-" selected>' in page


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Ни одно право не изменено"),
        ({f"{LISTS}:nurse": "-", "order_number": "", "order_date": ""}, "Укажите приказ"),
        ({f"{LISTS}:nurse": "-", "order_date": ""}, "У приказа есть и номер, и дата"),
        ({f"{LISTS}:nurse": "-", "valid_from": "01.09.2020"}, "с сегодняшнего дня"),
        ({f"{LISTS}:nurse": "-", "last_day": "01.09.2020"}, "Последний день раньше первого"),
        ({"student.special.read:nurse": "keep", f"{LISTS}:nurse": "X"}, "Выберите корректный вариант"),
    ],
)
def test_a_change_without_sense_is_refused_with_what_was_typed(administrator, today, facts, said):
    answer = change(administrator, "/rights/change/?role=nurse", today, **facts)
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.proves("R-060")
def test_special_fields_are_opened_to_class_teachers_by_the_director_alone(school, administrator, today):
    path, wanted = "/rights/change/?role=class_teacher", {"student.special.read:class_teacher": "C"}
    refused = change(administrator, path, today, **wanted, decide="1")
    assert refused.status_code == 422
    assert "только руководитель" in refused.content.decode()
    director = client_of(school.host, "anna")
    assert change(director, path, today, **wanted, decide="1").status_code == 302
    assert RightChange.objects.get().decided_by == "Anna Тест"


@pytest.mark.proves("R-163")
def test_the_table_goes_to_a_spreadsheet_in_words_and_to_paper_with_the_legend(administrator, today):
    change(administrator, "/rights/change/?role=nurse", today, **{f"{LISTS}:nurse": "-"}, decide="1")
    book = openpyxl.load_workbook(io.BytesIO(administrator.get("/rights/export.xlsx").content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
    assert f"нет (приказ № 41 от {today:%d.%m.%Y})" in cells
    assert "Медицинский работник" in cells
    paper = pypdf.PdfReader(io.BytesIO(administrator.get("/rights/export.pdf").content))
    text = paper.pages[0].extract_text()
    assert "Распределение прав доступа" in text
    assert "—*" in "".join(page.extract_text() for page in paper.pages)


def test_the_table_costs_the_same_however_much_is_changed(administrator, today):
    administrator.get("/rights/")
    with CaptureQueriesContext(connection) as few:
        administrator.get("/rights/")
    changed = {f"{LISTS}:{role}": "-" for role in ("nurse", "deputy_uvr", "coordinator")}
    assert change(administrator, f"/rights/change/?row={LISTS}", today, **changed, decide="1").status_code == 302
    administrator.get("/rights/")  # takes the message of success away
    with CaptureQueriesContext(connection) as many:
        administrator.get("/rights/")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    "path", ["/rights/nothing/nurse/", f"/rights/{LISTS}/operator/", "/rights/change/?row=nothing"]
)
def test_a_cell_that_is_not_in_the_table_does_not_exist(administrator, path):
    assert administrator.get(path).status_code == 404


@pytest.mark.parametrize("login", ["secretary", "teacher", "deputy_uvr"])
def test_who_does_not_manage_rights_does_not_see_them(school, login):
    client = client_of(school.host, login)
    assert [client.get(path).status_code for path in ("/rights/", "/users/", "/rights/change/")] == [403] * 3


def test_the_region_closes_a_cell_for_all_and_opens_it_by_acts(school, administrator, region_administrator):
    cell = {"row": LISTS, "role": "nurse", "level": "-", "act": "приказ министерства № 7 от 02.11.2026"}
    preview = region_administrator.post("/rights/ceilings/new/", cell)
    assert preview.status_code == 200
    assert RightCeiling.objects.count() == 0
    assert region_administrator.post("/rights/ceilings/new/", {**cell, "decide": "1"}).status_code == 302
    assert "приказ министерства" in administrator.get(f"/rights/{LISTS}/nurse/").content.decode()
    assert "ограничено регионом" in administrator.get("/rights/").content.decode()
    ceiling = RightCeiling.objects.get()
    listed = region_administrator.get("/rights/ceilings/").content.decode()
    assert "Медицинский работник" in listed
    lifted = region_administrator.post(f"/rights/ceilings/{ceiling.pk}/lift/", {"act": "приказ № 8"})
    assert lifted.status_code == 302
    assert RightCeiling.objects.count() == 0


def test_another_regional_body_does_not_speak_for_the_region(school, today):
    from shared.organizations.models import AuthorityBody

    with scopes.enter(scopes.of_accounts()):
        body = AuthorityBody.objects.filter(kind="culture_ministry", region="03").first()
        if body is None:
            pytest.skip("в справочнике нет министерства культуры")
        RoleGrant.objects.create(account=account("oleg"), role=Role.REGION_ADMIN, authority=body, valid_from=today)
    other = client_of("region.localhost", "oleg")
    assert other.get("/rights/ceilings/").status_code == 200
    assert other.get("/rights/ceilings/new/").status_code == 403
