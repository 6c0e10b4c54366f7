"""What a schema really consists of, as lines of text, and the digest of them: how drift is found. Source: TENANCY 4.

The fingerprint says which migrations a schema has recorded; this says whether its tables are what those made. The
schema's own name is taken out, so that equal schemas have equal lines. Expressions of checks, indexes and views are not
compared: the server writes the same one differently when it is made from a dump of itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections

AT_ONCE = 50

_STATEMENT = """
    with wanted as (select oid, nspname from pg_namespace where nspname = any(%(schemas)s)),
    relation as (
        select w.nspname, c.oid, c.relname, c.relkind from pg_class c join wanted w on w.oid = c.relnamespace
        where c.relkind in ('r', 'v')
    ),
    line as (
        select r.nspname, 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
            || case when a.attnotnull then ' not null' else '' end
            || coalesce(' = ' || pg_get_expr(d.adbin, d.adrelid), '') as text
        from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
        union all
        select r.nspname, 'constraint ' || r.relname || '.' || k.conname || ' ' || k.contype::text
            || case when k.contype = 'f' then ' ' || pg_get_constraintdef(k.oid) else '' end
        from relation r join pg_constraint k on k.conrelid = r.oid where k.contype <> 'n'
        union all
        select r.nspname, 'index ' || n.relname || ' on ' || r.relname || ' (' || (
                select string_agg(coalesce(a.attname, '…'), ', ' order by k.place)
                from unnest(i.indkey::int2[]) with ordinality k(attnum, place)
                left join pg_attribute a on a.attrelid = r.oid and a.attnum = k.attnum
            ) || ')' || case when i.indisunique then ' unique' else '' end
            || case when i.indisvalid then '' else ' invalid' end
        from relation r join pg_index i on i.indrelid = r.oid join pg_class n on n.oid = i.indexrelid
        union all
        select r.nspname, 'trigger ' || pg_get_triggerdef(t.oid)
            || case t.tgenabled when 'O' then '' else ' ' || t.tgenabled::text end
        from relation r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
        union all
        select w.nspname, 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') '
            || p.prosrc
        from pg_proc p join wanted w on w.oid = p.pronamespace
    ),
    said as (select nspname, replace(replace(text, nspname || '.', ''), quote_literal(nspname), '') as text from line)
    select nspname, md5(string_agg(text, E'\\n' order by text)),
        case when %(whole)s then array_agg(text order by text) end
    from said group by nspname
"""


def structures(schemas: Iterable[str]) -> dict[str, str]:
    """Digest of tables, views, columns, constraints, indexes, triggers and functions, by schema."""
    wanted = list(schemas)
    found: dict[str, str] = {}
    with connections["owner"].cursor() as cursor:
        for start in range(0, len(wanted), AT_ONCE):
            cursor.execute(_STATEMENT, {"schemas": wanted[start : start + AT_ONCE], "whole": False})
            found |= {schema: digest for schema, digest, _ in cursor.fetchall()}
    return found


def differences(schema: str, *, expected: str) -> tuple[list[str], list[str]]:
    """What ``schema`` has beside ``expected``, another schema of the same version, and what it lacks."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_STATEMENT, {"schemas": [schema, expected], "whole": True})
        lines = {name: set(texts) for name, _, texts in cursor.fetchall()}
    ours, theirs = lines.get(schema, set()), lines.get(expected, set())
    return sorted(ours - theirs), sorted(theirs - ours)
