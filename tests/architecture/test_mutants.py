"""The isolation tests notice when what they stand on is taken away: each test removes one wall and gets through."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.postgresql.base import Cursor

from shared.tenancy import names, scopes
from tests.architecture import escape_attempts as table
from tests.architecture.test_escapes import VULNERABLE_VALUE
from tests.support import School, connect
from tests.tenants import factories


@pytest.fixture(scope="module")
def neighbors(world, django_db_blocker) -> tuple[School, School]:
    """Two organizations with committed rows."""
    with django_db_blocker.unblock():
        mine, foreign = connect("mutant-a"), connect("mutant-b")
        with foreign.work():
            factories.student(last_name=table.SECRET)
        connections.close_all()
    return mine, foreign


def union_of(foreign: School) -> str:
    return VULNERABLE_VALUE.format(table.IN_A_VALUE["union"].format(foreign=foreign.organization.schema_name))


def fetch(alias: str, text: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute(text)
        return str(cursor.fetchall())


def test_with_the_role_the_union_is_refused(committed, neighbors):
    mine, foreign = neighbors
    with pytest.raises(DatabaseError, match="permission denied"), mine.work():
        fetch("default", union_of(foreign))


def test_on_a_connection_that_does_not_switch_the_role_the_same_union_gets_through(committed, neighbors):
    mine, foreign = neighbors
    scope = scopes.of_organization(mine.organization.schema_name)
    with scopes.enter(scope, using="owner"):
        assert table.SECRET in fetch("owner", union_of(foreign))


def test_with_the_switch_set_off_the_login_alone_may_read_nothing(committed, neighbors, settings):
    mine, _ = neighbors
    settings.TENANCY_ROLE_SWITCH = False
    with pytest.raises(DatabaseError, match="does not exist"), mine.work():  # it may not even look into the schema
        fetch("default", "select last_name from people_student")


def test_with_the_switch_off_and_the_login_a_member_that_inherits_the_union_gets_through(
    committed, neighbors, settings
):
    """What a careless grant (INHERIT TRUE) would mean without the switch."""
    mine, foreign = neighbors
    settings.TENANCY_ROLE_SWITCH = False
    roles = [names.role(place.organization.schema_name) for place in neighbors]
    app = names.role(names.APP)
    try:
        _grant(f"grant {roles[0]}, {roles[1]} to {app} with inherit true")
        with mine.work():
            assert table.SECRET in fetch("default", union_of(foreign))
    finally:
        _grant(f"grant {roles[0]}, {roles[1]} to {app} with inherit false")


def test_without_the_extended_protocol_a_stacked_statement_gets_through(committed, neighbors, monkeypatch):
    mine, foreign = neighbors
    schema = foreign.organization.schema_name
    payload = table.IN_A_VALUE["stacked set role"].format(foreign=schema, role=names.role(schema))
    with pytest.raises(DatabaseError, match="multiple commands"), mine.work():
        fetch("default", VULNERABLE_VALUE.format(payload))
    with mine.work():
        fetch("default", "select 1")  # states the scope
        cursor = Cursor(connection.connection)
        cursor.execute(VULNERABLE_VALUE.format(payload))
        cursor.nextset()
        cursor.nextset()
        assert table.SECRET in str(cursor.fetchall())
        transaction.set_rollback(True)


def _grant(text: str) -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(text)
    connections["owner"].close()
