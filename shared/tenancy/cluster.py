"""What a superuser prepares once per database: logins, service roles, extensions, revokes.

Source: ARCHITECTURE 3, TENANCY 0.3, 0.7, 5.
"""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from shared.tenancy import names

_REVOKED_FUNCTIONS = (
    "set_config(text, text, boolean)",
    "lo_create(oid)",
    "lo_creat(integer)",
    "lo_from_bytea(oid, bytea)",
    "pg_notify(text, text)",
    "pg_export_snapshot()",
)
_SEARCH_FUNCTIONS = ("public.word_similarity_op(text, text)", "public.word_similarity_commutator_op(text, text)")


def statements(*, database: str, server_version: int, passwords: dict[str, str]) -> Iterator[sql.SQL | sql.Composed]:
    """Everything to run as a superuser in ``database``; running it again changes nothing.

    ``server_version`` as psycopg gives it (180006); before 16 a grant has no INHERIT and SET options, there the logins
    are NOINHERIT instead. ``passwords`` by login (``app``, ``owner``), empty for the embedded server.
    """
    modern = server_version >= 160000
    for name in (*names.LOGINS, *names.SERVICE_ROLES, *names.GROUPS):
        yield from _role(name, passwords.get(name, ""))
    app, owner = (sql.Identifier(names.role(name)) for name in names.LOGINS)
    for name in names.SERVICE_ROLES:
        option = sql.SQL("WITH INHERIT FALSE, SET TRUE") if modern else sql.SQL("")
        yield sql.SQL("GRANT {} TO {} {}").format(sql.Identifier(names.role(name)), app, option)
    for name in names.GROUPS:
        yield sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(names.role(name)), owner)
    here = sql.Identifier(database)
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(here)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(here, app, owner)
    yield sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(here, owner)
    yield sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO PUBLIC")
    yield sql.SQL("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    yield sql.SQL("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public")
    # Row security keeps an index away from operators that might leak; these two tell nothing of a row they refuse, and
    # without them a search by name reads every person of the region.
    for function in _SEARCH_FUNCTIONS:
        yield sql.SQL("ALTER FUNCTION {} LEAKPROOF").format(sql.SQL(function))
    for function in _REVOKED_FUNCTIONS:
        yield sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(sql.SQL(function))
    # Django sets the time zone with set_config when it connects; only the logins connect.
    yield sql.SQL("GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO {}, {}").format(app, owner)
    yield sql.SQL("ALTER ROLE {} SET search_path = public").format(app)


def _role(name: str, password: str) -> Iterator[sql.SQL | sql.Composed]:
    full = names.role(name)
    yield sql.SQL(
        "DO $$ BEGIN CREATE ROLE {} NOLOGIN NOINHERIT; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    ).format(sql.Identifier(full))
    if name in names.LOGINS:
        yield sql.SQL("ALTER ROLE {} LOGIN NOINHERIT").format(sql.Identifier(full))
        if password:
            yield sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(full), sql.Literal(password))
    if name == names.OWNER:
        yield sql.SQL("ALTER ROLE {} CREATEROLE").format(sql.Identifier(full))
