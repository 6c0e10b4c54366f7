"""Rights and row security of the public tables, declared by each app and applied after its migrations.

An app that owns public tables has a module ``grants`` with ``GRANTS`` (table → role → privileges), ``POLICIES`` and
``FUNCTIONS`` (signature → roles that may call it). What is not declared is denied. Source: ARCHITECTURE 3, TENANCY 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.db import connections, transaction
from django.utils.module_loading import module_has_submodule
from psycopg import sql

from shared.tenancy import names

Grants = Mapping[str, Mapping[str, str]]

ALL_ROLES = (names.APP, *names.SERVICE_ROLES, *names.GROUPS)
OWN_ORGANIZATION = "(select s.organization_id from tenancy_rolescope s where s.role_name = current_user)"


def own_scope(column: str) -> str:
    """SQL of what the transaction's role stands for: ``municipality_oktmo``, ``region_code`` or ``founder_id``."""
    return f"(select s.{column} from tenancy_rolescope s where s.role_name = current_user)"  # noqa: S608  ours


OWN_TERRITORY = " or ".join(
    f"{column} = {own_scope(column)}" for column in ("municipality_oktmo", "region_code", "founder_id")
)


@dataclass(frozen=True)
class Policy:
    """Which rows of ``table`` a role may touch; ``using`` and ``check`` are SQL of ours, never of a user."""

    table: str
    role: str
    using: str = ""
    check: str = ""
    command: str = "ALL"


@dataclass(frozen=True)
class TenantGrants:
    """What an organization's role keeps on tables of its schema that are not simply its own.

    ``tables``: table or sequence → privileges; ``functions``: signatures that the organization's role alone may call.
    """

    tables: Mapping[str, str]
    functions: tuple[str, ...] = ()


def apply_grants() -> None:
    """Make rights and row security of the public tables exactly what the apps declare."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        roles = sql.SQL(", ").join(sql.Identifier(names.role(name)) for name in ALL_ROLES)
        cursor.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(roles))
        cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(roles))
        for grants, policies in _declared():
            for table, by_role in grants.items():
                for name, privileges in by_role.items():
                    cursor.execute(
                        sql.SQL("GRANT {} ON {} TO {}").format(
                            sql.SQL(privileges), sql.Identifier(table), sql.Identifier(names.role(name))
                        )
                    )
            for policy in policies:
                for statement in _policy(policy):
                    cursor.execute(statement)
        for signature, callers in _declared_functions():
            for statement in _function(signature, callers):
                cursor.execute(statement)


def tenant_grants() -> list[TenantGrants]:
    """What the apps inside organizations hold back: their modules ``grants`` with ``TENANT_GRANTS``."""
    return [module.TENANT_GRANTS for module in _modules() if hasattr(module, "TENANT_GRANTS")]


def _modules() -> list[ModuleType]:
    return [
        import_module(f"{config.name}.grants")
        for config in apps.get_app_configs()
        if config.module is not None and module_has_submodule(config.module, "grants")
    ]


def _declared_functions() -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for module in _modules():
        found += getattr(module, "FUNCTIONS", {}).items()
    return found


def _function(signature: str, callers: tuple[str, ...]) -> list[sql.Composed]:
    function = sql.SQL(signature)
    everybody = sql.SQL(", ").join(sql.Identifier(names.role(name)) for name in ALL_ROLES)
    statements = [sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC, {}").format(function, everybody)]
    for name in callers:
        statements.append(
            sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(function, sql.Identifier(names.role(name)))
        )
    return statements


def _declared() -> list[tuple[Grants, list[Policy]]]:
    return [(module.GRANTS, getattr(module, "POLICIES", [])) for module in _modules() if hasattr(module, "GRANTS")]


def _policy(policy: Policy) -> list[sql.Composed]:
    table, name = sql.Identifier(policy.table), sql.Identifier(f"{policy.table}_{policy.role}_{policy.command}".lower())
    using = sql.SQL("USING ({})").format(sql.SQL(policy.using)) if policy.using else sql.SQL("")
    check = sql.SQL("WITH CHECK ({})").format(sql.SQL(policy.check)) if policy.check else sql.SQL("")
    return [
        sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table),
        sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(name, table),
        sql.SQL("CREATE POLICY {} ON {} FOR {} TO {} {} {}").format(
            name, table, sql.SQL(policy.command), sql.Identifier(names.role(policy.role)), using, check
        ),
    ]


GRANTS: Grants = {
    "tenancy_rolescope": {
        names.APP: "SELECT",
        names.PROJECTOR: "SELECT",
        names.ORGANIZATIONS: "SELECT",
        names.AUTHORITIES: "SELECT",
    },
    "tenancy_templatescript": {names.APP: "SELECT"},  # /readyz asks for this code's version of the template
    "django_content_type": {names.APP: "SELECT"},
    "django_migrations": {names.APP: "SELECT"},
}
POLICIES: list[Policy] = []
