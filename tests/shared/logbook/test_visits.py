"""Visit statistics: by name inside an organization, totals only above it. Source: R-054, R-225, ORGANIZATION 19."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from shared.accounts.models import Account, Session
from shared.audit.models import LastVisit, Visit
from shared.organizations.models import AuthorityBody
from shared.tenancy import scopes
from tests.shared.audit.reading import appoint_officer
from tests.support import client_of

TOTALS = ("audit_last_visit", "audit_visit_day")


def visit_of(login: str) -> Visit:
    return Visit.objects.get(account_id=Account.objects.get(login=login).pk)


def later(minutes: float) -> None:
    """Time goes by: the sessions and the visits were last touched that long ago."""
    ago = datetime.timedelta(minutes=minutes)
    for session in Session.objects.all():
        Session.objects.filter(pk=session.pk).update(last_seen_at=session.last_seen_at - ago)
    for visit in Visit.objects.all():
        Visit.objects.filter(pk=visit.pk).update(seen_at=visit.seen_at - ago)


@pytest.mark.proves("R-054")
def test_a_sign_in_begins_a_visit_with_the_place_and_the_role(school):
    client_of(school.host, "anna")
    visit = visit_of("anna")
    assert (visit.organization_id, visit.role) == (school.organization.pk, "director")
    assert visit.day == timezone.localdate()
    assert visit.came_hour == timezone.localtime(visit.came_at).hour
    assert visit.sections == {"entrance": 1}


def test_requests_within_a_minute_are_one_minute_and_one_section(school):
    anna = client_of(school.host, "anna")
    for _ in range(3):
        anna.get("/students/")
    assert visit_of("anna").minutes == 1
    later(2)
    for _ in range(3):
        anna.get("/students/")
    visit = visit_of("anna")
    assert (visit.minutes, visit.sections) == (2, {"entrance": 1, "people": 1})


def test_no_page_and_no_object_is_kept_of_a_visit(school):
    from tests.tenants import factories

    with school.work():
        child = factories.student(last_name="Неприметный")
    anna = client_of(school.host, "anna")
    later(2)
    anna.get(f"/students/{child.pk}/")
    assert str(child.pk) not in str(vars(visit_of("anna")))
    assert set(visit_of("anna").sections) == {"entrance", "people"}


def test_a_request_within_the_minute_costs_no_statement_for_the_visit(school):
    from django.test.utils import CaptureQueriesContext

    anna = client_of(school.host, "anna")
    anna.get("/password/")
    with CaptureQueriesContext(connection) as queries:
        anna.get("/password/")
    assert [query for query in queries.captured_queries if "audit" in query["sql"]] == []


@pytest.mark.proves("R-054", "R-038")
def test_the_organization_sees_who_came_when_and_who_never_did(school):
    anna = client_of(school.host, "anna")
    client_of(school.host, "secretary")
    page = anna.get("/visits/")
    found = page.context["visits"]
    people = {visitor.account_id: visitor for visitor in found.visitors}
    came, absent = (people[Account.objects.get(login=login).pk] for login in ("secretary", "teacher"))
    assert (came.last_on, came.days) == (timezone.localdate(), 1)
    assert absent.last_on is None
    assert Account.objects.get(login="vera").pk not in people
    totals = {one.role: (one.people, one.today, one.never) for one in found.by_role}
    assert (totals["secretary"], totals["teacher"]) == ((1, 1, 0), (1, 0, 1))
    assert dict(found.by_day)[timezone.localdate()] == 2
    shown = anna.get("/visits/?show=never").context["page_obj"]
    assert {visitor.last_on for visitor in shown} == {None}


@pytest.mark.proves("R-054")
def test_the_file_of_visits_has_a_line_for_everybody(school):
    anna = client_of(school.host, "anna")
    people = len(anna.get("/visits/").context["visits"].visitors)
    book = openpyxl.load_workbook(io.BytesIO(anna.get("/visits/export.xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "Человек")
    assert len([row for row in rows[head + 1 :] if row[0]]) == people


def test_the_page_costs_the_same_for_few_and_for_many(school):
    from django.test.utils import CaptureQueriesContext

    anna = client_of(school.host, "anna")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            anna.get("/visits/")
        return len(queries)

    few = cost()
    for login in ("secretary", "deputy_uvr", "coordinator"):
        client_of(school.host, login)
    assert cost() == few


@pytest.mark.proves("R-225")
def test_a_municipality_sees_numbers_by_organization_and_role_and_no_name(school, other_school):
    client_of(school.host, "anna")
    client_of(other_school.host, "vera")
    appoint_officer("boris", "mun_admin", "office-03608000")
    boris = client_of("municipality.localhost", "boris")
    page = boris.get("/visits/")
    totals = page.context["totals"]
    assert [one.organization.pk for one in totals.organizations if one.organization.slug == "school-1"]
    assert "school-2" not in {one.organization.slug for one in totals.organizations}
    (place,) = [one for one in totals.organizations if one.organization.slug == "school-1"]
    assert place.today == 1
    assert place.people >= 6
    assert next(one for one in totals.by_role if one.role == "director").today >= 1
    assert "Anna" not in page.content.decode()
    assert boris.get("/visits/export.xlsx").status_code == 200


@pytest.mark.proves("R-225")
def test_the_region_sees_every_organization_of_it(school, other_school):
    with scopes.enter(scopes.of_authority(AuthorityBody.objects.get(code="ministry-03").pk)):
        places = set(LastVisit.objects.values_list("organization_id", flat=True))
    assert {school.organization.pk, other_school.organization.pk} <= places


@pytest.mark.proves("R-225", "R-179")
def test_an_authority_has_no_way_to_the_visits_of_persons(school):
    office = AuthorityBody.objects.get(code="office-03608000")
    with pytest.raises(DatabaseError, match="permission denied"), scopes.enter(scopes.of_authority(office.pk)):
        list(Visit.objects.all())
    with scopes.enter(scopes.of_authority(office.pk)), connection.cursor() as cursor:
        for view in TOTALS:
            cursor.execute(f"select * from {view} limit 0")
            columns = {column.name for column in cursor.description}
            assert columns <= {"organization_id", "role", "last_day", "day", "came_hour", "people"}, columns


def test_an_organization_does_not_read_visits_in_its_own_role(school):
    for table in ("audit_visit", *TOTALS):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            school.work(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"select * from {table}")
