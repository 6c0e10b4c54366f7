"""One account with grants in two places moves between them by a one-time code. Source: INTERFACES 2."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from shared.access.services import give_role
from shared.accounts.models import Account, HandoffCode
from shared.tenancy import scopes
from tests.support import SINCE, client_of


@pytest.fixture
def second_grant(school, other_school):
    """Anna teaches in the other school as well."""
    with scopes.enter(scopes.of_accounts()):
        return give_role(
            account=Account.objects.get(login="anna"),
            role="teacher",
            organization_id=other_school.organization.pk,
            valid_from=SINCE,
        )


@pytest.fixture
def code(school, second_grant) -> str:
    page = client_of(school.host, "anna").post("/switch/", {"place": str(second_grant.pk)})
    assert page.status_code == 200
    assert urlsplit(page.context["target"]).hostname == "school-2.localhost"
    return page.context["code"]


def arrive(code: str, host: str, **headers: str):
    client = Client(headers={"host": host, **headers})
    return client, client.post("/enter/", {"code": code})


def test_a_person_arrives_signed_in_with_the_rights_of_that_place(other_school, code):
    client, answer = arrive(code, other_school.host)
    assert answer.status_code == 302
    me = client.get("/api/v1/me/").json()
    assert (me["login"], me["here"][0]["role"]) == ("anna", "teacher")
    assert "orders.sign" not in me["capabilities"]


def test_a_code_works_once(other_school, code):
    assert arrive(code, other_school.host)[1].status_code == 302
    client, second = arrive(code, other_school.host)
    assert second.status_code == 422
    assert client.get("/api/v1/me/").status_code == 401


def test_a_code_works_on_its_host_in_its_browser_within_its_time(school, other_school, code):
    assert arrive(code, school.host)[1].status_code == 422
    assert arrive(code, "region.localhost")[1].status_code == 422
    assert arrive(code, other_school.host, user_agent="another browser")[1].status_code == 422
    with scopes.enter(scopes.of_accounts()):
        ends = HandoffCode.objects.get().expires_at
        assert datetime.timedelta(seconds=25) < ends - timezone.now() <= datetime.timedelta(seconds=30)
        HandoffCode.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert arrive(code, other_school.host)[1].status_code == 422


@pytest.mark.parametrize("code", ["", "нет такого", "\x00", "a" * 5000])
def test_an_invented_code_is_refused_in_words(school, code):
    answer = arrive(code, school.host)[1]
    assert answer.status_code == 422
    assert "Переход не удался" in answer.content.decode()


def test_nobody_moves_to_a_place_he_does_not_have(school, other_school, second_grant):
    stranger = client_of(school.host, "secretary")
    assert stranger.post("/switch/", {"place": str(second_grant.pk)}).headers["Location"] == "/"
    nobody = client_of(school.host).post("/switch/", {"place": str(second_grant.pk)})
    assert nobody.headers["Location"].startswith("/login/")
    with scopes.enter(scopes.of_accounts()):
        assert not HandoffCode.objects.exists()


def test_moving_is_a_post(school, second_grant):
    assert client_of(school.host, "anna").get("/switch/", {"place": str(second_grant.pk)}).status_code == 405
    assert client_of(school.host).get("/enter/", {"code": "x"}).status_code == 405
