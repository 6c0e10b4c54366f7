"""Every stored field of a card has a category and a legal ground, and nothing else is stored."""

from __future__ import annotations

import pytest

from shared.access.fields import Category
from tenants.people.fields import FIELDS, PERSONAL_COLUMNS, SPECIAL_COLUMNS
from tenants.people.models import (
    Achievement,
    DeviantRecord,
    FormerAddress,
    FormerDocument,
    Guardian,
    GuardianLink,
    Student,
    StudentSpecial,
)
from tests.support import client_of
from tests.tenants import factories

CARDS = (*(Student, StudentSpecial, DeviantRecord, Guardian, GuardianLink, FormerDocument, FormerAddress, Achievement),)


@pytest.mark.proves("R-004", "R-167", "R-170")
@pytest.mark.parametrize("model", CARDS, ids=lambda model: model.__name__)
def test_a_field_that_is_not_in_the_approved_list_cannot_be_stored(model):
    columns = {field.column for field in model._meta.concrete_fields}
    assert columns == PERSONAL_COLUMNS[model._meta.db_table]


@pytest.mark.proves("R-167")
def test_every_field_says_its_category_and_ground():
    for field in FIELDS:
        assert field.label, field.code
        assert field.category in Category, field.code
        assert len(field.basis) > 10, field.code
    assert {field.category for field in FIELDS} == set(Category)


@pytest.mark.proves("R-167")
def test_health_deviance_social_status_and_protected_addresses_are_special_and_shown_in_no_list():
    special = {field.code for field in FIELDS if field.is_special}
    assert special >= {
        *("health_limits", "disability", "is_address_protected", "health_group", "pe_group", "diseases", "policy"),
        *("family_composition", "social_statuses", "deviant_behavior", "rights_restriction"),
        *("health_limits_papers", "disability_papers"),
    }
    for code in special:
        assert {"lists", "exports", "history", "logs", "api"} <= set(FIELDS[code].hidden_in), code
    assert "diseases" in SPECIAL_COLUMNS["people_studentspecial"]
    assert "snils" not in SPECIAL_COLUMNS["people_student"]


@pytest.mark.proves("R-167", "R-175")
def test_the_card_shows_the_ground_beside_each_field(school):
    with school.work():
        child = factories.student(snils="11223344595")
    secretary = client_of(school.host, "secretary")
    page = secretary.get(f"/students/{child.pk}/").content.decode().replace("\u00a0", " ")
    for code in ("health_group", "consent", "achievement"):
        assert f'id="basis-{code}"' in page, code
    assert "152-ФЗ, ст. 9" in page
    assert "Особые сведения" in page
    sections = secretary.get(f"/cards/student/{child.pk}/", headers={"hx-request": "true"}).content.decode()
    assert "152-ФЗ, ст. 9" in sections.replace("\u00a0", " ")
