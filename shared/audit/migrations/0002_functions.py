"""The public log: row history of public tables with its place, notes of requests, append-only, and visit totals.

``audit_record`` is told by its trigger which columns hold the place. Source: ARCHITECTURE 7, R-225.
"""

from django.db import migrations

RECORD = """
create function audit_record() returns trigger language plpgsql security definer set search_path = public as $body$
declare
    hidden constant text[] := string_to_array(tg_argv[0], ',');
    skipped constant text[] := string_to_array(tg_argv[1], ',');
    olds jsonb[] := '{}';
    news jsonb[] := '{}';
begin
    if tg_op <> 'INSERT' then
        olds := array(select to_jsonb(o) from old_rows o);
    end if;
    if tg_op <> 'DELETE' then
        news := array(select to_jsonb(n) from new_rows n);
    end if;
    insert into audit_event (at, actor, actor_name, request_id, action, object_kind, object_id, changes, rows, reason,
        facts, organization_id, authority_id)
    select clock_timestamp(),
        coalesce(nullif(current_setting('asuso.actor', true), ''), 'database:' || session_user),
        coalesce(current_setting('asuso.actor_name', true), ''), coalesce(current_setting('asuso.request_id', true), ''),
        case when p.new is null then 'deleted' when p.old is null then 'created' else 'changed' end,
        tg_table_name, p.one ->> 'id', c.fields, 1, coalesce(current_setting('asuso.reason', true), ''), '{}',
        place.organization_id, place.authority_id
    from (
        select o.row as old, n.row as new, coalesce(n.row, o.row) as one
        from unnest(olds) o(row) full join unnest(news) n(row) on n.row ->> 'id' = o.row ->> 'id'
        where o.row is distinct from n.row
    ) p
    left join lateral (
        select jsonb_object_agg(f.key, case
            when p.new is null then case when f.key = any(hidden) then '"•••"' else f.value end
            when f.key = any(hidden) then '["•••", "•••"]'
            else jsonb_build_array(f.value, p.new -> f.key) end) as fields
        from jsonb_each(p.old) f
        where p.new is null or (f.key <> all(skipped) and f.value is distinct from p.new -> f.key)
    ) c on true
    left join lateral (
        select (p.one ->> tg_argv[3])::uuid as organization_id, (p.one ->> tg_argv[4])::integer as authority_id
        where tg_argv[2] = ''
        union
        select g.organization_id, g.authority_id from access_rolegrant g
        where tg_argv[2] <> '' and g.account_id = (p.one ->> tg_argv[2])::uuid
    ) place on true
    where p.old is null or c.fields is not null;
    if found then
        insert into audit_mark (xid, schema_name)
        values (pg_current_xact_id()::text::bigint, 'public') on conflict do nothing;
    end if;
    return null;
end
$body$
"""
NOTE = """
create function audit_note(
    place_organization uuid, place_authority integer, noted_action text, noted_kind text, noted_id text,
    noted_rows integer, noted_reason text, noted_facts jsonb
) returns void language plpgsql security definer set search_path = public as $body$
begin
    if noted_action in ('created', 'changed', 'deleted') then
        raise exception 'a change of a row is recorded by its table' using errcode = 'insufficient_privilege';
    end if;
    insert into audit_event (at, actor, actor_name, request_id, action, object_kind, object_id, rows, reason, facts,
        organization_id, authority_id)
    values (
        clock_timestamp(), coalesce(current_setting('asuso.actor', true), ''),
        coalesce(current_setting('asuso.actor_name', true), ''), coalesce(current_setting('asuso.request_id', true), ''),
        noted_action, noted_kind, noted_id, noted_rows, noted_reason, noted_facts, place_organization, place_authority
    );
    insert into audit_mark (xid, schema_name)
    values (pg_current_xact_id()::text::bigint, 'public') on conflict do nothing;
end
$body$
"""
REFUSE = """
create function audit_refuse() returns trigger language plpgsql set search_path = public as $body$
declare
    plain record;
begin
    if tg_op = 'UPDATE' and old.seal_no is null and new.seal_no is not null and new.seal is not null then
        plain := new;
        plain.seal_no := null;
        plain.seal := null;
        if plain is not distinct from old then
            return new;
        end if;
    end if;
    raise exception 'the log is append-only' using errcode = 'insufficient_privilege';
end
$body$
"""
# ``current_user`` is the one who reads the view, so an authority gets the organizations of its territory or founder.
SUBORDINATE = """
exists (
    select from tenancy_rolescope s where s.role_name = current_user and (
        s.municipality_oktmo = o.municipality_id or s.region_code = o.region_id or s.founder_id = o.founder_id))
"""
LAST_VISIT = f"""
create view audit_last_visit with (security_barrier) as
select g.organization_id, g.role, v.last_day, count(*)::integer as people
from (
    select distinct account_id, organization_id, role from access_rolegrant
    where organization_id is not null and valid_from <= current_date and (valid_to is null or valid_to > current_date)
) g
join organizations_organization o on o.id = g.organization_id and {SUBORDINATE}
join accounts_account a on a.id = g.account_id and a.is_active
left join lateral (
    select max(day) as last_day from audit_visit v
    where v.account_id = g.account_id and v.organization_id = g.organization_id
) v on true
group by g.organization_id, g.role, v.last_day
"""  # noqa: S608 - constants of this module
VISIT_DAY = f"""
create view audit_visit_day with (security_barrier) as
select v.organization_id, v.role, v.day, v.came_hour, count(*)::integer as people
from audit_visit v join organizations_organization o on o.id = v.organization_id and {SUBORDINATE}
group by v.organization_id, v.role, v.day, v.came_hour
"""  # noqa: S608 - constants of this module
FORWARD = [
    RECORD,
    NOTE,
    REFUSE,
    "create trigger only_appended before update or delete on audit_event for each row execute function audit_refuse()",
    "create trigger never_emptied before truncate on audit_event for each statement execute function audit_refuse()",
    LAST_VISIT,
    VISIT_DAY,
]
BACKWARD = [
    "drop view audit_visit_day",
    "drop view audit_last_visit",
    "drop trigger never_emptied on audit_event",
    "drop trigger only_appended on audit_event",
    "drop function audit_refuse()",
    "drop function audit_note(uuid, integer, text, text, text, integer, text, jsonb)",
    "drop function audit_record()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("access", "0001_initial"),
        ("accounts", "0001_initial"),
        ("organizations", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
