"""What the database lets an organization's role change in the directory, by direct SQL in that role."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from shared.organizations.grants import CARD_COLUMNS
from shared.organizations.models import Organization

UPDATE = "update organizations_organization set {column} = {value} where {where}"
CLOSED = {
    "number": "999",
    "slug": "'x'",
    "schema_name": "'t9999'",
    "org_type": "'preschool'",
    "status": "'suspended'",
    "municipality_id": "'03601000'",
    "region_id": "'03'",
    "founder_id": "null",
    "version": "7",
    "fingerprint": "'x'",
    "id": "gen_random_uuid()",
    "connected_at": "now()",
    "copied_at": "now()",
}


def run(text: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.rowcount


@pytest.mark.parametrize("column", CLOSED)
def test_a_column_that_is_no_fact_of_the_card_is_refused(school, column):
    own = f"id = '{school.organization.pk}'"
    with school.work(), pytest.raises(ProgrammingError, match="permission denied"):
        run(UPDATE.format(column=column, value=CLOSED[column], where=own))


def test_every_column_is_either_a_fact_of_the_card_or_closed():
    columns = {field.column for field in Organization._meta.concrete_fields}
    assert columns == set(CARD_COLUMNS) | set(CLOSED)


def test_the_own_row_is_changed(school):
    with school.work():
        text = UPDATE.format(column="short_name", value="'Лицей'", where=f"id = '{school.organization.pk}'")
        assert run(text) == 1


def test_the_row_of_another_is_seen_and_not_changed(school, other_school):
    with school.work():
        text = UPDATE.format(column="short_name", value="'Лицей'", where=f"id = '{other_school.organization.pk}'")
        assert run(text) == 0
        assert run(UPDATE.format(column="phone", value="'1'", where="true")) == 1
        assert Organization.objects.get(pk=other_school.organization.pk).short_name == "СОШ № 2"


@pytest.mark.parametrize(
    "text",
    [
        "insert into organizations_organization (id) values (gen_random_uuid())",
        "delete from organizations_organization",
        "truncate organizations_organization",
    ],
)
def test_rows_are_neither_added_nor_removed(school, text):
    with school.work(), pytest.raises(ProgrammingError, match="permission denied"):
        run(text)
