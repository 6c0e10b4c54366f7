"""The viewer of forms on the hosts of the region, a municipality and an organization."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from tests.support import client_of
from tests.tenants.districts import fill

FIFTH = "/forms/oo-1/so-1/01/8/"
DAY = "as_of=2026-09-20"


@pytest.fixture
def filled(school, other_school):
    fill(school, other_school)
    return school, other_school


@pytest.fixture
def marina(filled):
    return client_of("region.localhost", "marina")


@pytest.fixture
def boris(filled):
    return client_of("municipality.localhost", "boris")


@pytest.fixture
def anna(filled):
    return client_of(filled[0].host, "anna")


def text_of(response) -> str:
    return response.content.decode()


def test_the_catalog_says_how_much_the_registry_computes(marina):
    page = text_of(marina.get("/forms/"))
    assert "ОО-1" in page
    assert "/forms/85-k/" in page
    assert "заполняют люди" in page


def test_a_section_is_shown_as_on_paper_with_its_marks(marina):
    page = text_of(marina.get(f"/forms/oo-1/?{DAY}&section=so-1"))
    assert "Макет раздела восстановлен, не официальный" in page
    assert 'aria-label="Строка 01, графа 3: 5"' in page
    assert "Краснодарский край" in page


def test_closed_cells_are_hatched_and_entered_cells_have_no_button(marina):
    page = text_of(marina.get(f"/forms/oo-1/?{DAY}&section=2-1-3"))
    sheet = text_of(marina.get(f"/forms/1-dod/?{DAY}&section=3"))
    assert "<td></td>" in sheet
    assert "Строка 06, графа 5" not in sheet
    assert "Разделы взяты из разных редакций" in page


def test_a_number_tells_its_rule_its_parts_and_its_list(marina):
    panel = text_of(marina.get(f"{FIFTH}?{DAY}", headers={"HX-Request": "true"}))
    assert "места обучающихся" in panel
    assert "5-й класс" in panel
    assert "Белореченск" in panel
    assert "Список: 3 места" in panel
    listed = text_of(marina.get(f"{FIFTH}list/?{DAY}"))
    assert "Хворостьянов-Задунайский Константин" in listed
    assert "Ушедший" not in listed
    assert "Тайная улица" not in listed


def test_a_number_opens_as_a_page_of_its_own(marina):
    page = text_of(marina.get(f"{FIFTH}?{DAY}"))
    assert "<html" in page
    assert "5-й класс" in page


def test_classes_behind_a_number_are_listed(marina):
    listed = text_of(marina.get(f"/forms/oo-1/2-1-1/01/3/list/?{DAY}"))
    assert "5А" in listed
    assert "1А" in listed


def test_what_people_enter_has_no_origin(marina):
    assert marina.get(f"/forms/1-dod/3/06/5/?{DAY}").status_code == 404
    assert marina.get(f"/forms/oo-1/so-1/99/3/?{DAY}").status_code == 404
    assert marina.get("/forms/oo-9/").status_code == 404


def test_a_territory_is_chosen_within_what_the_person_sees(marina, boris):
    assert "СОШ № 2" in text_of(marina.get(f"/forms/oo-1/?{DAY}&scope=municipality:03601000"))
    assert marina.get("/forms/oo-1/?scope=municipality:36701000").status_code == 404
    own = boris.get(f"/forms/oo-1/?{DAY}&section=so-1")
    assert 'aria-label="Строка 01, графа 3: 3"' in text_of(own)
    assert "СОШ № 2" not in text_of(own)
    for scope in ("municipality:03601000", "organization:school-2", "region:03", "region", "founder:ministry-03"):
        assert boris.get(f"/forms/oo-1/?scope={scope}").status_code == 404, scope
        assert boris.get(f"{FIFTH}list/?scope={scope}").status_code == 404, scope


def test_an_organization_sees_itself_with_its_own_learners(anna):
    assert 'aria-label="Строка 01, графа 3: 3"' in text_of(anna.get(f"/forms/oo-1/?{DAY}&section=so-1"))
    assert anna.get("/forms/oo-1/?scope=organization:school-2").status_code == 404
    listed = text_of(anna.get(f"{FIFTH}list/?{DAY}"))
    assert listed.index("Алиев") < listed.index("Ёлкина") < listed.index("Хворостьянов-Задунайский")
    assert "/students/" in listed


def test_a_teacher_computes_no_forms(filled):
    assert client_of(filled[0].host, "teacher").get("/forms/oo-1/").status_code == 403


@pytest.mark.parametrize("day", ["20.13.2026", "вчера", "01.01.0001", "31.12.9999"])
def test_a_day_that_is_not_understood_is_told_and_the_form_stays(marina, day):
    response = marina.get("/forms/oo-1/", {"as_of": day})
    assert response.status_code == 422
    assert "Дат" in text_of(response)
    assert "Контроль" in text_of(response)


def test_the_form_leaves_as_a_file_of_every_kind(marina):
    start = "/forms/oo-1/export"
    document = json.loads(marina.get(f"{start}.json?{DAY}").content)
    assert (document["form"], document["scope"], document["as_of"]) == ("ОО-1", "region:03", "2026-09-20")
    assert marina.get(f"{start}.pdf?{DAY}").content.startswith(b"%PDF")
    assert marina.get(f"{start}.xml?{DAY}").content.startswith(b"<?xml")
    workbook = openpyxl.load_workbook(io.BytesIO(marina.get(f"{start}.xlsx?{DAY}").content))
    assert "Раздел СО-1" in workbook.sheetnames
    assert marina.get(f"{start}.exe").status_code == 404


def test_a_page_of_a_form_costs_the_same_for_a_school_and_for_the_region(marina, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        marina.get(f"/forms/oo-1/?{DAY}")
    with django_assert_max_num_queries(40):
        marina.get(f"/forms/oo-1/?{DAY}&scope=organization:school-1")
