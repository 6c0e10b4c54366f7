"""A statement outside its scope raises, and a scope sees one organization only."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from shared.tenancy import scopes
from shared.tenancy.backend.base import TenantOutsideTransaction


def test_a_query_in_an_organizations_schema_outside_a_transaction_raises(committed):
    connection.set_schema(committed.school.organization.schema_name)
    try:
        with pytest.raises(TenantOutsideTransaction), connection.cursor() as cursor:
            cursor.execute("select 1 from people_student")
    finally:
        connection.set_scope(scopes.IDENTITY)


def test_an_organizations_table_does_not_exist_for_identity(committed):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select 1 from people_student")


def test_a_scope_has_its_role_schema_and_actor(school):
    with school.work("anna"), connection.cursor() as cursor:
        cursor.execute("select current_user, current_schema(), current_setting('asuso.actor')")
        assert cursor.fetchone() == (
            f"asuso_{school.organization.schema_name}",
            school.organization.schema_name,
            "anna",
        )


def test_after_a_scope_the_connection_is_the_login_again(school):
    with school.work():
        connection.cursor().execute("select 1")
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_schema()")
        assert cursor.fetchone() == ("asuso_app", "public")


def test_scopes_do_not_nest(school, other_school):
    with school.work(), pytest.raises(scopes.NestedScope), other_school.work():
        pass


def test_a_reading_scope_refuses_to_write(school):
    scope = scopes.of_organization(school.organization.schema_name).reading()
    with pytest.raises(Exception, match="read-only"), scopes.enter(scope), connection.cursor() as cursor:
        cursor.execute("delete from people_student")


def test_a_savepoint_that_rolled_back_keeps_the_role(school):
    with school.work(), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("select * from nowhere")
        cursor.execute("select current_user")
        assert cursor.fetchone() == (f"asuso_{school.organization.schema_name}",)


def test_the_login_may_become_an_organization_and_inherits_nothing_from_it(school):
    """Without stating a role the login reads nothing; the organization has the rights of all organizations."""
    member, group = f"asuso_{school.organization.schema_name}", "asuso_organizations"
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_has_role('asuso_app', %(member)s, 'MEMBER'), pg_has_role('asuso_app', %(member)s, 'USAGE'),"
            " pg_has_role(%(member)s, %(group)s, 'USAGE')",
            {"member": member, "group": group},
        )
        assert cursor.fetchone() == (True, False, True)
        if connection.pg_version >= 160000:  # before, a membership cannot be without the right to become the group
            cursor.execute("select pg_has_role(%s, %s, 'SET')", [member, group])
            assert cursor.fetchone() == (False,)
