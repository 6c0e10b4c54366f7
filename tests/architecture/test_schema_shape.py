"""The schema of an organization stays small and stands alone. Source: TENANCY 3, ARCHITECTURE 2."""

from __future__ import annotations

import pytest
from django.db import connections

from config.version import expected_fingerprint
from shared.tenancy import schemas
from shared.tenancy.models import TemplateScript
from shared.tenancy.names import TEMPLATE

MOST_TABLES = 60
MOST_INDEXES = 250


@pytest.fixture
def rows(committed):
    """Answers to questions about the template's catalog."""

    def ask(text: str) -> list[tuple[object, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(text, [TEMPLATE])
            return cursor.fetchall()

    return ask


def test_the_schema_stays_within_its_budget(rows):
    tables = rows("select relname from pg_class where relkind = 'r' and relnamespace = %s::regnamespace")
    indexes = rows("select relname from pg_class where relkind = 'i' and relnamespace = %s::regnamespace")
    assert len(tables) <= MOST_TABLES
    assert len(indexes) <= MOST_INDEXES


def test_there_are_no_indexes_that_this_database_never_uses(rows):
    """Django adds a second index to every unique or indexed text column; in C.UTF-8 the first one serves both."""
    found = rows(
        "select i.indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indexrelid "
        "join pg_opclass o on o.oid = any(i.indclass::oid[]) "
        "where c.relnamespace = %s::regnamespace and o.opcname in ('varchar_pattern_ops', 'text_pattern_ops')"
    )
    assert found == []


def test_no_constraint_leaves_the_schema(rows):
    found = rows(
        "select conname from pg_constraint k join pg_class r on r.oid = k.confrelid "
        "where k.connamespace = %s::regnamespace and k.contype = 'f' and r.relnamespace <> k.connamespace"
    )
    assert found == []


def test_keys_are_made_by_the_application(rows):
    """No sequence, no identity: a row saved in the wrong schema can never overwrite another one.

    The log is made by functions of the database alone, and its records never leave their schema.
    """
    found = rows(
        "select c.relname from pg_class c where c.relkind = 'S' and c.relnamespace = %s::regnamespace "
        "and c.relname not in ('django_migrations_id_seq', 'history_event_id_seq')"
    )
    assert found == []


def test_the_script_of_the_template_names_no_other_schema(committed):
    script = TemplateScript.objects.using("owner").get(fingerprint=expected_fingerprint())
    assert "REFERENCES public." not in script.ddl
    assert f"{TEMPLATE}." not in script.ddl
    assert "OWNER TO" not in script.ddl
    assert "GRANT " not in script.ddl


def test_the_template_and_an_organization_have_the_fingerprint_this_code_expects(committed):
    schema = committed.school.organization.schema_name
    assert set(schemas.fingerprints([TEMPLATE, schema]).values()) == {expected_fingerprint()}
    assert committed.school.organization.fingerprint == expected_fingerprint()
