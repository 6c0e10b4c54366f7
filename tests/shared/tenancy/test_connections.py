"""The memory of a server process is bounded: it ends after so many organizations."""

from __future__ import annotations

import pytest
from django.db import connection, connections, transaction

from shared.tenancy import scopes
from shared.tenancy.backend import base


def backend(schema: str) -> int:
    with scopes.enter(scopes.of_organization(schema)), connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.fixture
def two(committed) -> list[str]:
    connections["default"].close()
    return [place.organization.schema_name for place in (committed.school, committed.other)]


@pytest.mark.parametrize("is_pooled", [False, True])
def test_a_server_process_ends_after_so_many_organizations(two, monkeypatch, is_pooled):
    monkeypatch.setattr(base, "SCHEMAS_PER_CONNECTION", 2)
    settings = connections["default"].settings_dict
    if is_pooled:
        monkeypatch.setitem(settings, "CONN_MAX_AGE", 0)
        monkeypatch.setitem(settings, "OPTIONS", {"pool": {"min_size": 1, "max_size": 1}})
    first, second = two
    try:
        before = [backend(first), backend(first), backend(second)]
        after = [backend(second), backend(second), backend(first)]
    finally:
        connections["default"].close()
        if is_pooled:
            connections["default"].close_pool()
    assert len(set(before)) == len(set(after)) == 1
    assert set(before) != set(after)


def test_a_connection_is_not_ended_inside_a_transaction(two, monkeypatch):
    monkeypatch.setattr(base, "SCHEMAS_PER_CONNECTION", 1)
    with transaction.atomic():
        assert backend(two[0]) == backend(two[1])
