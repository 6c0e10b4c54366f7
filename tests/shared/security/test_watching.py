"""Measures handed up: whose row an organization may touch, which rows an authority sees, who is behind."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from shared.access.services import create_account, give_role
from shared.accounts.factors import save_app
from shared.kernel.text import NBSP
from shared.organizations.models import AuthorityBody
from shared.security.models import SecurityState
from shared.tenancy import scopes
from tenants.security.refreshing import refresh_stale
from tenants.security.services import IncidentFacts, record_incident, record_review
from tenants.security.state import hand_up_state
from tests import factor
from tests.support import PASSWORD, SINCE, client_of
from tests.tenants import factories

MUNICIPALITY, REGION = "municipality.localhost", "region.localhost"


def officer(login: str, role: str, code: str) -> None:
    with scopes.enter(scopes.of_accounts()):
        account = create_account(
            login=login, password=PASSWORD, last_name=login.capitalize(), first_name="Тест", is_one_time=False
        )
        body = AuthorityBody.objects.get(code=code)
        give_role(account=account, role=role, authority_id=body.pk, valid_from=SINCE)
        save_app(account=account, secret=factor.SECRET)


@pytest.fixture
def head(school, other_school):
    """The head of the office of school 1's municipality."""
    officer("galina", "mun_head", "office-03608000")
    return client_of(MUNICIPALITY, "galina")


@pytest.fixture
def guard(school, other_school):
    """The security officer of the ministry."""
    officer("stepan", "region_security_officer", "ministry-03")
    return client_of(REGION, "stepan")


def incident(hours_ago: int) -> None:
    facts = IncidentFacts(
        found_at=timezone.now() - datetime.timedelta(hours=hours_ago),
        description="Секретное описание",
        data_categories="имена",
        people_count=5,
    )
    record_incident(facts=facts, recorded_by="Анна")


def own_state(school) -> SecurityState:
    with school.work():
        return SecurityState.objects.get()


@pytest.mark.proves("R-356", "R-148")
def test_each_change_is_handed_up_in_its_own_transaction(school):
    with school.work():
        factories.enroll(factories.student(), into=factories.group("5А"))
        record_review(reviewed_on=timezone.localdate(), note="проверено", recorded_by="Анна")
        incident(30)
    found = own_state(school)
    assert found.last_review_on == timezone.localdate()
    assert (found.learners, found.consented, found.open_incidents) == (1, 1, 1)
    assert found.overdue_notices(timezone.now()) == 1
    assert found.overdue_notices(timezone.now() + datetime.timedelta(hours=48)) == 2
    with school.work():
        incident(1)
        transaction.set_rollback(True)
    assert own_state(school).open_incidents == 1


def test_requisites_of_the_operator_are_handed_up_by_their_page(school):
    form = {"responsible_name": "Крылова Нина"}
    assert client_of(school.host, "anna").post("/consents/operator/", form).status_code == 302
    assert own_state(school).has_responsible


@pytest.mark.parametrize(
    "change",
    [
        "insert into security_state_securitystate (organization_id, has_responsible, has_regulation, learners,"
        " consented, open_incidents, notices_due_at, as_of) values (%s, true, true, 1, 1, 0, '{}', now())",
        "update security_state_securitystate set organization_id = %s",
        "delete from security_state_securitystate where organization_id = %s",
    ],
)
def test_an_organization_cannot_write_anothers_row(school, other_school, change):
    with school.work():
        hand_up_state()
    with pytest.raises(DatabaseError), school.work(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [other_school.organization.pk])


def test_an_organization_cannot_read_or_change_anothers_row(school, other_school):
    with other_school.work():
        hand_up_state()
    with school.work():
        assert not SecurityState.objects.exists()
        assert SecurityState.objects.update(has_responsible=True) == 0
    assert not own_state(other_school).has_responsible


@pytest.mark.proves("R-148", "R-162")
def test_an_authority_reads_its_territory_and_writes_nothing(school, other_school):
    for one in (school, other_school):
        with one.work():
            hand_up_state()
    keys = {school.organization.pk, other_school.organization.pk}
    seen = {}
    for code in ("office-03608000", "ministry-03", "culture-03"):
        number = AuthorityBody.objects.get(code=code).pk
        with scopes.enter(scopes.of_authority(number)):
            seen[code] = set(SecurityState.objects.values_list("pk", flat=True)) & keys
        with pytest.raises(DatabaseError), scopes.enter(scopes.of_authority(number)):
            SecurityState.objects.update(has_responsible=True)
    assert seen == {"office-03608000": {school.organization.pk}, "ministry-03": keys, "culture-03": set()}


@pytest.mark.proves("R-162")
def test_the_office_sees_who_of_its_organizations_is_behind(school, other_school, head):
    page = head.get("/security/").content.decode().replace(NBSP, " ")
    assert "СОШ № 1" in page
    assert "СОШ № 2" not in page
    assert "Сведений нет" in page
    with school.work():
        incident(80)
    page = head.get("/security/").content.decode().replace(NBSP, " ")
    for words in ("Нет ответственного", "Нет положения", "Права не пересмотрены за год", "Срок уведомления прошёл"):
        assert words in page
    assert "Секретное описание" not in page


@pytest.mark.proves("R-148")
def test_the_ministry_filters_sorts_and_takes_the_table_away(school, other_school, guard):
    with school.work():
        record_review(reviewed_on=timezone.localdate(), note="проверено", recorded_by="Анна")
    with other_school.work():
        record_review(reviewed_on=timezone.localdate() - datetime.timedelta(days=400), note="давно", recorded_by="Вера")

    def shown(query: str) -> list[str]:
        lines = guard.get(f"/security/{query}").context["page_obj"]
        names = [line.organization.short_name for line in lines]
        return [name for name in names if name in ("СОШ № 1", "СОШ № 2")]

    assert shown("?state=review") == ["СОШ № 2"]
    assert shown("?q=сош&sort=-review") == ["СОШ № 1", "СОШ № 2"]
    assert shown("?municipality=03601000") == ["СОШ № 2"]
    assert shown("?state=notices") == []
    assert "<html" not in guard.get("/security/?q=сош", headers={"HX-Request": "true"}).content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(guard.get("/security/organizations.xlsx?state=review").content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("Средняя школа № 2" in text for text in cells)
    assert not any("Средняя школа № 1" in text for text in cells)
    paper = PdfReader(io.BytesIO(guard.get("/security/organizations.pdf").content))
    assert "исполнитель" in paper.pages[0].extract_text()


def test_who_may_not_watch_is_refused(school, other_school):
    assert client_of(MUNICIPALITY, "boris").get("/security/").status_code == 403
    assert client_of(REGION, "zoya").get("/security/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_organizations(school, other_school, guard):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            guard.get("/security/")
        return len(captured)

    few = queries()
    for one in (school, other_school):
        with one.work():
            incident(1)
    assert queries() == few


def test_the_worker_counts_anew_what_is_a_day_old(school, other_school):
    assert refresh_stale() >= 2
    assert refresh_stale() == 0
    with school.work():
        SecurityState.objects.update(as_of=timezone.now() - datetime.timedelta(days=2))
        factories.enroll(factories.student(), into=factories.group("5А"))
    assert refresh_stale() == 1
    assert own_state(school).learners == 1
