"""The municipal office: the table of its organizations and the limited view of one of them."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils import timezone

from tenants.oversight.models import OversightLearner
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.districts import fill


@pytest.fixture
def filled(school, other_school):
    fill(school, other_school)
    return school


@pytest.fixture
def boris(filled):
    return client_of("municipality.localhost", "boris")


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_first_page_lists_the_organizations_of_the_territory_only(boris):
    page = text_of(boris.get("/"))
    assert "СОШ № 1" in page
    assert "СОШ № 2" not in page
    assert "Работает" in page


def test_an_organization_without_data_is_named_so(school, other_school):
    page = text_of(client_of("municipality.localhost", "boris").get("/"))
    assert "Нет данных" in page


def test_the_table_is_searched_filtered_and_sorted_in_the_address(boris):
    found = text_of(boris.get("/?q=сош&type=school&sort=-people", headers={"HX-Request": "true"}))
    assert "СОШ № 1" in found
    assert "<html" not in found
    assert "Организаций не нашли" in text_of(boris.get("/?q=лицей"))


def test_the_table_leaves_as_a_workbook_with_its_imprint(boris):
    sheet = openpyxl.load_workbook(io.BytesIO(boris.get("/organizations.xlsx").content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("исполнитель" in text for text in cells)
    assert any("Средняя школа № 1" in text for text in cells)


def test_the_contingent_of_an_organization_stands_by_class(boris):
    page = text_of(boris.get("/organizations/school-1/"))
    assert "только чтение" in page
    assert "5А" in page
    assert "Солнышко" in page


def test_a_class_list_has_the_limited_fields_and_no_others(boris, filled):
    page = text_of(boris.get("/organizations/school-1/learners/"))
    for shown in ("Ёлкина Анна", "05.05.2015", "5А", "Очная", "01.09.2026"):
        assert shown in page
    for hidden in ("Тайная улица", "112-233-445", "11223344595", "IV-АГ", "birth_certificate"):
        assert hidden not in page


def test_the_read_model_has_exactly_the_fields_of_the_limited_view():
    """Source: MUNICIPALITY 2."""
    names = {field.name for field in OversightLearner._meta.get_fields()}
    assert names == {
        *("id", "student_id", "last_name", "first_name", "patronymic", "sort_name", "birth_date", "sex"),
        *("health_limits", "program_kind", "form_of_study", "form_of_education", "enrolled_on", "left_on"),
        *("group_id", "group_name", "grade", "placed_from", "placed_to"),
        *("guardians_count", "guardian_consents_count"),
    }


def test_movement_shows_who_came_and_who_left(boris):
    page = text_of(boris.get("/organizations/school-1/movement/"))
    assert "Ушедший" in page
    left = text_of(boris.get("/organizations/school-1/movement/?kind=departure"))
    assert "Ушедший" in left
    assert "Ёлкина" not in left


def test_one_class_is_chosen_and_another_organizations_class_does_not_exist(boris, filled):
    with filled.work():
        group = factories.group("5А")
    assert "Белкина" not in text_of(boris.get(f"/organizations/school-1/learners/?group={group.pk}"))
    strange = "01900000-0000-7000-8000-000000000000"
    assert boris.get(f"/organizations/school-1/learners/?group={strange}").status_code == 404


@pytest.mark.parametrize("page", ["", "learners/", "movement/"])
def test_an_organization_of_another_municipality_does_not_exist(boris, page):
    assert boris.get(f"/organizations/school-2/{page}").status_code == 404
    assert boris.get(f"/organizations/nobody/{page}").status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_a_director_has_no_place_here(filled):
    assert client_of("municipality.localhost").get("/organizations/school-1/").status_code == 302
    assert client_of("municipality.localhost", "anna").get("/organizations/school-1/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_learners(boris, filled, django_assert_num_queries):
    def queries() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            boris.get("/organizations/school-1/learners/")
        return len(captured)

    few = queries()
    with filled.work():
        new = [factories.student() for _ in range(5)]
        factories.enroll(*new, into=factories.group("5А"), day=timezone.localdate().replace(day=1))
    assert queries() == few
