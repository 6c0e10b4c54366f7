"""The approved fields of the cards of employees, and the card as data."""

from __future__ import annotations

import pytest

from shared.access.fields import Category
from shared.cards.layout import Need
from shared.cards.values import KINDS
from shared.classifiers.catalog import load_catalog
from tenants.staff.card import STAFF_CARD
from tenants.staff.fields import FIELDS
from tenants.staff.layout import LAYOUT, ROWS, WORKS
from tenants.staff.models import FormerValue, StaffMember

# Identifiers of ORGANIZATION 2.2; what is derived there is written by something else than the card.
OF_THE_SOURCE = {
    *("last_name", "first_name", "patronymic", "birth_date", "sex", "doc_type", "doc_series", "doc_number"),
    *("doc_issued_on", "doc_issued_by", "doc_department_code", "residence_address", "registration_address"),
    *("home_phone", "email", "subjects_taught", "hire_date", "hire_order_no", "hire_order_date", "main_position"),
    *("additional_positions", "experience_total", "experience_teaching", "marital_status", "inn", "snils"),
    *("adult_education_level", "qualification_categories", "personnel_category", "consent_on"),
}
ROWS_OF_THE_SOURCE = {"awards", "diplomas", "trainings", "certifications"}


@pytest.mark.proves("R-167")
@pytest.mark.parametrize("model", [StaffMember, FormerValue, *ROWS.values()], ids=lambda model: model.__name__)
def test_a_field_that_is_not_in_the_approved_list_cannot_be_stored(model):
    columns = {field.column for field in model._meta.concrete_fields}
    assert columns == FIELDS.columns()[model._meta.db_table]


@pytest.mark.proves("R-180", "R-181", "R-182", "R-183", "R-184", "R-233")
def test_the_card_has_every_field_of_the_source():
    assert set(LAYOUT.fields) >= OF_THE_SOURCE
    assert {section.code for section in LAYOUT.repeated} >= ROWS_OF_THE_SOURCE
    for section in (*LAYOUT.sections, WORKS):
        for field in section.fields:
            assert field.kind in KINDS, field.code
            assert field.clause, field.code
            assert not field.classifier or field.classifier in load_catalog(), field.code


def test_documents_addresses_and_numbers_are_masked_and_the_position_is_open():
    masked = {code for code, field in LAYOUT.fields.items() if field.is_masked}
    assert masked >= {"snils", "inn", "doc_number", "residence_address", "registration_address", "home_phone"}
    assert not masked & {"last_name", "main_position", "hire_date", "email"}
    assert LAYOUT.fields["main_position"].category == Category.PUBLIC


@pytest.mark.proves("R-177")
def test_hard_fields_are_those_the_database_demands():
    hard = {code for code, field in LAYOUT.fields.items() if field.need == Need.HARD}
    assert hard == {
        *("last_name", "first_name", "birth_date", "sex", "hire_date", "hire_order_no", "hire_order_date"),
        *("main_position", "consent_on"),
    }
    assert STAFF_CARD.model is StaffMember
