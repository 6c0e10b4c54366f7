"""The steps of a restore around the rows themselves, each inside the transaction of the restore on ``owner``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import OperationalError, connections
from psycopg import sql
from psycopg.types.json import Jsonb

from fleet.backups.errors import OrganizationBusy
from fleet.backups.loading import state_path
from fleet.backups.manifest import Manifest
from fleet.backups.reading import Package
from fleet.backups.tables import columns_of, has_schema
from fleet.compiling import carry_out, compile_plan
from fleet.provisioning import current_script
from shared.audit.logs import Log
from shared.audit.models import Chain
from shared.audit.sealing import seal_anew
from shared.contingent.models import Outbox
from shared.organizations.models import Organization
from shared.tenancy import names, schemas
from shared.tenancy.models import RoleScope
from tenants.orders.copies import TABLES as ORDER_TABLES
from tenants.organization.models import OrganizationCard

PATIENCE: Final = "30s"
_KIND: Final = "organizations_organization"


def set_aside(live: Organization) -> int:
    """Nobody writes any more, and the schema has another name; says how many records its chain had.

    Writers wait, and find their tables gone when this commits: what they wrote was not accepted. Readers go on.
    Raises: OrganizationBusy.
    """
    Organization.objects.using("owner").select_for_update(of=("self",)).get(pk=live.pk)
    schema = live.schema_name
    if has_schema(schema):
        tables = sql.SQL(", ").join(sql.Identifier(schema, table) for table in columns_of(schema))
        with _busy(live):
            _execute(sql.SQL("lock table {} in exclusive mode").format(tables))
        _execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(schema), sql.Identifier(_aside(schema))))
    if not RoleScope.objects.using("owner").filter(organization_id=live.pk).exists():
        schemas.scope_organization(schema, live.pk)
    head = Chain.objects.using("owner").filter(pk=schema).first()
    return head.last_no if head else 0


def drop_replaced(live: Organization) -> None:
    """The former content goes, as the last step, since from here on readers wait. Raises: OrganizationBusy."""
    with _busy(live):
        _execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(_aside(live.schema_name))))


def return_chain(schema: str, manifest: Manifest) -> None:
    """The head of the chain fits the records that came back."""
    Chain.objects.using("owner").filter(pk=schema).delete()
    if manifest.chain is not None:
        Chain.objects.using("owner").create(
            schema_name=schema,
            last_no=manifest.chain.last_no,
            last_seal=bytes.fromhex(manifest.chain.last_seal),
            sealed_at=manifest.chain.sealed_at,
        )


def note(organization: Organization, package: Package, action: str, facts: dict[str, Any]) -> None:
    """A record in the organization's log and one in the public log, which no restore takes away."""
    told = {
        "address": organization.slug,
        "taken_at": package.manifest.taken_at,
        "file": package.name,
        "sha256": package.sha256,
        **facts,
    }
    source = package.manifest.organization["id"]
    about: list[Any] = [action, _KIND, str(organization.pk), package.manifest.rows, Jsonb(told)]
    with connections["owner"].cursor() as cursor:
        cursor.execute("select history_note(%s, %s, %s, %s, '', %s)", about)
        cursor.execute("select audit_note(%s::uuid, null, %s, %s, %s, %s, '', %s)", [source, *about])


def seal(organization: Organization) -> None:
    """Rows that came into another schema are sealed there from the first one on."""
    seal_anew(Log(organization.schema_name, organization.slug))


def bind_card(organization: Organization) -> None:
    """The one card of the schema is that of this organization."""
    statement = sql.SQL("update {} set organization_id = %s").format(
        sql.Identifier(organization.schema_name, OrganizationCard._meta.db_table)
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, [organization.pk])


def take_no_orders(copy: Organization) -> None:
    """The role of a copy reads orders and places and writes none."""
    role = sql.Identifier(names.role(copy.schema_name))
    for table in ORDER_TABLES:
        of_copy = sql.Identifier(copy.schema_name, table)
        _execute(sql.SQL("revoke insert, update, delete on {} from {}").format(of_copy, role))


def open_registry(organization: Organization) -> None:
    """The registry is to read everything again, whoever survives this process."""
    Outbox.objects.using("owner").create(organization_id=organization.pk, kind="organization")


def upgrade(organization: Organization) -> None:
    """Bring rows of an earlier version to today's; afterwards names of tables need their schema again.

    Raises: TemplateMissing, DatabaseError.
    """
    fingerprint = current_script().fingerprint
    if organization.fingerprint == fingerprint:
        return
    carry_out(compile_plan(organization.schema_name, fingerprint), organization)
    own = Organization.with_copies.using("owner").filter(pk=organization.pk)
    own.update(fingerprint=fingerprint)
    _execute(sql.SQL("set local statement_timeout = default"))
    _execute(sql.SQL("set local lock_timeout = default"))
    state_path(organization.schema_name)


@contextmanager
def _busy(live: Organization) -> Iterator[None]:
    """Raises: OrganizationBusy when somebody holds the tables for too long."""
    _execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(PATIENCE)))
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected):
            raise OrganizationBusy(name=live.short_name) from error
        raise
    _execute(sql.SQL("set local lock_timeout = default"))


def _aside(schema: str) -> str:
    return f"{schema}_replaced"


def _execute(statement: sql.Composable) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
