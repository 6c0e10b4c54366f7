"""Hosts without a room of their own yet: entrance, citizens' catalog, staff training."""

import pytest
from django.conf import settings

from tests.support import client_of

ENTRANCE, SERVICES, TRAINING = "localhost", "services.localhost", "training.localhost"


def page(host: str, query: str = "", **headers: str) -> str:
    response = client_of(host).get(f"/{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("host", [ENTRANCE, SERVICES])
def test_stranger_finds_an_organization_and_its_own_address(school, host):
    text = page(host, "?q=сош+1+БЕЛОРЕЧЕН")
    assert "http://school-1.localhost/" in text
    assert "school-2" not in text


@pytest.mark.parametrize("host", [ENTRANCE, SERVICES])
def test_links_keep_the_port_of_the_request(school, host):
    assert "http://school-1.localhost:8000/" in page(f"{host}:8000")


def test_municipality_and_type_narrow_the_catalog(school):
    assert "school-2.localhost" in page(SERVICES, "?municipality=03601000&type=school")
    assert "Организация не найдена" in page(SERVICES, "?municipality=03601000&type=preschool")


@pytest.mark.parametrize(
    "query", ["?type=nonsense", "?municipality=%27%3B--", "?page=999", "?q=%00", "?q=" + "а" * 300]
)
def test_a_value_that_means_nothing_is_left_out(school, query):
    page(SERVICES, query)


def test_htmx_gets_only_the_list(school):
    text = page(SERVICES, "?q=сош", hx_request="true")
    assert "<html" not in text
    assert "school-1.localhost" in text


def test_a_suspended_organization_is_not_in_the_catalog(school):
    from django.db import connection

    with connection.cursor() as cursor:  # the operator's role may suspend; the login app may not
        cursor.execute(f"SET LOCAL ROLE {settings.ROLE_PREFIX}_operator")
        cursor.execute("UPDATE organizations_organization SET status = 'suspended' WHERE slug = 'school-2'")
        cursor.execute("SET LOCAL ROLE NONE")
    assert "school-2.localhost" not in page(SERVICES)


@pytest.mark.parametrize("host", [ENTRANCE, SERVICES])
def test_number_of_queries_does_not_depend_on_the_list(school, host, django_assert_max_num_queries):
    client = client_of(host)
    with django_assert_max_num_queries(12):
        client.get("/")


def test_training_asks_to_sign_in_and_offers_registration(school):
    assert client_of(TRAINING).get("/").url == "/login/?next=%2F"
    text = client_of(TRAINING, "anna").get("/").content.decode()
    assert "Вы ещё не зарегистрированы в системе «Кадры»" in text
