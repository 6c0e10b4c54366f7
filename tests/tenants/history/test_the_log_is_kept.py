"""Nobody changes the log: not its organization, not another one, not by any path. Source: R-031, R-179."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, connections, transaction

from fleet.compiling import script_of
from shared.organizations.models import AuthorityBody
from shared.tenancy import names, scopes, structure
from shared.tenancy.names import TEMPLATE
from tenants.history.models import HistoryEvent
from tests.tenants import factories

NOTE = "select {0}history_note('revealed', 'student', '1', 1, '', '{{}}')"
WITHOUT_HISTORY = {
    "django_migrations": "the program's own record of versions",
    "history_event": "the log itself",
    "intake_stagedrow": "rows of a checked file, no facts until they are applied",
    "cards_cardfilerow": "rows of a checked file, no facts until they are applied",
    "recovery_difference": "what a comparison found, no facts until it is taken back",
}


def send(text: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall() if cursor.description else []


def count(place) -> int:
    with place.work():
        return HistoryEvent.objects.count()


@pytest.mark.proves("R-032", "R-204")
def test_every_table_of_an_organization_is_under_row_history(committed):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select c.relname, array_agg(t.tgname::text order by t.tgname) "
            "filter (where t.tgname like 'row_history%%' and t.tgenabled = 'O' "
            "and t.tgfoid = 'public.history_record()'::regprocedure) "
            "from pg_class c left join pg_trigger t on t.tgrelid = c.oid "
            "where c.relkind = 'r' and c.relnamespace = %s::regnamespace group by 1",
            [TEMPLATE],
        )
        triggers = dict(cursor.fetchall())
    events = ["row_history_delete", "row_history_insert", "row_history_update"]
    assert {table for table, found in triggers.items() if found != events} == set(WITHOUT_HISTORY)


@pytest.mark.parametrize(
    "text",
    [
        "insert into history_event (at, actor, actor_name, request_id, action, object_kind, object_id, rows, reason,"
        " facts) values (now(), 'x', '', '', 'revealed', 'student', '1', 1, '', '{}')",
        "update history_event set actor = 'x'",
        "update history_event set seal_no = 1, seal = 'x'",
        "delete from history_event",
        "truncate history_event",
        "select setval('history_event_id_seq', 1)",
        "select nextval('history_event_id_seq')",
        "alter table history_event disable trigger all",
        "alter table people_student disable trigger all",
        "drop trigger row_history_update on people_student",
        "create or replace function history_refuse() returns trigger language plpgsql as 'begin return new; end'",
        "create or replace function public.history_refuse() returns trigger language plpgsql "
        "as 'begin return new; end'",
        "create trigger t after insert on people_student for each statement execute function public.quality_mark()",
        "set local session_replication_role = replica",
        "select * from public.audit_mark",
        "insert into public.audit_mark values (1, 'public')",
        "select * from public.audit_chain",
        "update public.audit_chain set last_no = 0",
        "select audit_note(null, null, 'revealed', 'student', '1', 1, '', '{}')",
        "select * from public.audit_visit",
    ],
)
@pytest.mark.proves("R-179")
def test_the_organization_itself_may_only_read_and_note(school, text):
    with school.work():
        factories.student()
    with pytest.raises(DatabaseError) as refusal, school.work():
        send(text)
    assert refusal.value.__cause__.sqlstate == "42501", refusal.value


@pytest.mark.parametrize("action", ["created", "changed", "deleted"])
def test_a_note_cannot_pretend_to_be_a_change_of_a_row(school, action):
    with pytest.raises(DatabaseError, match="recorded by its table"), school.work():
        send(NOTE.format("").replace("revealed", action))


@pytest.mark.proves("R-179")
def test_a_statement_of_one_organization_does_not_reach_the_log_of_another(school, other_school):
    """Whatever path an injected statement sets, its own rows and notes stay in its own log."""
    own, foreign = school.organization.schema_name, other_school.organization.schema_name
    before = count(other_school)
    with pytest.raises(DatabaseError, match="permission denied"), school.work():
        send(NOTE.format(f"{foreign}."))
    with school.work():
        send(f"set local search_path = {foreign}, public")
        with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
            send(NOTE.format(""))
    with school.work():
        send("select 1")
        send(f"set local search_path = {foreign}, public")
        send(NOTE.format(f"{own}."))
        send(
            f"insert into {own}.people_guardian (id, last_name, first_name, patronymic, phone) "
            "values (gen_random_uuid(), 'Чужой', '', '', '')"
        )
        assert send(f"select action, object_kind from {own}.history_event order by id desc limit 2") == [
            ("created", "people_guardian"),
            ("revealed", "student"),
        ]
    assert count(other_school) == before


def test_every_function_of_an_organization_works_in_its_own_schema_only(committed):
    schemas = [committed.school.organization.schema_name, committed.other.organization.schema_name]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select pronamespace::regnamespace::text, proconfig from pg_proc "
            "where pronamespace = any(%s::regnamespace[]) and prosecdef",
            [schemas],
        )
        found = cursor.fetchall()
    assert len(found) == 2  # notes of the log
    assert all(settings == [f"search_path={schema}, public"] for schema, settings in found), found


def test_a_trigger_leaves_the_path_of_the_statement_as_it_was(school, other_school):
    own, foreign = school.organization.schema_name, other_school.organization.schema_name
    with school.work():
        send(f"set local search_path = {foreign}, public")
        send(
            f"insert into {own}.people_guardian (id, last_name, first_name, patronymic, phone) "
            "values (gen_random_uuid(), 'Чужой', '', '', '')"
        )
        assert send("show search_path") == [(f"{foreign}, public",)]


def test_triggers_of_an_earlier_release_are_moved_to_the_functions_of_all(committed):
    """They called functions of their own schema, which are gone afterwards."""
    schema = committed.school.organization.schema_name
    before = import_module("tenants.history.migrations.0002_functions")
    moving = import_module("tenants.history.migrations.0004_functions_in_public")
    now = structure.structures([schema])
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"set local search_path = {schema}, public")
        called = {
            "row_history_update": ("history_record", "people_student"),
            "never_emptied": ("history_refuse", "history_event"),
        }
        for text in (before.RECORD, before.REFUSE):
            cursor.execute(text)
        for trigger, (function, table) in called.items():
            cursor.execute(
                "select pg_get_triggerdef(oid) from pg_trigger where tgname = %s and tgrelid = %s::regclass",
                [trigger, table],
            )
            [(text,)] = cursor.fetchall()
            cursor.execute(
                text.replace("CREATE", "CREATE OR REPLACE").replace(f"public.{function}", f"{schema}.{function}")
            )
        assert structure.structures([schema]) != now
        for text in moving.FORWARD:
            cursor.execute(text)
        assert structure.structures([schema]) == now
        transaction.set_rollback(True, using="owner")


@pytest.mark.parametrize("text", ["select * from history_event", NOTE.format("")])
def test_an_authority_does_not_reach_the_log_of_an_organization(school, text):
    office = AuthorityBody.objects.get(code="office-03608000")
    scope = scopes.of_oversight(office.pk, school.organization.schema_name)
    with pytest.raises(DatabaseError, match="permission denied"), scopes.enter(scope):
        send(text)


def test_the_projector_does_not_read_the_log(school):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        scopes.enter(scopes.of_projector(school.organization.schema_name)),
    ):
        send("select * from history_event")


@pytest.mark.parametrize(
    "text", ["update {0} set reason = 'x'", "delete from {0}", "truncate {0}", "update {0} set seal = null"]
)
@pytest.mark.parametrize("log", ["history_event", "public.audit_event"])
def test_even_the_owner_of_the_tables_is_refused_while_the_triggers_stand(committed, text, log):
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"set local search_path = {committed.school.organization.schema_name}, public")
        cursor.execute(
            f"insert into {log} (at, actor, actor_name, request_id, action, object_kind, object_id, rows, reason,"
            " facts) values (now(), 'x', '', '', 'revealed', 'student', '1', 1, '', '{}')"
        )
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(text.format(log))
        transaction.set_rollback(True, using="owner")


def test_an_organization_migrated_later_keeps_its_log_as_closed_as_a_new_one(committed):
    """The replay of a migration ends with the same restrictions as provisioning."""
    schema = committed.school.organization.schema_name
    script = script_of(schema, ()).as_string()
    member = names.role(schema)
    assert f'REVOKE ALL ON "history_event" FROM PUBLIC, "{member}"' in script
    assert f'GRANT SELECT ON "history_event" TO "{member}"' in script
    assert script.rstrip().endswith("search_path = public")
