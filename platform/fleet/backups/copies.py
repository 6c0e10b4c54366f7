"""Copies end: the ones people have looked at, and the rehearsal that nobody sees."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.db import transaction
from django.db.models import F, Model, ProtectedError

from fleet.backups.comparing import forget_comparison
from fleet.backups.errors import NotACopy
from fleet.backups.loading import load, make_schema
from fleet.backups.reading import Package
from fleet.backups.tables import columns_of, copy_out
from fleet.errors import OrganizationUnknown
from shared.access.models import RightChange, RoleGrant
from shared.access.workspaces import forget_workspaces
from shared.accounts.models import ApiToken, Session
from shared.audit.models import Chain, Mark
from shared.classifiers.models import ClassifierValue
from shared.contingent.models import Outbox
from shared.documents import store
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Domain, Organization
from shared.quality.models import Mark as QualityMark
from shared.tenancy import schemas, scopes
from shared.tenancy.names import schema_name

REHEARSAL = schema_name(9_999_999)
_BY_SCHEMA: tuple[type[Model], ...] = (Mark, Chain, QualityMark)
_BY_KEY: tuple[type[Model], ...] = (RoleGrant, RightChange, ClassifierValue, Outbox, TaskOutbox)
_BY_HOST: tuple[type[Model], ...] = (Session, ApiToken)


def rehearse(package: Package) -> list[str]:
    """Restore into a schema of its own, compare every table with the backup, and take it all back.

    Says which tables differ. Nobody ever sees the schema: its transaction is rolled back, also when it is killed.
    Raises: BackupTooNew, BackupDamaged, DatabaseError.
    """
    try:
        with transaction.atomic(using="owner"):
            make_schema(REHEARSAL, package)
            load(REHEARSAL, package, keeps_seals=True)
            differing = [table for table in columns_of(REHEARSAL) if _digest(table, package) != _told(table, package)]
            transaction.set_rollback(True, using="owner")
    finally:
        _forget_files(REHEARSAL)
    return differing


def forget_copy(slug: str, *, by: str) -> Organization:
    """Drop a copy with everything of it. Raises: OrganizationUnknown, NotACopy."""
    copy = Organization.with_copies.using("owner").filter(slug=slug).first()
    if copy is None or copy.status == Organization.Status.ARCHIVED:
        raise OrganizationUnknown(slug=slug)
    if not copy.is_copy:
        raise NotACopy(slug=slug)
    with scopes.enter(scopes.IDENTITY.by(by), using="owner"):
        schemas.drop_organization_schema(copy.schema_name)
        forget_comparison(copy)
        for model in _BY_SCHEMA:
            model._default_manager.using("owner").filter(schema_name=copy.schema_name).delete()
        for model in _BY_KEY:
            model._default_manager.using("owner").filter(organization_id=copy.pk).delete()
        for model in _BY_HOST:
            model._default_manager.using("owner").filter(host=f"{slug}.{settings.BASE_DOMAIN}").delete()
        _forget_row(copy)
    _forget_files(copy.schema_name)
    forget_workspaces()
    return copy


def _forget_row(copy: Organization) -> None:
    own = Organization.with_copies.using("owner").filter(pk=copy.pk)
    try:
        with transaction.atomic(using="owner"):
            Domain.objects.using("owner").filter(tenant=copy).delete()
            own.delete()
    except ProtectedError:  # something that is kept for ever names it: issued passwords, a request, a support case
        own.update(status=Organization.Status.ARCHIVED, version=F("version") + 1)


def _digest(table: str, package: Package) -> str:
    digest = hashlib.sha256()
    copy_out(REHEARSAL, table, package.manifest.tables[table].columns, digest.update)
    return digest.hexdigest()


def _told(table: str, package: Package) -> str:
    return package.manifest.tables[table].sha256


def _forget_files(schema: str) -> None:
    """Contents without a row go at once; the store would keep them for a day."""
    store.sweep(schema, (), now=time.time() + store.GRACE_SECONDS + 60)
