"""The card in the engine of cards: its sections are shown and saved like those of any card."""

from __future__ import annotations

import re

import pytest

from shared.organizations.models import Organization
from tenants.organization.services import own_card
from tests.support import client_of

CONTACTS = {
    "locality": "г. Белореченск",
    "legal_address": "352630, г. Белореченск, ул. Ленина, д. 1",
    "phone": "8 861 552-12-34, 8 861 552-12-35",
    "email": "school1@example.org",
}


def save(client, page: str, typed: dict[str, str]):
    form = client.get(page).content.decode()
    base = re.search(r'name="base" value="([^"]+)"', form)
    assert base is not None
    return client.post(page, typed | {"base": base[1]})


@pytest.mark.proves("R-197")
def test_a_section_is_saved_where_its_facts_stand(school):
    with school.work():
        key = own_card().pk
    client = client_of(school.host, "org_admin")
    page = f"/cards/organization/{key}/"
    assert "Скорость подключения" in client.get(page).content.decode().replace("\u00a0", " ")
    assert f'hx-get="{page}"' in client.get("/organization/").content.decode()
    assert save(client, f"{page}contacts/", CONTACTS).status_code in (200, 302)
    with school.work():
        card = own_card()
        row = Organization.objects.get(pk=school.organization.pk)
        assert card.legal_address == "352630, г. Белореченск, ул. Ленина, д. 1"
        assert row.phone == "+7 861 552-12-34, +7 861 552-12-35"
        assert row.updated_at is not None


def test_a_refusal_of_the_card_is_said_in_the_section(school):
    with school.work():
        key = own_card().pk
    answer = save(client_of(school.host, "org_admin"), f"/cards/organization/{key}/work/", {"shifts": "4"})
    assert answer.status_code == 422
    assert "от одной до трёх" in answer.content.decode().replace("\u00a0", " ")


@pytest.mark.proves("R-199")
def test_the_unit_of_the_speed_stands_beside_the_label_of_the_regulation(school):
    with school.work():
        key = own_card().pk
    page = client_of(school.host, "org_admin").get(f"/cards/organization/{key}/informatization/").content.decode()
    assert "МБ/с" in page
    assert "Мбит/с" in page


def test_who_may_only_read_has_no_form(school):
    with school.work():
        key = own_card().pk
    teacher = client_of(school.host, "teacher")
    assert teacher.get(f"/cards/organization/{key}/").status_code == 200
    assert teacher.get(f"/cards/organization/{key}/contacts/").status_code == 403


def test_of_another_organization_there_is_no_card(school, other_school):
    with other_school.work():
        key = own_card().pk
    assert client_of(school.host, "org_admin").get(f"/cards/organization/{key}/").status_code == 404
