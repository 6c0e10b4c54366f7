"""A number that its column does not hold is refused in words: on a page, in a file, through the API."""

from __future__ import annotations

import pytest

from tenants.cards.models import CardFileRow
from tenants.organization.services import own_card
from tenants.staff.models import StaffTraining
from tests.api.v1.calls import post, problem
from tests.support import client_of
from tests.tenants.cards.files.bringing import csv_of, text_of, upload
from tests.tenants.cards.pages import HTMX, opened
from tests.tenants.staff import making

SAID = "Число 40000 слишком большое: наибольшее — 32767"


@pytest.fixture
def worker(school):
    with school.work():
        return making.member()


def test_a_row_of_a_card_refuses_it_on_the_page_and_through_the_api(school, worker):
    client = client_of(school.host, "secretary")
    course = {"program": "Цифровая школа", "hours": "40000", "ended_on": "05.10.2021"}
    page = client.post(f"/cards/staff/{worker.pk}/trainings/rows/", course, headers=HTMX)
    assert page.status_code == 422
    assert SAID in text_of(page).replace("\u00a0", " ")
    values = {**course, "hours": 40000, "ended_on": "2021-10-05"}
    answer = problem(post(client, f"/api/v1/cards/staff/{worker.pk}/trainings/", {"values": values}), 400)
    assert [(one["field"], SAID in one["message"]) for one in answer["errors"]] == [("hours", True)]
    with school.work():
        assert not StaffTraining.objects.exists()


def test_the_card_of_the_organization_refuses_it_on_the_page_in_a_file_and_through_the_api(school):
    client = client_of(school.host, "org_admin")
    with school.work():
        card = own_card()
    form = opened(client, "organization", card, "work") | {"shifts": "40000"}
    page = client.post(f"/cards/organization/{card.pk}/work/", form, headers=HTMX)
    assert page.status_code == 422
    assert SAID in text_of(page).replace("\u00a0", " ")
    address = f"/api/v1/cards/organization/{card.pk}/"
    tag = client.get(address).headers["ETag"]
    body = {"values": {"shifts": 40000}}
    answer = client.patch(address, body, content_type="application/json", headers={"If-Match": tag})
    assert SAID in problem(answer, 400)["errors"][0]["message"]
    upload(client, "organization", csv_of({"Число смен": "40000"}))
    with school.work():
        row = CardFileRow.objects.get()
        assert row.verdict == "refused"
        assert SAID in str(row.problems)
