"""Schemas of organizations and roles of workspaces: making them, and what they may see.

All of it runs on the alias ``owner``, inside the caller's transaction. Source: TENANCY 3.
"""

from __future__ import annotations

import os
import re
import subprocess
import uuid
from collections.abc import Iterable

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from shared.tenancy import names
from shared.tenancy.connection import tenant_connection
from shared.tenancy.grants import tenant_grants
from shared.tenancy.models import RoleScope

_SKIPPED = ("--", "\\", "SET ", "CREATE SCHEMA", "SELECT pg_catalog.set_config")
# A function pins the path of the schema it is made in; the replay runs with that path.
_PINNED_PATH = f"SET search_path TO '{names.TEMPLATE}', '{names.PUBLIC}'"


class ForeignReference(RuntimeError):
    """The template references a public table; no organization's table may. Source: TENANCY 3."""


def dump_template(pg_dump: list[str], environment: dict[str, str]) -> str:
    """DDL of the template schema, unqualified, ready to be replayed under any search path.

    ``pg_dump`` is the command with its connection options, ``environment`` holds its password.
    Raises: ForeignReference.
    """
    command = [*pg_dump, "--schema-only", "--no-owner", "--no-privileges", "--no-comments", "-n", names.TEMPLATE]
    done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
    raw = done.stdout.decode()
    lines = [line for line in raw.splitlines() if line.strip() and not line.startswith(_SKIPPED)]
    ddl = re.sub(rf"\b{names.TEMPLATE}\.", "", "\n".join(lines)).replace(_PINNED_PATH, "SET search_path FROM CURRENT")
    if "REFERENCES public." in ddl:
        raise ForeignReference("a table of the template references a public table")
    if f"'{names.TEMPLATE}'" in ddl:
        raise ForeignReference("a function of the template keeps working in the template")
    return ddl


def fingerprints(schemas: Iterable[str]) -> dict[str, str]:
    """Digest of the migrations applied in each schema, 200 schemas a query; a schema without the table is absent."""
    wanted = list(schemas)
    found: dict[str, str] = {}
    with connections["owner"].cursor() as cursor:
        for start in range(0, len(wanted), 200):
            parts = [
                sql.SQL(
                    "select {}, (select md5(string_agg(app || '.' || name, ',' order by app, name)) "
                    "from {}.django_migrations)"
                ).format(sql.Literal(schema), sql.Identifier(schema))
                for schema in wanted[start : start + 200]
            ]
            cursor.execute(sql.SQL(" union all ").join(parts))
            found |= {schema: digest or "" for schema, digest in cursor.fetchall()}
    return found


def create_template() -> None:
    """The schema every organization is a copy of."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(names.TEMPLATE)))


def create_organization_schema(schema: str, ddl: str, *, has_role: bool = False) -> None:
    """Role (unless it is there), schema, rights and tables of one organization, in the caller's transaction."""
    owned, member = sql.Identifier(schema), sql.Identifier(names.role(schema))
    parts = [
        *([] if has_role else _workspace_role(names.role(schema), names.ORGANIZATIONS)),
        sql.SQL("CREATE SCHEMA {}").format(owned),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}, {}").format(
            owned, member, sql.Identifier(names.role(names.PROJECTOR))
        ),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}").format(
            owned, member
        ),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO {}").format(
            owned, sql.Identifier(names.role(names.PROJECTOR))
        ),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT USAGE ON SEQUENCES TO {}").format(owned, member),
        sql.SQL("SET LOCAL search_path = {}, public").format(owned),
        sql.SQL("SET LOCAL check_function_bodies = off"),  # as pg_dump has it: they were checked in the template
        sql.SQL(ddl),
        sql.SQL(
            "INSERT INTO django_migrations (app, name, applied) SELECT app, name, now() FROM {}.django_migrations"
        ).format(sql.Identifier(names.TEMPLATE)),
        *restrictions(schema),
        sql.SQL("SET LOCAL search_path = public"),
    ]
    run_script(sql.SQL(";\n").join(parts))


def drop_organization_schema(schema: str) -> None:
    """Schema, tables and role of one organization, gone with the caller's transaction."""
    if not names.is_organization_schema(schema):
        raise ValueError(f"not an organization's schema: {schema!r}")
    role = names.role(schema)
    run_script(sql.SQL("DROP SCHEMA {} CASCADE; DROP ROLE {}").format(sql.Identifier(schema), sql.Identifier(role)))
    RoleScope.objects.using("owner").filter(role_name=role).delete()


def restrictions(schema: str) -> list[sql.Composed]:
    """What the default privileges of a new table give away and its app keeps back, for one organization.

    Runs under the organization's search path, after its tables are made and after every replay of migrations: a
    table whose app has named it in ``TENANT_GRANTS`` leaves the organization's role exactly that, and nobody else
    anything; its functions may be called by the organization's role alone.
    """
    member = sql.Identifier(names.role(schema))
    others = sql.SQL("PUBLIC, {}, {}").format(member, sql.Identifier(names.role(names.PROJECTOR)))
    parts = []
    functions: list[str] = []
    for declared in tenant_grants():
        functions += declared.functions
        for table, kept in declared.tables.items():
            parts.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), others))
            if kept:
                parts.append(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(kept), sql.Identifier(table), member))
    # All of them at once: after each change the server looks through the functions of that name in all organizations.
    named = sql.SQL(", ").join(map(sql.SQL, functions))
    parts.append(sql.SQL("REVOKE ALL ON FUNCTION {} FROM {}").format(named, others))
    parts.append(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(named, member))
    return parts


def run_script(script: sql.Composed | sql.SQL) -> None:
    """Send several statements as one message on ``owner``; the text is ours alone, never a user's."""
    connection = connections["owner"]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        # Only the simple protocol, which a client cursor without parameters uses, takes several statements.
        psycopg.ClientCursor(connection.connection).execute(script)


def _workspace_role(role: str, group: str) -> list[sql.Composed]:
    version = int(tenant_connection("owner").pg_version)
    member, app = sql.Identifier(role), sql.Identifier(names.role(names.APP))
    of_group = sql.Identifier(names.role(group))
    may_log_in = sql.SQL("LOGIN" if settings.TENANCY_LOGIN_ROLES else "NOLOGIN")
    # ``ROLE``, and no grant of its own: for each the server goes over all roles that it might be granted through. The
    # login is NOINHERIT, so it inherits nothing and may only become the member.
    return [
        sql.SQL("CREATE ROLE {} {} INHERIT ROLE {}").format(member, may_log_in, app),
        sql.SQL("GRANT {} TO {} {}").format(
            of_group, member, sql.SQL("WITH INHERIT TRUE, SET FALSE" if version >= 160000 else "")
        ),
    ]


def create_authority_role(
    number: int, *, municipality_oktmo: str | None, region_code: str | None, founder_id: int | None
) -> None:
    """Role of an authority and what it stands for; running it again changes only the scope."""
    role = names.authority_role(number)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        exists = cursor.fetchone() is not None
    if not exists:
        run_script(sql.SQL(";\n").join(_workspace_role(role, names.AUTHORITIES)))
    RoleScope.objects.using("owner").update_or_create(
        role_name=role,
        defaults={"municipality_oktmo": municipality_oktmo, "region_code": region_code, "founder_id": founder_id},
    )


def scope_organization(schema: str, organization_id: uuid.UUID) -> None:
    """Tell row security which organization the role of ``schema`` stands for."""
    RoleScope.objects.using("owner").create(role_name=names.role(schema), organization_id=organization_id)


def grant_oversight(schema: str, authority_numbers: Iterable[int], views: Iterable[str]) -> None:
    """Let exactly these authorities, and no others, read the oversight views of an organization.

    Views are named, not ``ALL TABLES``: a scan of pg_class costs a second at 3,000 organizations.
    """
    wanted = {names.authority_role(number) for number in authority_numbers}
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname FROM pg_namespace n, aclexplode(n.nspacl) a JOIN pg_roles r ON r.oid = a.grantee "
            "WHERE n.nspname = %s AND a.privilege_type = 'USAGE' AND r.rolname LIKE %s",
            [schema, names.role("au\\_%")],
        )
        held = {row[0] for row in cursor.fetchall()}
        for verb, preposition, roles in (("REVOKE", "FROM", held - wanted), ("GRANT", "TO", wanted - held)):
            for role in sorted(roles):
                for action, target in (
                    ("USAGE", sql.SQL("SCHEMA {}").format(sql.Identifier(schema))),
                    *_select(schema, views),
                ):
                    cursor.execute(
                        sql.SQL("{} {} ON {} {} {}").format(
                            sql.SQL(verb), sql.SQL(action), target, sql.SQL(preposition), sql.Identifier(role)
                        )
                    )


def _select(schema: str, views: Iterable[str]) -> list[tuple[str, sql.Composed]]:
    return [("SELECT", sql.SQL("{}").format(sql.Identifier(schema, view))) for view in views]
