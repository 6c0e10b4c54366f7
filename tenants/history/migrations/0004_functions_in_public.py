"""The triggers of an organization call the functions that stand once for all. Source: ADR 0024."""

from django.db import migrations

# Found by what depends on the functions: a look through all triggers of thousands of organizations takes a second.
MOVE = """
do $body$
declare
    made text;
begin
    for made in
        select pg_get_triggerdef(objid) from pg_depend
        where refclassid = 'pg_proc'::regclass and classid = 'pg_trigger'::regclass
            and refobjid in ('history_record()'::regprocedure, 'history_refuse()'::regprocedure)
    loop
        execute regexp_replace(
            replace(made, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
            ' EXECUTE FUNCTION (\\S+\\.)?(history_record|history_refuse)\\(', ' EXECUTE FUNCTION public.\\2('
        );
    end loop;
end
$body$
"""
FORWARD = [MOVE, "drop function history_record()", "drop function history_refuse()"]


class Migration(migrations.Migration):
    dependencies = [("history", "0003_rows")]
    operations = [migrations.RunSQL(FORWARD)]
