"""The first start of an organization: step by step, interrupted, put off, finished."""

from __future__ import annotations

import pytest

from tenants.organization.models import OrganizationCard, ResponsiblePerson
from tenants.organization.services import own_card
from tests.support import client_of

FACTS = {
    "full_name": "Средняя школа № 1 города Белореченска",
    "short_name": "СОШ № 1",
    "legal_form": "mbu",
    "org_number": "1",
    "urban_rural": "urban",
    "inn": "2303019237",
    "kpp": "230301001",
    "ogrn": "1022300712345",
}
CONTACTS = {
    "locality": "г. Белореченск",
    "legal_address": "352630, г. Белореченск, ул. Ленина, д. 1",
    "address": "",
    "phone": "8 861 552-12-34",
    "email": "school1@example.org",
    "website": "",
}


@pytest.mark.proves("R-017", "R-360")
def test_the_administrator_is_led_from_the_home_page_to_a_filled_card(school):
    client = client_of(school.host, "org_admin")
    home = client.get("/").content.decode().replace("\u00a0", " ")
    assert "Настройте организацию" in home
    assert "Шагов сделано: 0 из 4" in home
    assert client.get("/organization/setup/").headers["Location"].endswith("/setup/facts/")
    assert client.post("/organization/setup/facts/", FACTS).headers["Location"].endswith("/setup/contacts/")
    assert client.get("/organization/setup/").headers["Location"].endswith("/setup/contacts/")
    assert "Шагов сделано: 1 из 4" in client.get("/").content.decode().replace("\u00a0", " ")
    assert client.post("/organization/setup/contacts/", CONTACTS).headers["Location"].endswith("/setup/leaders/")
    refused = client.post("/organization/setup/leaders/", {})
    assert refused.status_code == 422
    assert "Руководитель не указан" in refused.content.decode()
    person = {"role": "director", "name": "Иванова Анна", "held_from": "01.09.2020"}
    assert client.post("/organization/setup/leaders/", person).headers["Location"].endswith("/setup/leaders/")
    assert client.post("/organization/setup/leaders/", {}).headers["Location"].endswith("/setup/access/")
    access = client.get("/organization/setup/access/").content.decode()
    assert "Пользователи" in access
    assert "Есть доступ" in access
    assert client.post("/organization/setup/access/").headers["Location"] == "/organization/"
    with school.work():
        card = own_card()
        assert card.setup_step == OrganizationCard.Setup.DONE
        assert (card.organization.phone, card.organization.inn) == ("+7 861 552-12-34", FACTS["inn"])
        assert ResponsiblePerson.objects.get().name == "Иванова Анна"
    assert client.post("/organization/confirm/").status_code == 302
    assert "Настройте организацию" not in client.get("/").content.decode()


def test_what_is_wrong_is_said_and_nothing_is_saved(school):
    client = client_of(school.host, "org_admin")
    answer = client.post("/organization/setup/facts/", FACTS | {"inn": "2303019230", "kpp": ""})
    assert answer.status_code == 422
    assert "контрольных цифр" in answer.content.decode().replace("\u00a0", " ")
    without = client.post("/organization/setup/facts/", FACTS | {"kpp": ""})
    assert without.status_code == 422
    assert "КПП пуст" in without.content.decode().replace("\u00a0", " ")
    with school.work():
        assert own_card().legal_form == ""


def test_a_start_put_off_is_not_reminded_of_and_may_be_taken_up(school):
    client = client_of(school.host, "org_admin")
    assert client.post("/organization/setup/skip/").status_code == 302
    assert "Настройте организацию" not in client.get("/").content.decode()
    assert "Первичная настройка не закончена" in client.get("/organization/").content.decode().replace("\u00a0", " ")
    client.post("/organization/setup/facts/", FACTS)
    with school.work():
        assert own_card().setup_step == OrganizationCard.Setup.CONTACTS


def test_a_step_looked_at_again_moves_nothing_back(school):
    with school.work():
        OrganizationCard.objects.update(setup_step="access")
    client = client_of(school.host, "org_admin")
    assert client.post("/organization/setup/facts/", FACTS).status_code == 302
    with school.work():
        assert own_card().setup_step == OrganizationCard.Setup.ACCESS


def test_the_legal_address_is_proposed_from_the_known_one(school):
    client = client_of(school.host, "org_admin")
    client.post("/organization/setup/contacts/", CONTACTS | {"address": "г. Белореченск, ул. Мира, д. 2"})
    with school.work():
        OrganizationCard.objects.update(legal_address="")
    assert "ул. Мира" in client.get("/organization/setup/contacts/").content.decode().replace("\u00a0", " ")


def test_an_unknown_step_does_not_exist(school):
    client = client_of(school.host, "org_admin")
    for step in ("done", "skipped", "nothing"):
        assert client.get(f"/organization/setup/{step}/").status_code == 404
