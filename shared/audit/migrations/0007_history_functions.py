"""What the triggers of every organization's tables call stands once, here, and works in the schema of its table.

It used to stand in each schema. The server looks a function up by its name through all schemas, so connecting an
organization grew dearer with their number, and so did the first write of every server process. Source: ARCHITECTURE 7,
ADR 0024.
"""

from django.db import migrations

# The path a function states for itself also bounds what it sets inside: the caller's path is back when it returns.
RECORD = """
create function history_record() returns trigger language plpgsql security definer set search_path = public as $body$
declare
    hidden constant text[] := string_to_array(tg_argv[0], ',');
    skipped constant text[] := string_to_array(tg_argv[1], ',');
    who constant text := coalesce(nullif(current_setting('asuso.actor', true), ''), 'database:' || session_user);
    signed constant text := coalesce(current_setting('asuso.actor_name', true), '');
    request constant text := coalesce(current_setting('asuso.request_id', true), '');
    why constant text := coalesce(current_setting('asuso.reason', true), '');
begin
    perform set_config('search_path', quote_ident(tg_table_schema) || ', public, pg_temp', true);
    if tg_op = 'INSERT' then
        insert into history_event
            (at, actor, actor_name, request_id, action, object_kind, object_id, rows, reason, facts)
        select clock_timestamp(), who, signed, request, 'created', tg_table_name, n.id::text, 1, why, '{}'
        from new_rows n;
    elsif tg_op = 'DELETE' then
        insert into history_event
            (at, actor, actor_name, request_id, action, object_kind, object_id, changes, rows, reason, facts)
        select clock_timestamp(), who, signed, request, 'deleted', tg_table_name, o.id::text,
            (select jsonb_object_agg(f.key, case when f.key = any(hidden) then '"•••"' else f.value end)
             from jsonb_each(to_jsonb(o)) f),
            1, why, '{}'
        from old_rows o;
    else
        -- A changed key would leave both halves without a partner: then one row is gone and another has come.
        insert into history_event
            (at, actor, actor_name, request_id, action, object_kind, object_id, changes, rows, reason, facts)
        select clock_timestamp(), who, signed, request,
            case when p.new is null then 'deleted' when p.old is null then 'created' else 'changed' end,
            tg_table_name, p.id, c.fields, 1, why, '{}'
        from (
            select coalesce(o.id, n.id)::text as id, to_jsonb(o) as old, to_jsonb(n) as new
            from old_rows o full join new_rows n on n.id = o.id where o is distinct from n
            offset 0 -- or each field would make both rows into jsonb again
        ) p
        left join lateral (
            select jsonb_object_agg(f.key, case
                when p.new is null then case when f.key = any(hidden) then '"•••"' else f.value end
                when f.key = any(hidden) then '["•••", "•••"]'
                else jsonb_build_array(f.value, p.new -> f.key) end) as fields
            from jsonb_each(p.old) f
            where p.new is null or (f.key <> all(skipped) and f.value is distinct from p.new -> f.key)
        ) c on true
        where p.old is null or c.fields is not null;
    end if;
    if found then
        insert into public.audit_mark (xid, schema_name)
        values (pg_current_xact_id()::text::bigint, tg_table_schema) on conflict do nothing;
    end if;
    return null;
end
$body$
"""
REFUSE = """
create function history_refuse() returns trigger language plpgsql set search_path = public as $body$
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


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_subordination")]
    operations = [
        migrations.RunSQL([RECORD, REFUSE], ["drop function history_refuse()", "drop function history_record()"])
    ]
