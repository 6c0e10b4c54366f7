"""A host decides the workspace; what is not a host of ours does not exist."""

from __future__ import annotations

import pytest
from django.test import Client

from shared.access import workspaces
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tests.support import client_of


def set_status(slug: str, status: str) -> None:
    with scopes.enter(scopes.of_operator()):
        Organization.objects.filter(slug=slug).update(status=status)


@pytest.mark.parametrize(
    "host", ["nobody.localhost", "a.school-1.localhost", "localhost.evil", "example.org", "школа.localhost", ""]
)
def test_an_unknown_host_is_not_found(school, host):
    answer = Client(headers={"host": host.encode("idna").decode() if host else "x..y"}).get("/login/")
    assert answer.status_code == 404
    assert "asuso_session" not in answer.cookies


def test_a_host_is_read_in_any_case_and_with_a_port(school):
    assert Client(headers={"host": "SCHOOL-1.LocalHost:8000"}).get("/login/").status_code == 200


def test_a_found_host_is_kept_for_five_seconds_and_a_missing_one_never(school, django_assert_num_queries, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(workspaces, "CACHE_SECONDS", 5.0)
    monkeypatch.setattr(workspaces.time, "monotonic", lambda: now[0])
    with django_assert_num_queries(1):
        assert workspaces.workspace_of(school.host) == workspaces.workspace_of(school.host)
    now[0] += 5.1
    with django_assert_num_queries(1):
        workspaces.workspace_of(school.host)
    with django_assert_num_queries(2):
        assert workspaces.workspace_of("nobody.localhost") is None
        assert workspaces.workspace_of("nobody.localhost") is None


def test_a_suspended_organization_says_so_and_stays_alive(school):
    anna = client_of(school.host, "anna")
    set_status("school-1", "suspended")
    workspaces.forget_workspaces()
    for address in ("/login/", "/", "/nonsense/"):
        answer = anna.get(address)
        assert answer.status_code == 503
        assert "СОШ № 1" in answer.content.decode()
    problem = anna.get("/api/v1/me/")
    assert problem.status_code == 503
    assert problem.json()["code"] == "suspended"
    assert anna.get("/healthz").status_code == 200


def test_an_archived_organization_has_no_host(school):
    set_status("school-1", "archived")
    workspaces.forget_workspaces()
    assert Client(headers={"host": school.host}).get("/login/").status_code == 404
