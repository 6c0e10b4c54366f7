"""The region sees who heads each organization and whether its card was confirmed this year."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.organizations.confirmation import year_begins
from shared.organizations.models import Organization
from tests.support import client_of

HOST = "region.localhost"


def confirmed(school, day):
    with school.work():
        Organization.objects.filter(pk=school.organization.pk).update(
            card_confirmed_on=day, head_name="Иванова Анна Петровна", updated_at=timezone.now()
        )


@pytest.mark.proves("R-040", "R-049", "R-082")
def test_an_old_confirmation_counts_as_none(school, other_school):
    begins = year_begins(timezone.localdate())
    confirmed(school, begins)
    confirmed(other_school, begins - datetime.timedelta(days=1))
    client = client_of(HOST, "marina")
    page = client.get("/organizations/").content.decode().replace("\u00a0", " ")
    assert "Иванова Анна Петровна" in page
    assert f"{begins:%d.%m.%Y}" in page
    waiting = client.get("/organizations/", {"card": "waiting"}).content.decode().replace("\u00a0", " ")
    assert "СОШ № 2" in waiting
    assert "СОШ № 1" not in waiting
    home = client.get("/").content.decode().replace("\u00a0", " ")
    assert "1 из 1" in home
    assert "0 из 1" in home


def test_the_list_is_searched_sorted_and_taken_away(school, other_school):
    confirmed(school, timezone.localdate())
    client = client_of(HOST, "marina")
    found = client.get("/organizations/", {"q": "иванова"}).content.decode().replace("\u00a0", " ")
    assert "СОШ № 1" in found
    assert "СОШ № 2" not in found
    assert "Организаций не нашли" in client.get("/organizations/", {"q": "нет такой"}).content.decode()
    for sort in ("name", "-confirmed", "changed", "municipality", "nonsense"):
        assert client.get("/organizations/", {"sort": sort}).status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/organizations.xlsx").content)).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "Иванова Анна Петровна" in cells


def test_the_list_asks_a_fixed_number_of_queries(school, other_school):
    client = client_of(HOST, "marina")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/organizations/").status_code == 200
        return len(captured)

    queries()
    both = queries()
    with CaptureQueriesContext(connection) as one:
        client.get("/organizations/", {"q": "СОШ № 1"})
    assert len(one) == both
