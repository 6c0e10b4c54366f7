"""Texts an attacker would like one organization's scope to run. Source: TENANCY 5.

``{foreign}`` is another organization's schema, ``{role}`` its role, ``{organization}`` its id.
"""

SECRET = "Чужеземцев"
_TASK = (
    "insert into messaging_taskoutbox"
    " (id, organization_id, name, arguments, actor, request_id, wanted_at, attempts)"
    " values (gen_random_uuid(), ORGANIZATION, 'x', '{{}}', '', '', now(), 0)"
)

# What reaches the statement as a value, glued into quotes by a careless program.
IN_A_VALUE = {
    "tautology": "' or ''='",
    "union": "' union select last_name from {foreign}.people_student --",
    "subquery": "' or last_name = (select last_name from {foreign}.people_student limit 1) --",
    "stacked set role": "'; set local role {role}; select last_name from {foreign}.people_student --",
    "stacked reset role": "'; reset role; select last_name from {foreign}.people_student --",
    "stacked session authorization": "'; set session authorization default; select 1 --",
    "stacked do": "'; do $$ begin execute 'set local role {role}'; end $$ --",
    "stacked search_path": "'; set local search_path = {foreign}; select last_name from people_student --",
    "stacked commit": "'; commit; select last_name from {foreign}.people_student --",
    "stacked copy": "'; copy {foreign}.people_student to stdout --",
    "stacked delete": "'; delete from {foreign}.people_student --",
    "set_config role": "' or set_config('role', '{role}', true) <> '' --",
    "set_config search_path": "' or set_config('search_path', '{foreign}', true) <> '' --",
    "query_to_xml": "' union select query_to_xml('table {foreign}.people_student', true, true, '')::text --",
    "database_to_xml": "' union select schema_to_xml('{foreign}', true, true, '')::text --",
    "ts_stat": "' union select word from ts_stat('select to_tsvector(last_name) from {foreign}.people_student') --",
}
# What reaches the statement as the name of a column.
IN_AN_IDENTIFIER = {
    "foreign table": "(select last_name from {foreign}.people_student limit 1)",
    "stacked": "1; set local role {role}; select last_name from {foreign}.people_student",
    "set_config": "set_config('role', '{role}', true)",
}
# Whole statements that must be refused: the role has no right to what they do.
REFUSED = {
    "read another organization": "select last_name from {foreign}.people_student",
    "read another's view": "select last_name from {foreign}.oversight_learner",
    "write another organization": "update {foreign}.people_student set last_name = 'x'",
    "delete another organization": "delete from {foreign}.people_student",
    "another's sequence of migrations": "select * from {foreign}.django_migrations",
    "copy another out": "copy {foreign}.people_student to stdout",
    "copy from a program": "copy people_student from program 'id'",
    "copy to a file": "copy people_student to '/tmp/out'",
    "cursor over another": "declare c cursor for select last_name from {foreign}.people_student",
    "prepare over another": "prepare p as select last_name from {foreign}.people_student",
    "explain another": "explain analyze select last_name from {foreign}.people_student",
    "set_config": "select set_config('role', '{role}', true)",
    "update pg_settings": "update pg_settings set setting = '{role}' where name = 'role'",
    "temporary table": "create temporary table t (a int)",
    "temporary table as": "create temporary table t as select 1",
    "table in public": "create table public.t (a int)",
    "table of one's own": "create table t (a int)",
    "function of one's own": "create function f() returns int language sql as 'select 1'",
    "view of one's own": "create view v as select 1",
    "drop": "drop table people_student",
    "alter": "alter table people_student add column a int",
    "trigger": "create trigger t before insert on people_student execute function suppress_redundant_updates_trigger()",
    "truncate": "truncate people_guardianlink",
    "disable row security": "alter table public.contingent_registryenrollment disable row level security",
    "extension": "create extension dblink",
    "large object": "select lo_create(0)",
    "large object, old": "select lo_creat(-1)",
    "large object from bytes": "select lo_from_bytea(0, 'x')",
    "large object from a file": "select lo_import('/etc/passwd')",
    "read a file": "select pg_read_file('/etc/passwd')",
    "list a folder": "select pg_ls_dir('.')",
    "notify": "select pg_notify('channel', 'text')",
    "export a snapshot": "select pg_export_snapshot()",
    "reload": "select pg_reload_conf()",
    "passwords": "select * from pg_authid",
    "become a superuser": "set session authorization postgres",
    "role of the owner": "set role asuso_owner",
    "create a role": "create role intruder",
    "grant oneself": "grant {role} to current_user",
    "accounts": "select * from accounts_account",
    "sessions": "select * from accounts_session",
    "tokens": "select * from accounts_apitoken",
    "one-time codes": "select * from accounts_handoffcode",
    "attempts": "select * from accounts_signinattempt",
    "grants of roles": "select * from access_rolegrant",
    "give oneself a role": "insert into access_rolegrant (id) values (gen_random_uuid())",
    "identities": "select * from contingent_personidentity",
    "people of the registry": "select * from contingent_person",
    "links": "select * from contingent_personlink",
    "read the outbox": "select * from contingent_outbox",
    "read the tasks": "select * from messaging_taskoutbox",
    "write the registry": "update contingent_registryenrollment set sex = 'F'",
    "forge a movement": "delete from contingent_registrymovement",
    "write the state of an organization": "update organizations_organization set status = 'suspended'",
    "move an organization": "update organizations_organization set founder_id = null",
    "write regions": "insert into organizations_region (code, name) values ('99', 'x')",
    "write municipalities": "delete from organizations_municipality",
    "write form editions": "delete from statforms_formedition",
    "widen row security": "update tenancy_rolescope set organization_id = '{organization}'",
    "add to row security": "insert into tenancy_rolescope (role_name, organization_id) values ('x', '{organization}')",
    "forget migrations": "delete from public.django_migrations",
    "lock a directory": "lock table organizations_organization in access exclusive mode",
    "outbox of another": (
        "insert into contingent_outbox (id, organization_id, kind, at)"
        " values (gen_random_uuid(), '{organization}', 'organization', now())"
    ),
    "task of another": _TASK.replace("ORGANIZATION", "'{organization}'"),
    "task of nobody": _TASK.replace("ORGANIZATION", "null"),
}
# Whole statements that are answered, and show nothing of another organization.
EMPTY_HANDED = {
    "rename another organization": (
        "update organizations_organization set short_name = 'x' where id = '{organization}' returning id::text"
    ),
    "rename every organization": "update organizations_organization set short_name = 'x' returning id::text",
    "registry": "select organization_id::text from contingent_registryenrollment",
    "movements": "select organization_id::text from contingent_registrymovement",
    "statistics of columns": "select most_common_vals::text from pg_stats where schemaname = '{foreign}'",
    "login after reset": "select current_user::text",
    "own rows": "select last_name from people_student",
    "grant what one does not own": "grant select on people_student to public",
}
# Whole statements nobody stops: who may run a text of his own may do these. The list of ``execute`` calls is the guard.
STILL_ALLOWED = {
    "set local role": ["set local role {role}", "select last_name from {foreign}.people_student"],
    "do block": [
        "do $$ begin execute 'set local role {role}'; end $$",
        "select last_name from {foreign}.people_student",
    ],
}
