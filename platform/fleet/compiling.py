"""What an upgrade sends to an organization: migrations compiled to SQL once, or executed where they run Python."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.db import transaction
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from psycopg import sql

from shared.organizations.models import Organization
from shared.tenancy import schemas
from shared.tenancy.connection import tenant_connection

LOCK_ATTEMPTS = 3
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "3s", "60s"


class PythonInTenantMigration(RuntimeError):
    """A tenant migration runs Python without saying that it must; set-based SQL can be replayed. Source: STYLE 7."""


@dataclass(frozen=True, slots=True)
class CompiledStep:
    migration: Migration
    statements: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The way from one version of an organization's schema to another: SQL to replay, or Django's execution."""

    fingerprint: str
    steps: tuple[CompiledStep, ...] = ()
    is_executed: bool = False


def compile_plan(schema: str, fingerprint: str) -> Plan:
    """What ``schema`` lacks to be at ``fingerprint``, collected against its own state.

    Raises: PythonInTenantMigration.
    """
    connection = tenant_connection("owner")
    with transaction.atomic(using="owner"):
        connection.set_schema(schema)
        try:
            executor = MigrationExecutor(connection)
            missing = [migration for migration, _ in executor.migration_plan(_targets(executor))]
            if any(_runs_python(migration) for migration in missing):
                return Plan(fingerprint, is_executed=True)
            state = executor.loader.project_state(list(executor.loader.applied_migrations))
            steps = []
            for migration in missing:
                with connection.schema_editor(collect_sql=True, atomic=True) as editor:
                    state = migration.apply(state, editor, collect_sql=True)
                lines = [line for line in editor.collected_sql if not line.startswith("--")]
                steps.append(CompiledStep(migration, "\n".join(lines)))
            return Plan(fingerprint, tuple(steps))
        finally:
            transaction.set_rollback(True, using="owner")
            connection.set_schema_to_public()


def carry_out(plan: Plan, organization: Organization) -> None:
    """Bring one organization to the plan's version in one short transaction, waiting for locks a little."""
    for attempt in range(LOCK_ATTEMPTS):
        try:
            with transaction.atomic(using="owner"):
                (_execute if plan.is_executed else _replay)(plan, organization.schema_name)
                Organization.with_copies.using("owner").filter(pk=organization.pk).update(fingerprint=plan.fingerprint)
            return
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable) or attempt == LOCK_ATTEMPTS - 1:
                raise
            time.sleep(0.2 * 2**attempt)


def limit_waiting() -> None:
    """Until the transaction on ``owner`` ends no statement waits long for a lock or works long."""
    schemas.run_script(_script(_limits()))


def execute_leaves(connection: Any) -> None:
    """Run every migration of organizations that the connection's present schema lacks."""
    executor = MigrationExecutor(connection)
    executor.migrate(_targets(executor))


def script_of(schema: str, steps: tuple[CompiledStep, ...]) -> sql.Composed:
    """The whole upgrade of one organization as one message."""
    parts: list[Any] = [*_limits(), _search_path(schema)]
    for step in steps:
        parts.append(sql.SQL(step.statements.rstrip().rstrip(";")))
        parts.append(
            sql.SQL("INSERT INTO django_migrations (app, name, applied) VALUES ({}, {}, now())").format(
                sql.Literal(step.migration.app_label), sql.Literal(step.migration.name)
            )
        )
    return _script([*parts, *schemas.restrictions(schema), sql.SQL("SET LOCAL search_path = public")])


def _replay(plan: Plan, schema: str) -> None:
    schemas.run_script(script_of(schema, plan.steps))


def _execute(plan: Plan, schema: str) -> None:
    connection = tenant_connection("owner")
    limit_waiting()
    connection.set_schema(schema)
    try:
        execute_leaves(connection)
        schemas.run_script(_script([_search_path(schema), *schemas.restrictions(schema)]))
    finally:
        connection.set_schema_to_public()


def _limits() -> list[sql.Composed]:
    return [
        sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT)),
        sql.SQL("SET LOCAL statement_timeout = {}").format(sql.Literal(STATEMENT_TIMEOUT)),
    ]


def _search_path(schema: str) -> sql.Composed:
    return sql.SQL("SET LOCAL search_path = {}, public").format(sql.Identifier(schema))


def _script(parts: list[Any]) -> sql.Composed:
    return sql.SQL(";\n").join(part for part in parts if part != sql.SQL(""))


def _runs_python(migration: Migration) -> bool:
    """Raises: PythonInTenantMigration."""
    found = [operation for operation in migration.operations if isinstance(operation, RunPython)]
    if any(not getattr(operation.code, "is_per_organization", False) for operation in found):
        raise PythonInTenantMigration(str(migration))
    return bool(found)


def _targets(executor: MigrationExecutor) -> list[tuple[str, str]]:
    return [key for key in executor.loader.graph.leaf_nodes() if is_tenant_app(key[0])]


def is_tenant_app(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("tenants.")
