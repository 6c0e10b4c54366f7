"""A server process works for a bounded number of organizations, and in lanes always for the same ones."""

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


@pytest.fixture
def pooled(two, monkeypatch):
    """The login of requests with a pool, as the web server has it."""
    settings = connections["default"].settings_dict
    monkeypatch.setitem(settings, "CONN_MAX_AGE", 0)
    monkeypatch.setitem(settings, "OPTIONS", {"pool": {"min_size": 0, "max_size": 2}})
    monkeypatch.setitem(settings, "LANES", 1)
    monkeypatch.setattr(connections["default"], "lane", 0)
    yield settings
    connections["default"].close()
    connections["default"].close_pool()


def served(host: str, schema: str) -> int:
    """The server process that answers a request to ``host``; the connection goes back as at the end of a request."""
    connections["default"].choose_lane(host)
    number = backend(schema)
    connections["default"].close()
    return number


def test_a_host_is_served_by_the_same_server_process_again_and_again(two, pooled):
    pooled["LANES"] = 64
    hosts = [f"school-{number}.localhost" for number in range(12)]
    first = {host: served(host, two[0]) for host in hosts}
    assert {host: served(host, two[0]) for host in reversed(hosts)} == first
    assert len(set(first.values())) > len(hosts) / 2


def test_without_lanes_everybody_shares_the_connections(two, pooled):
    assert len({served(f"school-{number}.localhost", two[0]) for number in range(12)}) == 1


def test_a_connection_in_use_goes_back_to_its_own_lane(two, pooled):
    pooled["LANES"] = 64
    ours = connections["default"]
    ours.choose_lane("school-1.localhost")
    with transaction.atomic():
        number = backend(two[0])
        ours.choose_lane("school-2.localhost")
        assert backend(two[0]) == number
    ours.close()
    assert served("school-1.localhost", two[0]) == number


def test_closing_the_pool_closes_every_lane(two, pooled):
    pooled["LANES"] = 64
    for number in range(4):
        served(f"school-{number}.localhost", two[0])
    pools = [pool for by_alias in base._pools.values() for alias, pool in by_alias.items() if alias == "default"]
    connections["default"].close_pool()
    assert len(pools) > 1
    assert all(pool.closed for pool in pools)
    assert not any("default" in by_alias for by_alias in base._pools.values())


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
