"""``/api/v1/organizations/``: an authority sees its territory, the operator the fleet."""

from __future__ import annotations

import pytest

from tests.support import client_of

LIST = "/api/v1/organizations/"


def slugs(host: str, login: str, **query: str) -> list[str]:
    return [row["slug"] for row in client_of(f"{host}.localhost", login).get(LIST, query).json()["results"]]


def test_an_office_sees_its_territory_a_ministry_its_region_an_operator_all(school, other_school):
    assert "school-1" in slugs("municipality", "boris")
    assert "school-2" not in slugs("municipality", "boris")
    assert {"school-1", "school-2"} <= set(slugs("region", "marina"))
    assert {"school-1", "school-2"} <= set(slugs("operator", "oleg"))


def test_organizations_are_found_by_name_and_territory(school, other_school):
    assert "school-2" in slugs("region", "marina", search="абинск")
    assert "school-1" not in slugs("region", "marina", search="абинск")
    assert "school-1" in slugs("region", "marina", municipality="03608000")
    assert slugs("municipality", "boris", municipality="03601000") == []


@pytest.mark.parametrize("query", ["search=%00", "type=castle", "status=%00", "municipality=%00", "cursor=x"])
def test_bad_filters_are_problems(school, query):
    answer = client_of("region.localhost", "marina").get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_organization_has_no_list_of_organizations(school):
    assert client_of(school.host, "anna").get(LIST).status_code == 404
