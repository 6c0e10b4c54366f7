"""The function that marks an organization for counting stands once for all of them. Source: ADR 0024."""

from django.db import migrations

MARK = """
create function quality_mark() returns trigger language plpgsql security definer set search_path = public as $body$
begin
    insert into quality_state_mark (xid, schema_name)
    values (pg_current_xact_id()::text::bigint, tg_table_schema) on conflict do nothing;
    return null;
end
$body$
"""


class Migration(migrations.Migration):
    dependencies = [("quality_state", "0001_initial")]
    operations = [migrations.RunSQL([MARK], ["drop function quality_mark()"])]
