"""Agreements of the ministry with administrations: recorded, in force by days, asked for when organizations connect."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from fleet.agreements import AgreementFacts, agreement_of, record_agreement
from fleet.errors import AgreementExists
from fleet.onboarding import services
from shared.imports.tables import read_table
from shared.organizations.models import AuthorityBody, ConnectionAgreement, Municipality
from shared.tenancy import scopes
from tests.platform.fleet.onboarding.surroundings import GOOD, as_csv
from tests.support import client_of, connect, person

TODAY = timezone.localdate()
ONE = datetime.timedelta(days=1)
PLACE = "03605000"  # nobody else's in the tests: rows of agreements are everybody's


@pytest.fixture(autouse=True)
def nothing_is_left(committed):
    yield
    ConnectionAgreement.objects.using("owner").filter(municipality=PLACE).delete()


def facts(number: str = "7-С", **more: object) -> AgreementFacts:
    place = Municipality.objects.get(pk=PLACE)
    told = {"signed_on": TODAY, "valid_from": TODAY - 30 * ONE, "administration": "Администрация Апшеронского района"}
    return AgreementFacts(municipality=place, number=number, **{**told, **more})


def record(**more: object) -> ConnectionAgreement:
    with scopes.enter(scopes.of_operator().by("oleg")):
        return record_agreement(facts(**more), by="Олег")


def note() -> str:
    row = {**GOOD, "oktmo": PLACE, "slug": f"ag-{uuid.uuid4().hex[:8]}"}
    return " ".join(services.check(read_table(as_csv(row), "list.csv"), using="owner").notes)


@pytest.mark.proves("R-001")
def test_connecting_without_an_agreement_in_force_is_possible_with_a_word_naming_the_municipality():
    assert "Апшеронский муниципальный район (1)" in note()
    record(valid_until=TODAY - ONE)
    assert "Апшеронский" in note()
    record(number="8-С")
    assert note() == ""


@pytest.mark.proves("R-001")
def test_an_organization_stands_on_the_agreement_of_its_municipality_in_force_else_on_the_last():
    school = connect(f"ag-{uuid.uuid4().hex[:8]}", oktmo=PLACE)
    host = client_of("operator.localhost", "oleg")

    def page() -> str:
        return host.get(f"/organizations/{school.organization.slug}/").content.decode()

    def found() -> str:
        with scopes.enter(scopes.of_operator().reading()):
            return str(agreement_of(school.organization, TODAY))

    assert found() == "None"
    assert "без записанного соглашения" in page()
    record(valid_until=TODAY - ONE)
    assert found() == f"№ 7-С от {TODAY:%d.%m.%Y}"
    assert "истекло" in page()
    record(number="8-С", valid_from=TODAY, valid_until=TODAY)
    record(number="9-С", valid_from=TODAY + ONE)
    assert found() == f"№ 8-С от {TODAY:%d.%m.%Y}"
    assert "истекло" not in page()
    assert "Администрация Апшеронского района" in page()


def test_one_paper_is_recorded_once():
    record()
    with pytest.raises(AgreementExists, match="7-С"):
        record()


def test_the_regional_administrator_records_and_corrects_on_the_regions_host(committed):
    login = f"ra-{uuid.uuid4().hex[:6]}"
    person(login, "region_admin", authority=AuthorityBody.objects.using("owner").get(code="ministry-03"))
    admin = client_of("region.localhost", login)
    connect(f"ag-{uuid.uuid4().hex[:8]}", oktmo=PLACE)
    page = admin.get("/agreements/").content.decode()
    assert f"?municipality={PLACE}" in page
    told = {"municipality": PLACE, "administration": "Администрация", "number": "11", "signed_on": f"{TODAY:%d.%m.%Y}",
            "valid_from": f"{TODAY:%d.%m.%Y}", "valid_until": f"{TODAY - ONE:%d.%m.%Y}"}  # fmt: skip
    assert "раньше первого" in admin.post("/agreements/new/", told).content.decode()
    assert admin.post("/agreements/new/", told | {"valid_until": ""}).status_code == 302
    made = ConnectionAgreement.objects.using("owner").get(municipality=PLACE)
    assert (made.authority.code, made.is_in_force(TODAY)) == ("ministry-03", True)
    assert f"?municipality={PLACE}" not in admin.get("/agreements/").content.decode()
    assert "уже записано" in admin.post("/agreements/new/", told | {"valid_until": ""}).content.decode()
    form = admin.get(f"/agreements/{made.pk}/").content.decode()
    assert 'value="11"' in form
    ended = told | {"valid_until": f"{TODAY:%d.%m.%Y}"}
    assert admin.post(f"/agreements/{made.pk}/", ended).status_code == 302
    made.refresh_from_db(using="owner")
    assert made.valid_until == TODAY
    elsewhere = admin.post("/agreements/new/", told | {"municipality": "47701000", "valid_until": ""})
    assert elsewhere.status_code == 422


def test_who_reads_and_who_records():
    record()
    marina = client_of("region.localhost", "marina")
    assert "7-С" in marina.get("/agreements/").content.decode()
    assert "Записать" not in marina.get("/agreements/").content.decode()
    assert marina.get("/agreements/new/").status_code == 403


def test_a_ministry_writes_its_own_and_a_municipal_office_reads_its_own():
    made = record()
    office = AuthorityBody.objects.using("owner").get(code=f"office-{PLACE}")
    stranger = AuthorityBody.objects.using("owner").get(code="office-03608000")
    samara = AuthorityBody.objects.using("owner").get(code="ministry-36")
    for body, sees in ((office, 1), (stranger, 0), (samara, 0)):
        with scopes.enter(scopes.of_authority(body.pk)):
            assert ConnectionAgreement.objects.filter(pk=made.pk).count() == sees
            assert ConnectionAgreement.objects.filter(pk=made.pk).update(number="чужой") == 0
    with pytest.raises(ProgrammingError), scopes.enter(scopes.of_authority(samara.pk)):
        record_agreement(facts(number="10"), by="чужой")
