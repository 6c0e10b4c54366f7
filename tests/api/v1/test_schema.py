"""``/api/schema/``: OpenAPI 3.1 of the host that is asked, and of nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.support import client_of

SCHEMA = "/api/schema/"
EVERYWHERE = {"/api/v1/me/", "/api/v1/classifiers/", "/api/v1/classifiers/{name}/"}
CARDS = ("student", "guardian", "staff", "organization")
PATHS = {
    ("school-1.localhost", "teacher"): {
        *EVERYWHERE,
        *(f"/api/v1/cards/{kind}/" for kind in CARDS),
        *(f"/api/v1/cards/{kind}/{{id}}/" for kind in CARDS),
        "/api/v1/cards/staff/{id}/{section}/",
        "/api/v1/cards/staff/{id}/{section}/{row}/",
        "/api/v1/students/",
        "/api/v1/students/{id}/",
        "/api/v1/registry/counts",
    },
    ("municipality.localhost", "boris"): {*EVERYWHERE, "/api/v1/organizations/", "/api/v1/registry/counts"},
    ("region.localhost", "marina"): {*EVERYWHERE, "/api/v1/organizations/", "/api/v1/registry/counts"},
    ("operator.localhost", "oleg"): {*EVERYWHERE, "/api/v1/organizations/"},
    ("training.localhost", "anna"): EVERYWHERE,
}


@pytest.mark.parametrize(("host", "login"), PATHS)
def test_a_host_describes_its_own_addresses_alone(school, host, login):
    answer = client_of(host, login).get(SCHEMA)
    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == PATHS[host, login]


@pytest.mark.parametrize("host", ["school-1", "municipality", "region", "operator", "training", "services"])
def test_the_description_needs_a_caller(school, host):
    assert Client(headers={"host": f"{host}.localhost"}).get(SCHEMA).status_code == 401


def test_every_operation_says_what_its_errors_look_like(school):
    document = client_of(school.host, "anna").get(SCHEMA).json()
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["4XX"]["content"]
            assert operation["security"] == [{"token": []}, {"session": []}]


def test_every_request_that_makes_something_takes_a_key_against_repeats(school):
    document = client_of(school.host, "anna").get(SCHEMA).json()
    posts = {path: one["post"] for path, one in document["paths"].items() if "post" in one}
    assert len(posts) >= 4
    for path, operation in posts.items():
        assert "Idempotency-Key" in {one["name"] for one in operation["parameters"]}, path
