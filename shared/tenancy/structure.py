"""What a schema really consists of, as lines of text, and the digest of them: how drift is found. Source: TENANCY 4.

The fingerprint says which migrations a schema has recorded; this says whether its tables are what those made. The
schema's own name is taken out, so that equal schemas have equal lines. Expressions of checks, indexes and views are not
compared: the server writes the same one differently when it is made from a dump of itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connections

AT_ONCE = 50
FORM: Final = "v2"
"""How digests of this release begin: one that another release has kept is not compared, its lines were others."""

# The catalogs of thousands of schemas are large, and statistics know nothing of one schema: every step is a look by
# index, which ``offset 0`` keeps from being joined in another way. What a schema holds is found in pg_depend, the only
# catalog with an index by schema.
_STATEMENT = """
    with wanted as (select oid, nspname from pg_namespace where nspname = any(%(schemas)s)),
    held as materialized (
        select w.nspname, d.classid, d.objid from wanted w cross join lateral (
            select classid, objid from pg_depend
            where refclassid = 'pg_namespace'::regclass and refobjid = w.oid
                and classid in ('pg_class'::regclass, 'pg_proc'::regclass) offset 0
        ) d
    ),
    relation as materialized (
        select h.nspname, c.oid, c.relname from held h cross join lateral (
            select oid, relname from pg_class where oid = h.objid and relkind in ('r', 'v') offset 0
        ) c where h.classid = 'pg_class'::regclass
    ),
    line as (
        select r.nspname, 'column ' || r.relname || '.' || a.text as text from relation r cross join lateral (
            select attname || ' ' || format_type(atttypid, atttypmod)
                || case when attnotnull then ' not null' else '' end
                || case when atthasdef then (
                    -- Only a generated column names others; without the table the server need not open it.
                    select ' = ' || pg_get_expr(adbin, case attgenerated when '' then 0 else adrelid end)
                    from pg_attrdef where adrelid = attrelid and adnum = attnum
                ) else '' end as text
            from pg_attribute where attrelid = r.oid and attnum > 0 and not attisdropped offset 0
        ) a
        union all
        select r.nspname, 'constraint ' || r.relname || '.' || k.text from relation r cross join lateral (
            select conname || ' ' || contype::text
                || case when contype = 'f' then ' ' || pg_get_constraintdef(oid) else '' end as text
            from pg_constraint where conrelid = r.oid and contype <> 'n' offset 0
        ) k
        union all
        select r.nspname, 'index ' || i.name || ' on ' || r.relname || ' (' || i.columns || ')' || i.state
        from relation r cross join lateral (
            select (select relname from pg_class where oid = indexrelid) as name,
                (select string_agg(coalesce(
                        (select attname from pg_attribute where attrelid = indrelid and attnum = k.number), '…'
                    ), ', ' order by k.place) from unnest(indkey::int2[]) with ordinality k(number, place)) as columns,
                case when indisunique then ' unique' else '' end
                    || case when indisvalid then '' else ' invalid' end as state
            from pg_index where indrelid = r.oid offset 0
        ) i
        union all
        select r.nspname, 'trigger ' || t.text || ' on ' || r.relname from relation r cross join lateral (
            select tgname || ' ' || tgtype::text || ' ' || (select proname from pg_proc where oid = tgfoid)
                || encode(tgargs, 'escape') || case when tgqual is null then '' else pg_get_triggerdef(oid) end
                || case tgenabled when 'O' then '' else ' ' || tgenabled::text end as text
            from pg_trigger where tgrelid = r.oid and not tgisinternal offset 0
        ) t
        union all
        select h.nspname, 'function ' || p.text from held h cross join lateral (
            select proname || '(' || pg_get_function_identity_arguments(oid) || ') ' || prosrc as text
            from pg_proc where oid = h.objid offset 0
        ) p where h.classid = 'pg_proc'::regclass
    ),
    said as (select nspname, replace(replace(text, nspname || '.', ''), quote_literal(nspname), '') as text from line)
    select nspname, %(form)s || left(md5(string_agg(text, E'\\n' order by text collate "C")), 30),
        case when %(whole)s then array_agg(text) end
    from said group by nspname
"""


def structures(schemas: Iterable[str]) -> dict[str, str]:
    """Digest of tables, views, columns, constraints, indexes, triggers and functions, by schema."""
    wanted = list(schemas)
    found: dict[str, str] = {}
    with connections["owner"].cursor() as cursor:
        for start in range(0, len(wanted), AT_ONCE):
            cursor.execute(_STATEMENT, {"schemas": wanted[start : start + AT_ONCE], "whole": False, "form": FORM})
            found |= {schema: digest for schema, digest, _ in cursor.fetchall()}
    return found


def differences(schema: str, *, expected: str) -> tuple[list[str], list[str]]:
    """What ``schema`` has beside ``expected``, another schema of the same version, and what it lacks."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_STATEMENT, {"schemas": [schema, expected], "whole": True, "form": FORM})
        lines = {name: set(texts) for name, _, texts in cursor.fetchall()}
    ours, theirs = lines.get(schema, set()), lines.get(expected, set())
    return sorted(ours - theirs), sorted(theirs - ours)
