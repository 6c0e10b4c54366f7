"""The public page: says whether a paper is genuine, and no more of a person than his initials."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import InternalError
from django.test import Client
from django.utils import timezone

from shared.documents.codes import ALPHABET, LENGTH, grouped, new_code, read_code
from tenants.consents.services import withdraw
from tenants.papers.models import Certificate, Printing
from tenants.papers.services import annul_certificate
from tenants.papers.views import checking
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.papers.test_certificates import issue


@pytest.fixture
def made(school, vera) -> Certificate:
    return issue(school, vera, purpose="для пособия", destination="в соцзащиту")


def answer(school, code: str) -> str:
    found = Client(headers={"host": school.host}).get(f"/check/{code}/")
    assert found.status_code == 200
    return found.content.decode()


def test_the_page_names_the_paper_and_only_the_initials(school, vera, made):
    page = answer(school, made.shown_code)
    assert "Справка об обучении" in page
    assert "Документ действует" in page
    assert f"{made.issued_on:%d.%m.%Y}" in page
    assert school.organization.full_name in page.replace("\u00a0", " ")
    assert "А.\u00a0В.\u00a0Р." in page
    names = ("Антип", "Вера", "Романовн", "секретарь", "Лебедь")
    for secret in (*names, "05.05.2015", "5А", "12-у", "пособи", "соцзащит"):
        assert secret not in page, secret
    assert str(vera.pk) not in page
    assert str(made.pk) not in page


def test_the_code_is_read_as_people_type_it(school, made):
    stranger = Client(headers={"host": school.host})
    for typed in (made.code.lower(), f" {made.shown_code} ", made.shown_code.replace("-", " ")):
        assert "Документ действует" in stranger.get("/check/", {"code": typed}).content.decode()
    assert stranger.get("/check/").status_code == 200


@pytest.mark.parametrize("typed", ["AAAA-BBBB-CCCC", "короткий", "'; drop table", "1" * 300, "<script>"])
def test_a_wrong_code_gets_a_calm_sentence(school, made, typed):
    page = Client(headers={"host": school.host}).get("/check/", {"code": typed}).content.decode()
    assert "Документа с таким кодом здесь нет." in page
    assert "позвоните в организацию" in page
    assert "<script>" not in page.split("<main")[1]


def test_a_code_says_nothing_on_the_host_of_another_organization(school, other_school, made):
    assert "Документа с таким кодом здесь нет." in answer(other_school, made.code)


def test_an_annulled_paper_is_said_to_be_void_without_the_reason(school, made):
    with school.work():
        annul_certificate(made, reason="ошибка в фамилии", day=timezone.localdate(), annulled_by="секретарь")
    page = answer(school, made.code)
    assert "Документ не действует" in page
    assert "ошибка" not in page


def test_of_whose_consent_is_withdrawn_not_even_the_initials_are_said(school, vera, made):
    with school.work():
        withdraw(consent=vera.consents.get(), withdrawn_on=timezone.localdate(), reason="заявление", recorded_by="С")
    page = answer(school, made.code)
    assert "Документ действует" in page
    assert "инициалы)" not in page
    assert "А.\u00a0В.\u00a0Р." not in page


def test_a_printed_card_and_a_class_list_are_verified_too(school, vera):
    clerk = client_of(school.host, "secretary")
    clerk.post(f"/papers/students/{vera.pk}/card/", {"signer": ""})
    with school.work():
        group = factories.group("5А")
    clerk.post(f"/papers/groups/{group.pk}/list/", {"day": "20.09.2026", "signer": ""})
    with school.work():
        card, listed = Printing.objects.order_by("number")
    page = answer(school, card.code)
    assert "Личная карточка" in page
    assert "А.\u00a0В.\u00a0Р." in page
    page = answer(school, listed.code)
    assert listed.copy in page
    assert "А.\u00a0В.\u00a0Р." not in page
    assert "5А" not in page
    with school.work():
        Printing.objects.filter(pk=listed.pk).update(state="destroyed", act_number="1", act_on=timezone.localdate())
    assert "Документ не действует" in answer(school, listed.code)


def test_guessing_is_slowed_down(school, made, settings):
    cache.clear()
    settings.THROTTLE_SCALE = 1
    settings.THROTTLES = {**settings.THROTTLES, "check": 3}
    stranger = Client(headers={"host": school.host}, REMOTE_ADDR="203.0.113.77")
    codes = [stranger.get(f"/check/{new_code()}/").status_code for _ in range(5)]
    cache.clear()
    assert codes == [200, 200, 200, 429, 429]


def test_the_page_writes_nothing_and_knows_no_other_method(school, made):
    stranger = Client(headers={"host": school.host})
    assert stranger.post("/check/", {"code": made.code}).status_code == 405
    assert stranger.get(f"/check/{made.code}/").headers["Cache-Control"] == "no-store"


def test_a_stranger_reads_the_organization_and_can_write_nothing(school, made, monkeypatch):
    monkeypatch.setattr(checking, "verdict_of", lambda code: Certificate.objects.update(purpose=code))
    with pytest.raises(InternalError, match="read-only transaction"):
        Client(headers={"host": school.host}).get(f"/check/{made.code}/")


def test_codes_are_random_and_long_enough():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert len(ALPHABET) ** LENGTH >= 2**60
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", grouped(code)) for code in codes)
    assert all(read_code(grouped(code).lower()) == code for code in codes)


def test_letters_that_look_alike_are_understood():
    assert read_code("ОІЗ".replace("І", "I") + "000000000") == "013000000000"
    assert read_code("АВСЕ-НКМР-ТХ00") == "ABCEHKMPTX00"
    assert read_code("abcd") == ""
    assert read_code("ABCD-EFGH-JKMU") == ""
