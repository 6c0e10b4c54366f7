"""The public log: each place sees its own records, nobody writes them by hand. Source: R-179."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, connections, transaction

from shared.access.models import RoleGrant
from shared.access.requests import NotedAction
from shared.accounts.models import Account
from shared.audit.notes import note_in_public
from shared.organizations.models import AuthorityBody, Organization
from shared.tenancy import scopes
from tests.shared.audit.reading import seen_by_authority, seen_by_operator, seen_by_school
from tests.support import SINCE


def note(organization=None, authority=None) -> None:
    with scopes.enter(scopes.IDENTITY.by("somebody", "request-1", "Некто")):
        note_in_public(NotedAction("probed"), {}, organization_id=organization, authority_id=authority)


@pytest.fixture
def probes(school, other_school):
    office = AuthorityBody.objects.get(code="office-03608000")
    note(organization=school.organization.pk)
    note(authority=office.pk)
    note()


def probed(events) -> list[tuple]:
    return [(event.organization_id, event.authority_id) for event in events if event.action == "probed"]


@pytest.mark.proves("R-179")
def test_each_place_sees_its_own_records_only(school, other_school, probes):
    office = AuthorityBody.objects.get(code="office-03608000")
    assert probed(seen_by_school(school)) == [(school.organization.pk, None)]
    assert probed(seen_by_school(other_school)) == []
    assert probed(seen_by_authority("office-03608000")) == [(None, office.pk)]
    assert probed(seen_by_authority("office-03601000")) == []
    assert probed(seen_by_authority("ministry-03")) == []
    assert probed(seen_by_operator()) == [(None, None)]


@pytest.mark.parametrize("scope", [scopes.of_operator(), scopes.of_accounts(), scopes.IDENTITY, scopes.of_projector()])
@pytest.mark.parametrize(
    "text",
    [
        "insert into audit_event (at, actor, actor_name, request_id, action, object_kind, object_id, rows, reason,"
        " facts) values (now(), '', '', '', 'revealed', '', '', 1, '', '{}')",
        "update audit_event set actor = ''",
        "delete from audit_event",
        "delete from audit_chain",
        "select * from audit_mark",
    ],
)
def test_nobody_writes_the_public_log_by_hand(school, scope, text):
    with pytest.raises(DatabaseError, match="permission denied"), scopes.enter(scope), connection.cursor() as cursor:
        cursor.execute(text)


@pytest.mark.parametrize("scope", [scopes.of_operator(), scopes.of_accounts(), scopes.of_projector()])
def test_only_the_login_of_the_web_adds_notes(school, scope):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        scopes.enter(scope),
        connection.cursor() as cursor,
    ):
        cursor.execute("select audit_note(null, null, 'revealed', '', '', 1, '', '{}')")


@pytest.mark.parametrize("scope", [scopes.of_accounts(), scopes.IDENTITY, scopes.of_projector()])
def test_accounts_and_the_login_do_not_read_the_log(school, scope):
    with pytest.raises(DatabaseError, match="permission denied"), scopes.enter(scope), connection.cursor() as cursor:
        cursor.execute("select * from audit_event")


@pytest.mark.proves("R-032", "R-204")
def test_a_change_of_an_account_is_seen_where_the_person_works_and_its_password_nowhere(school, other_school):
    anna = Account.objects.get(login="anna")
    with scopes.enter(scopes.of_accounts().by("admin", "r-1", "Админ")):
        scopes.give_reason("Смена фамилии")
        Account.objects.filter(pk=anna.pk).update(last_name="Новая", password="md5$new-secret")
    event = seen_by_school(school)[-1]
    assert (event.object_kind, event.action, event.actor_name) == ("accounts_account", "changed", "Админ")
    assert event.reason == "Смена фамилии"
    assert event.changes == {"last_name": [anna.last_name, "Новая"], "password": ["•••", "•••"]}
    assert "secret" not in str([vars(one) for one in (*seen_by_school(school), *seen_by_school(other_school))])
    assert [one for one in seen_by_school(other_school) if one.object_id == str(anna.pk)] == []


@pytest.mark.proves("R-032")
def test_an_appointment_and_its_end_are_recorded_in_its_place(school):
    vera = Account.objects.get(login="vera")
    with scopes.enter(scopes.of_accounts().by("admin")):
        grant = RoleGrant.objects.create(
            account=vera, role="teacher", organization_id=school.organization.pk, valid_from=SINCE
        )
        RoleGrant.objects.filter(pk=grant.pk).update(valid_to="2030-01-01")
    created, ended = [event for event in seen_by_school(school) if event.object_id == str(grant.pk)]
    assert (created.action, created.object_kind) == ("created", "access_rolegrant")
    assert ended.changes == {"valid_to": [None, "2030-01-01"]}


def test_the_life_of_an_organization_is_seen_by_it_and_by_the_operator(school):
    with scopes.enter(scopes.of_operator().by("oleg")):
        Organization.objects.filter(pk=school.organization.pk).update(status="suspended")
    for events in (seen_by_school(school), seen_by_operator()):
        assert events[-1].changes == {"status": ["active", "suspended"]}
    assert [
        event for event in seen_by_operator() if event.object_kind == "access_rolegrant" and event.organization_id
    ] == []


def test_the_functions_of_the_public_log_work_in_the_public_schema_only(committed):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select proname, proconfig from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
        )
        found = dict(cursor.fetchall())
    assert {"audit_note", "audit_record"} <= set(found)
    assert {tuple(path or ()) for path in found.values()} == {("search_path=public",)}


def test_the_tables_of_accounts_rights_and_organizations_are_under_row_history(committed):
    expected = {
        *("accounts_account", "access_rolegrant", "access_rightchange", "access_rightceiling"),
        *("organizations_organization", "organizations_domain", "organizations_authoritybody"),
    }
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, count(*) from pg_trigger where tgname like 'row_history%' "
            "and tgfoid = 'public.audit_record'::regproc group by 1"
        )
        found = dict(cursor.fetchall())
    assert expected <= set(found)
    assert set(found.values()) == {3}
